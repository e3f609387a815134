# SPDX-License-Identifier: Apache-2.0
"""work.py has a function and a file with names that attack what shows them: tags, quotes, line ends, terminal escapes, marks
that turn the direction of text, a lone surrogate. Every format of one run parses, and none lets them through."""

import gzip
import json
import pathlib
import re

import pytest

WORK = pathlib.Path(__file__).resolve().parent / "targets" / "work.py"
EVIL = "<script>alert(1)</script>\"'\\\n\r\x1b[31m;\u202e\u2028 "  # then U+FFFD for the surrogate
JSON = ("gecko", "speedscope", "chrome-trace")
FORMATS = ("pstats", "collapsed", "jsonl", "gecko", "speedscope", "pprof", "callgrind", "chrome-trace", "perfetto",
           "flamegraph")
# What a terminal would act on, but for the ends of our own lines.
HARMFUL = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f\u200e\u200f\u2028-\u202e\u2066-\u2069]")


@pytest.fixture(scope="module")
def results(cli, newest, folder):
    """{format: bytes} of one run."""
    paths = {name: folder / f"hostile.{name}" for name in FORMATS}
    run = cli("run", "-a", "-r", "2khz", "--opcodes", "--times", *(f"--{name}={path}" for name, path in paths.items()), "--",
              *newest.command, work(folder), "0.3")
    assert run.returncode == 0, run.stderr
    return {name: path.read_bytes() for name, path in paths.items()}


def work(folder):
    """A copy below a directory whose name is hostile too, as the target's own file name."""
    directory = folder / "a\x1b[2J \"b'\n;<i>"
    directory.mkdir(exist_ok=True)
    path = directory / "work.py"
    path.write_bytes(WORK.read_bytes())
    return path


def strings(value):
    if isinstance(value, str):
        yield value
    elif isinstance(value, (list, dict)):
        for item in value.values() if isinstance(value, dict) else value:
            yield from strings(item)


def check_whole(texts):
    """What JSON holds are the names as they are, but for the surrogate."""
    texts = list(texts)
    assert any(text.startswith(EVIL + "\ufffd") for text in texts)
    assert any("a\x1b[2J \"b'\n;<i>/work.py" in text for text in texts)
    assert not any("\ud800" <= character <= "\udfff" for text in texts for character in text)


@pytest.mark.parametrize("name", JSON)
def test_json(results, name):
    text = results[name].decode("utf-8")
    assert not HARMFUL.search(text) and "<script" not in text
    check_whole(strings(json.loads(text)))


def test_json_lines(results):
    lines = results["jsonl"].decode("utf-8").splitlines()
    assert not any(HARMFUL.search(line) for line in lines)
    check_whole(text for line in lines for text in strings(json.loads(line)))


@pytest.mark.parametrize("name", ["collapsed", "callgrind"])
def test_lines(results, name):
    text = results[name].decode("utf-8")
    assert not HARMFUL.search(text) and "<script>alert(1)</script>\"'\\\\x0a\\x0d\\x1b[31m" in text
    assert "a\\x1b[2J \"b'\\x0a" in text or name == "collapsed"
    if name == "collapsed":
        assert all(re.fullmatch(r"tid:\d+;[^;].* \d+", line) for line in text.splitlines())


def test_the_page(results):
    text = results["flamegraph"].decode("utf-8")
    assert "<script>alert" not in text and "\x1b" not in text
    assert len(re.findall(r"<script", text)) == len(re.findall(r"</script>", text))


@pytest.mark.parametrize("name", ["pprof", "perfetto"])
def test_protocol_buffers(results, name):
    """As they are, with their length before them."""
    data = gzip.decompress(results[name]) if name == "pprof" else results[name]
    name = (EVIL + "\ufffd %s &amp;").encode()
    assert bytes([len(name)]) + name in data


def test_pstats(results, newest, folder):
    (folder / "stats.pstats").write_bytes(results["pstats"])
    shown = newest.run("-c", "import pstats, sys; stats = pstats.Stats(sys.argv[1]); "
                       "print(any('<script>' in name for _, _, name in stats.stats), len(stats.stats))",
                       folder / "stats.pstats")
    assert shown.startswith("True ")


@pytest.mark.parametrize("arguments", [("run", "--opcodes"), ("annotate", "-f", "script")], ids=lambda words: words[0])
def test_text_on_a_terminal(cli, newest, folder, arguments):
    run = cli(*arguments, "-a", "-r", "2khz", "--", *newest.command, work(folder), "0.2")
    assert run.returncode == 0 and "<script>alert(1)</script>" in run.stdout
    assert not HARMFUL.search(run.stdout + run.stderr)
