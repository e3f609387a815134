# SPDX-License-Identifier: Apache-2.0
"""--heatmap in a real browser: the index, the page of a file, the bytecode of a line and its columns, hostile names, and a
folder that exists."""

import json
import pathlib
import re

import pytest

HERE = pathlib.Path(__file__).resolve().parent
COLUMNS = HERE / "targets" / "columns.py"
SLOT = re.compile(r'<script type="application/json" id="profile">(.*?)</script>', re.DOTALL)


@pytest.fixture(scope="module")
def heatmap(profile):
    return profile("--heatmap", "--opcodes")


@pytest.fixture(scope="module")
def columns(cli, newest, folder):
    path = folder / "columns"
    result = cli("run", "-r", "2khz", "--heatmap", "--opcodes", "-o", path, "--", *newest.command, COLUMNS, "0.4")
    assert result.returncode == 0, result.stderr
    return page_of(path, "columns.py")


def data_of(path):
    return json.loads(SLOT.search(path.read_text(encoding="utf-8"))[1])


def page_of(heatmap, ending):
    files = data_of(heatmap / "index.html")["files"]
    return heatmap / next(file["page"] for file in files if file["path"].endswith(ending))


def pressed(browser, name):
    return browser.evaluate(f"document.getElementById('{name}').getAttribute('aria-pressed')") == "true"


def row(line):
    return f"document.getElementById('L{line}')"


def rows_of(browser, line):
    """Opens the bytecode of a line; its rows as lists of texts."""
    browser.evaluate(f"{row(line)}.querySelector('.toggle').click()")
    return browser.evaluate(f"""[...{row(line)}.nextElementSibling.querySelectorAll('tr')].map(row =>
        [...row.cells].map(cell => cell.innerText))""")


def line_of(path, text):
    return next(number for number, line in enumerate(path.read_text().splitlines(), 1) if text in line)


def marks(browser):
    return browser.evaluate("[...document.querySelectorAll('#lines mark')].map(mark => mark.textContent)")


def arrive(browser, expression):
    """Waits until a link has led to another page. There may be no document in between."""
    browser.wait(f"document.documentElement?.dataset.ready === 'yes' && ((title) => {expression})"
                 "(document.getElementById('title'))")


def test_counts_agree(heatmap):
    index = data_of(heatmap / "index.html")
    assert sum(file["self"] for file in index["files"]) <= index["counted"]
    assert {0, 1} <= {file["kind"] for file in index["files"]}
    for file in index["files"]:
        data = data_of(heatmap / file["page"])
        assert sum(data["heat"]["self"]) == data["self"] == file["self"]
        assert all(own <= total <= file["total"] for own, total in zip(data["heat"]["self"], data["heat"]["total"]))
        # Leaf samples of the instructions of a line are those of the line.
        leaf = {}
        for line, samples in zip(data["instructions"]["line"], data["instructions"]["leaf"]):
            leaf[line] = leaf.get(line, 0) + samples
        own = dict(zip(data["heat"]["line"], data["heat"]["self"]))
        assert all(samples <= own.get(line, 0) for line, samples in leaf.items() if line > 0)
        assert sum(data["forms"]["samples"]) == sum(leaf.values())


def test_index_leads_to_the_hottest_file(browser, heatmap):
    browser.open(heatmap / "index.html")
    text = browser.evaluate("document.getElementById('files').innerText")
    assert "Project" in text and "Standard library" in text and "<script>alert(1)<" in text
    browser.key("e")
    assert browser.evaluate("[...document.querySelectorAll('details')].every(details => details.open)")
    browser.key("/")
    browser.call("Input.insertText", text="work")
    browser.wait("document.querySelectorAll('.file').length === 1")
    browser.evaluate("document.querySelector('.file a').click()")
    arrive(browser, "title.textContent.endsWith('work')")


def test_bars_are_shares_of_the_whole(browser, heatmap):
    """A full bar is all there is, and everything together fills one."""
    browser.open(heatmap / "index.html")
    rows = browser.evaluate("""[...document.querySelectorAll('#files > details > summary, #files > div')].map(row =>
        [row.querySelector('.number').innerText, row.querySelector('.bar i')?.style.width])""")
    shares = [(float(text.split()[0]), float(width.rstrip("%"))) for text, width in rows if width]
    assert all(abs(share - width) < 0.06 for share, width in shares)
    assert abs(sum(width for _, width in shares) - 100) < 0.01


