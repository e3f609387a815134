# SPDX-License-Identifier: Apache-2.0
"""The reference of the API (lib/reference): made of the headers without a warning, complete, and with no link to nowhere."""

import html.parser
import re
import shutil
import subprocess
import sys

import pytest

import source

MAKE = source.ROOT / "lib" / "reference" / "make.py"

pytestmark = pytest.mark.skipif(not (shutil.which("doxygen") and shutil.which("mandoc")), reason="no doxygen and mandoc")


class Page(html.parser.HTMLParser):
    def __init__(self, path):
        super().__init__()
        self.links, self.anchors, self.text, self.open = [], set(), "", False
        self.feed(path.read_text())

    def handle_starttag(self, tag, attributes):
        attributes = dict(attributes)
        self.anchors |= {attributes[name] for name in ("id", "name") if attributes.get(name)}
        assert not (tag == "a" and self.open and "href" in attributes), "a link in a link"
        self.open = self.open or tag == "a"
        if tag in ("a", "link"):
            self.links += filter(None, [attributes.get("href")])
        assert tag != "script"

    def handle_endtag(self, tag):
        self.open = self.open and tag != "a"

    def handle_data(self, data):
        self.text += data


def make(output, *headers):
    return subprocess.run([sys.executable, MAKE, "--version", "0", "--strict", output, *headers], stdout=subprocess.PIPE,
                          stderr=subprocess.STDOUT, text=True)


@pytest.fixture(scope="module")
def pages(tmp_path_factory):
    output = tmp_path_factory.mktemp("reference") / "html"
    done = make(output, *source.HEADERS)
    assert done.returncode == 0, done.stdout
    found = {path.name: Page(path) for path in output.glob("*.html")}
    assert set(found) > {"index.html", "manual.html", "globals.html"}
    return found


def test_ninja_makes_them_of_every_header(build):
    said = subprocess.run(["ninja", "-C", build, "-t", "query", "lib/reference/html"], check=True, stdout=subprocess.PIPE,
                          text=True).stdout
    assert {path.name for path in source.HEADERS} <= {line.split("/")[-1].strip() for line in said.splitlines()}
    assert re.search(r"^    docs$", said, re.M)


def test_a_page_for_every_header(pages):
    index = pages["index.html"]
    for header in source.HEADERS:
        page = pages[header.name.replace(".", "_8") + ".html"]
        assert page.text.strip().startswith(f"tachyon/{header.name} · libtachyon 0")
        # In the menu at the side, and told of in the table.
        assert index.links.count(header.name.replace(".", "_8") + ".html") >= 2, "tell in lib/reference/overview.md what it is for"


def test_every_function_has_its_place(pages):
    text = {name: page.text for name, page in pages.items()}
    for header in source.HEADERS:
        page = text[header.name.replace(".", "_8") + ".html"]
        for match in source.DECLARATION.finditer(header.read_text()):
            # In the list, and with its doc block.
            assert len(re.findall(rf"\b{match['name']}\b", page)) >= 2, match["name"]
    missing = [name for name in source.declared_functions() if name not in text["globals.html"]]
    assert not missing


def test_no_link_leads_nowhere(pages):
    broken = []
    for name, page in pages.items():
        for link in page.links:
            file, _, anchor = link.partition("#")
            if file.endswith(".css") or link.startswith("https://"):
                continue
            target = pages.get(file or name)
            if not target or anchor and anchor not in target.anchors:
                broken.append(f"{name}: {link}")
    assert not broken


def test_the_manual_page_leads_to_the_functions(pages):
    manual = pages["manual.html"]
    named = set(re.findall(r"\bty_\w+(?=\(\))", manual.text))
    assert len(named) > 20
    assert len([link for link in manual.links if "_8h.html#" in link]) >= len(named)


def test_every_value_is_in_a_table(pages):
    """Doxygen lists those without a word of their own nowhere."""
    text = "".join(page.text for name, page in pages.items() if name.endswith("_8h.html"))
    values = {value for header in source.HEADERS
              for value in re.findall(r"\b(TY_\w+) =", source.without_comments(header.read_text()))}
    assert len(values) > 100
    # The list of the enumeration names each once, the table below once more.
    assert not [value for value in values if len(re.findall(rf"{value}(?!\w)", text)) < 2]


@pytest.mark.parametrize("text, complaint", [
    ("int ty_bare(int x);", r"ty_bare.* is not documented"),
    ("/** See #ty_nowhere. */\nint ty_refers(void);", r"ty_nowhere"),
    ("/** Adds.\n * @param z not there */\nint ty_parameter(int x);", r"argument 'z'"),
    ("enum ty_bare { TY_BARE_A };", r"ty_bare.* is not documented"),
], ids=["undocumented", "reference", "parameter", "enum"])
def test_what_is_wrong_is_an_error(tmp_path, text, complaint):
    (tmp_path / "bad.h").write_text(f"/** @file\n * For a test. */\n{text}\n")
    done = make(tmp_path / "html", tmp_path / "bad.h", source.ROOT / "include" / "tachyon" / "base.h")
    assert done.returncode != 0
    assert re.search(complaint, done.stdout)
    assert not (tmp_path / "html").exists()
