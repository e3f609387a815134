# SPDX-License-Identifier: Apache-2.0
"""Man pages and completions say what --help says: none can go stale, and none promises what is not there."""

import os
import re
import shutil
import subprocess

import pytest

from conftest import HERE

ROOT = HERE.parent.parent
CLI = ROOT / "examples" / "tachyon-cli"
PAGES = [CLI / "tachyon-cli.1", ROOT / "lib" / "libtachyon.3"]
COMPLETIONS = CLI / "completions"
COMMANDS = ("run", "attach", "dump", "tasks", "annotate", "replay")
OPTION = re.compile(r"^  (?:(-\w), |    )(--[a-z-]+)", re.MULTILINE)
PUBLIC_NAME = re.compile(r"\bTY_[A-Z_]+|\bty_[a-z_]+")

BASH = """
source "$1"; shift
COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1))
_tachyon_cli
printf '%s\\n' "${COMPREPLY[@]}"
"""


def said(*words, **options):
    return subprocess.run([str(word) for word in words], check=True, text=True, stdin=subprocess.DEVNULL,
                          stdout=subprocess.PIPE, stderr=subprocess.PIPE, timeout=30, **options).stdout


@pytest.fixture(scope="module")
def options(cli):
    """The options of every command: pairs of letter, or "", and long name."""
    table = {command: set(OPTION.findall(said(cli.path, command, "--help"))) for command in COMMANDS}
    assert all(("-h", "--help") in found for found in table.values())
    assert len(table["run"]) > 30
    return table


def long_names(found):
    return {name for _, name in found}


def test_every_command_is_known(cli):
    """What the program lists is what the tests below go through."""
    listed = said(cli.path, "--help").split("Commands:\n")[1].split("\n\n")[0]
    assert sorted(line.split()[0] for line in listed.splitlines()) == sorted(COMMANDS)


# ---- man pages ----

@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_a_page_has_no_warnings(page):
    checkers = [["mandoc", "-Tlint", "-Wwarning"], ["groff", "-mandoc", "-Kutf8", "-Tutf8", "-ww", "-z"]]
    found = [checker for checker in checkers if shutil.which(checker[0])]
    if not found:
        pytest.skip("neither mandoc nor groff here")
    for checker in found:
        done = subprocess.run([*checker, page], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        assert (done.returncode, done.stdout) == (0, "")


def test_the_page_has_every_option(options):
    page = PAGES[0].read_text()
    items = re.findall(r"^\.It (?:Fl (\w) , )?Fl (-[a-z-]+)", page, re.MULTILINE)
    described = {(letter and f"-{letter}", f"-{name}") for letter, name in items}
    assert described == set.union(*options.values()) | {("", "--version")}
    assert len(items) == len(described)
    assert sorted(re.findall(r"^\.It Cm (\w+)$", page, re.MULTILINE)) == sorted(COMMANDS)


def test_the_page_of_the_library_names_what_there_is():
    headers = "".join(path.read_text() for path in (ROOT / "include" / "tachyon").glob("*.h"))
    names = set(PUBLIC_NAME.findall(PAGES[1].read_text()))
    assert len(names) > 25
    assert not names - set(PUBLIC_NAME.findall(headers))


# ---- completions ----

def bash(*words):
    return set(said("bash", "-c", BASH, "bash", COMPLETIONS / "tachyon-cli.bash", "tachyon-cli", *words).split())


def test_bash(options):
    assert bash("") == {*COMMANDS, "--help", "--version"}
    assert bash("at") == {"attach"}
    for command, found in options.items():
        assert bash(command, "--") == long_names(found)


def test_bash_values():
    modes = {"wall", "cpu", "gil", "exception"}
    assert bash("run", "--mode", "") == modes
    assert bash("run", "--mode", "=", "") == bash("run", "--mode", "=") == modes
    assert bash("run", "-d", "5", "--mo") == {"--mode", "--module"} & bash("run", "--")
    # The program's own options are none of ours; a value is no program.
    assert bash("run", "app.py", "--m") == bash("run", "--", "--m") == set()
    assert bash("run", "--output", "=", "a.html", "--live") == {"--live"}
    assert str(os.getpid()) in bash("attach", "") and str(os.getpid()) in bash("annotate", "-p", "")


def test_bash_knows_which_options_take_a_value(cli, options):
    """Else the value would be taken for the program, and what follows it for the program's."""
    for command in COMMANDS:
        text = said(cli.path, command, "--help", env=dict(os.environ, COLUMNS="100"))
        rows = re.findall(r"^  (?:(-\w), |    )(--[a-z-]+)(?:( [A-Z]+)|\[=PATH\])?(?=  |$)", text, re.MULTILINE)
        assert {row[:2] for row in rows} == options[command]
        for letter, name, metavar in set(rows):
            # A word that is no value is the target of the command, after which nothing is ours.
            expected = {"--help"} if metavar else set()
            for spelling in filter(None, (letter, name)):
                assert bash(command, spelling, "value", "--hel") == expected, (command, spelling)


def test_zsh(options):
    text = (COMPLETIONS / "_tachyon-cli").read_text()
    assert re.findall(r"^    '(\w+):", text, re.MULTILINE) == list(COMMANDS)
    blocks = dict(re.findall(r"^    (\w+)\)\n(.*?)^      \) ;;$", text, re.MULTILINE | re.DOTALL))
    assert set(blocks) == set(COMMANDS)
    for command, block in blocks.items():
        assert set(re.findall(r"^        '(?:[^']*'\{[^}]*,)?(--[a-z-]+)", block, re.MULTILINE)) == \
            long_names(options[command])


def test_fish(options):
    text = (COMPLETIONS / "tachyon-cli.fish").read_text()
    assert re.findall(r"-f -a (\w+) ", text) == list(COMMANDS)
    rows = re.findall(r"seen_subcommand_from ([a-z ]+)'(?: -s (\w))? -l ([a-z-]+)", text)
    for command in COMMANDS:
        assert {(letter and f"-{letter}", f"--{name}") for commands, letter, name in rows
                if command in commands.split()} == options[command]


@pytest.mark.parametrize("shell, name", [("bash", "tachyon-cli.bash"), ("zsh", "_tachyon-cli"),
                                         ("fish", "tachyon-cli.fish")])
def test_syntax(shell, name):
    if not shutil.which(shell):
        pytest.skip(f"no {shell} here")
    said(shell, "-n", COMPLETIONS / name)


# ---- where they go ----

def test_installed(build):
    plan = said("meson", "introspect", "--installed", build)
    for place in ("share/man/man1/tachyon-cli.1", "share/man/man3/libtachyon.3", "site-functions/_tachyon-cli",
                  "bash-completion/completions/tachyon-cli", "fish/vendor_completions.d/tachyon-cli.fish"):
        assert f'{place}"' in plan