def test_narrow_screens(browser, heatmap):
    try:
        browser.call("Emulation.setDeviceMetricsOverride", width=420, height=900, deviceScaleFactor=1, mobile=False)
        browser.open(heatmap / "index.html")
        assert browser.evaluate("document.documentElement.scrollWidth") <= 420
        assert browser.evaluate("""document.querySelector('aside').getBoundingClientRect().top >=
            document.getElementById('files').getBoundingClientRect().bottom""")
    finally:
        browser.call("Emulation.setDeviceMetricsOverride", width=1400, height=700, deviceScaleFactor=1, mobile=False)


def test_columns_are_named_once(browser, heatmap):
    browser.open(page_of(heatmap, "targets/work.py"))
    assert browser.evaluate("[...document.querySelectorAll('#scroller span')].filter(span => span.textContent === 'self').length") == 1


def test_a_line_has_all_its_instructions_by_offset(browser, heatmap):
    page = page_of(heatmap, "targets/work.py")
    line = line_of(HERE / "targets" / "work.py", "total = first + second")
    browser.open(page)
    assert all(made["listed"] for made in data_of(page)["functions"])
    head, *rows = rows_of(browser, line)
    assert head[0] == "offset" and "on-stack" in head
    names = [cells[1] for cells in rows]
    assert sum("BINARY_OP" in name for name in names) == 3 and "STORE_FAST" in "".join(names)
    offsets = [int(cells[0]) for cells in rows]
    assert offsets == sorted(offsets)
    assert any(cells[4] for cells in rows) and re.search(r"\d %|No sample", browser.evaluate(
        f"{row(line)}.nextElementSibling.innerText"))


def test_an_instruction_marks_its_own_span(browser, heatmap):
    page = page_of(heatmap, "targets/work.py")
    line = line_of(HERE / "targets" / "work.py", "total = first + second")
    browser.open(page)
    seen = set()
    for number in range(1, len(rows_of(browser, line))):
        browser.evaluate(f"{row(line)}.nextElementSibling.querySelectorAll('tr')[{number}].focus()")
        seen.update(marks(browser))
    assert {"first + second", "third * 0.5", "first + second + third * 0.5", "0.5", "total"} <= seen, seen
    browser.evaluate("document.activeElement.blur()")
    assert marks(browser) == []


def test_columns_are_bytes_and_spans_go_over_lines(browser, columns):
    line = line_of(COLUMNS, "summe = größe * 𝔫")
    browser.open(columns)
    assert "żółć 😀" in browser.evaluate(f"{row(line)}.innerText")
    seen = []
    for number in range(1, len(rows_of(browser, line))):
        browser.evaluate(f"{row(line)}.nextElementSibling.querySelectorAll('tr')[{number}].focus()")
        seen.append(marks(browser))
    for expected in ("größe * 𝔫", "len(ärger)", "größe * 𝔫 + len(ärger)", "summe", '"żółć 😀"'):
        assert [expected] in seen, (expected, seen)
    first = line_of(COLUMNS, "summe = (größe")
    seen = []
    for number in range(first, first + 3):
        for index in range(1, len(rows_of(browser, number)) if browser.evaluate(
                f"Boolean({row(number)}.querySelector('.toggle'))") else 0):
            browser.evaluate(f"{row(number)}.nextElementSibling.querySelectorAll('tr')[{index}].focus()")
            seen.append(marks(browser))
    assert ["größe +", "𝔫 *", "summe % 1009"] in seen and ["𝔫 *", "summe % 1009"] in seen, seen


def test_keys_and_buttons(browser, heatmap):
    browser.open(page_of(heatmap, "targets/work.py"))
    shown = "[...document.querySelectorAll('.row[id]')].filter(row => row.offsetHeight).length"
    everything = browser.evaluate(shown)
    browser.key("h")
    assert pressed(browser, "hot") and 0 < browser.evaluate(shown) < everything
    browser.key("h")
    assert browser.evaluate(shown) == everything
    colours = "[...document.querySelectorAll('.text')].map(text => text.style.getPropertyValue('--heat')).join()"
    before = browser.evaluate(colours)
    browser.key("s")
    assert pressed(browser, "measure") and browser.evaluate(colours) != before
    browser.key("f")
    assert pressed(browser, "adapted")
    browser.key("b")
    assert browser.evaluate("document.querySelectorAll('.panel').length") > 3
    browser.key("b")
    assert browser.evaluate("document.querySelectorAll('.panel').length") == 0
    browser.key("n")
    first = browser.evaluate("location.hash")
    browser.key("n")
    browser.key("p")
    assert first.startswith("#L") and browser.evaluate("location.hash") == first
    browser.key("o")
    assert browser.evaluate("document.querySelectorAll('.panel').length") == 1
    pictures = {browser.screenshot()}
    browser.key("t")
    pictures.add(browser.screenshot())
    assert len(pictures) == 2


def test_the_map_leads_to_a_line(browser, heatmap):
    browser.open(page_of(heatmap, "threading.py"))
    at = "document.getElementById('scroller').scrollTop"
    browser.evaluate("document.getElementById('scroller').scrollTop = 0")
    box = browser.evaluate("(({ left, top, height }) => [left, top, height])(document.getElementById('minimap')"
                           ".getBoundingClientRect())")
    picture = browser.screenshot()
    browser.mouse(int(box[0]) + 8, int(box[1] + box[2] * 0.9), click=True)
    browser.wait(f"{at} > 1000")
    assert browser.screenshot() != picture


def test_calls_lead_from_page_to_page(browser, heatmap):
    browser.open(page_of(heatmap, "targets/work.py"))
    line = line_of(HERE / "targets" / "work.py", "        evil()")
    menu = f"[...{row(line)}.querySelectorAll('.menu')].at(-1)"
    browser.evaluate(f"{menu}.open = true")
    browser.wait(f"Boolean({menu}.querySelector('a'))")
    assert "alert(1)" in browser.evaluate(f"{menu}.innerText")
    browser.evaluate(f"{menu}.querySelector('a').click()")
    arrive(browser, "title.textContent.endsWith('evil')")
    assert browser.evaluate("!document.getElementById('missing').hidden")
    assert browser.evaluate("Boolean(document.querySelector('.menu'))")


def test_hostile_text_stays_text(browser, heatmap, folder):
    text = page_of(heatmap, "targets/work.py").read_text(encoding="utf-8")
    data = json.loads(SLOT.search(text)[1])
    evil = "<img src=x onerror=alert(1)></script><script>alert(1)</script>\ud800\u202e\x1b[31m\x00"
    data.update(module=evil, path=evil, source=[evil] * len(data["source"]))
    for entries in (data["calls"], data["callers"], data["functions"]):
        for entry in entries:
            entry.update({key: evil for key in ("name", "page", "file") if key in entry})
    data["instructions"]["argument"] = [evil] * len(data["instructions"]["argument"])
    made = folder / "hostile_file.html"
    made.write_text(SLOT.sub(lambda found: found[0].replace(found[1], json.dumps(data).replace("<", "\\u003c")), text),
                    encoding="utf-8")
    browser.open(made)
    browser.key("b")
    browser.evaluate("document.querySelectorAll('.menu').forEach(menu => { menu.open = true; })")
    browser.wait("document.querySelectorAll('.menu a').length")
    assert browser.evaluate("document.querySelectorAll('img, script').length") == 2
    assert browser.evaluate("[...document.querySelectorAll('.menu a')].every(link => /#L\\d+$/.test(link.href))")
    assert "\x1b" not in browser.evaluate("document.body.innerText")


def test_no_samples_at_all(browser, heatmap, folder):
    text = (heatmap / "index.html").read_text(encoding="utf-8")
    made = folder / "empty_index.html"
    made.write_text(re.sub(r'"files":\[.*\]', lambda _: '"files":[]', text, count=1), encoding="utf-8")
    browser.open(made)
    assert "No samples" in browser.evaluate("document.body.innerText")


def test_a_folder_that_exists(cli, newest, folder):
    command = ["--", *newest.command, "-c", "pass"]
    full = folder / "full"
    full.mkdir()
    (full / "mine.txt").write_text("keep")
    # As for all formats: an existing folder takes a result of the automatic name.
    result = cli("run", "--heatmap", "-o", full, *command)
    assert result.returncode == 0, result.stderr
    assert (full / "mine.txt").read_text() == "keep" and list(full.glob("heatmap_*/index.html"))
    path = folder / "taken"
    path.write_text("keep")
    result = cli("run", "--heatmap", "-o", path, *command)
    assert result.returncode != 0 and "exists already" in result.stderr and path.read_text() == "keep"
    result = cli("run", "--heatmap", "-o", "-", *command)
    assert result.returncode == 2 and "folder" in result.stderr
