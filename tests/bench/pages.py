# SPDX-License-Identifier: Apache-2.0
"""Our flame graph beside CPython's, of the same stacks, in the same Chromium: pages.py [NODES]

For each page: its size, the time from navigation to the first picture with the main thread free again, and the time from
a click on a box to the next picture. CPython's page is made by its own code, under an interpreter that has
profiling.sampling, without its limit of 0.1 % of the samples a node, which would leave little of such a profile."""

import json
import pathlib
import statistics
import subprocess
import sys
import tempfile

TESTS = pathlib.Path(__file__).resolve().parent.parent
sys.path.insert(0, str(TESTS / "support"))

import browser as browsers  # noqa: E402
import interpreters  # noqa: E402

CLI = interpreters.BUILD / "examples" / "tachyon-cli" / "tachyon-cli"
PLACES, DEEPEST, ROUNDS, ZOOMS = 1000, 60, 5, 7
THEIRS = """
import json, sys
from profiling.sampling.stack_collector import FlamegraphCollector
collector = FlamegraphCollector(1000)
for stack, samples in json.load(open(sys.argv[1])):
    collector.process_frames([("/src/a.py", (7 + place, 7 + place, 0, 1), f"function_{place}", None)
                              for place in reversed(stack)], 1, samples)
collector.set_stats(1000, 1.0, 1000.0, mode=0)
collector._total_samples = sum(samples for _, samples in json.load(open(sys.argv[1])))
data = collector._convert_to_flamegraph_format(min_samples=1)
open(sys.argv[2], "w", encoding="utf-8").write(collector._create_flamegraph_html(data))
"""
# Runs in the page before anything of it.
WATCH = """addEventListener('load', () => requestAnimationFrame(() => setTimeout(() => { window.firstPicture = performance.now(); })));"""
FRAME = "new Promise(done => requestAnimationFrame(() => setTimeout(done)))"
ZOOM_OURS = """(async () => { const canvas = document.getElementById('canvas');
    const at = (type, x, y) => canvas.dispatchEvent(new MouseEvent(type, { clientX: x, clientY: y, bubbles: true }));
    const box = canvas.getBoundingClientRect(), start = performance.now();
    at('click', box.left + box.width * SHARE, box.top + 70); await FRAME; return performance.now() - start; })()"""
ZOOM_THEIRS = """(async () => { const frames = [...document.querySelectorAll('g.frame')].filter(frame => frame.getBoundingClientRect().width > 30);
    const frame = frames[Math.floor(frames.length * SHARE)], start = performance.now();
    frame.dispatchEvent(new MouseEvent('click', { bubbles: true })); await FRAME; return performance.now() - start; })()"""


def tree(nodes):
    """Parents, places and self samples of a tree with stacks of up to DEEPEST frames; node 0 is the thread."""
    seed, parents, depths = 1, [-1], [0]
    for node in range(1, nodes):
        seed = (seed * 1103515245 + 12345) % 2**31
        parent = node - 1 if seed % 10 < 6 else seed % node
        parents.append(parent if depths[parent] < DEEPEST else 0)
        depths.append(depths[parents[-1]] + 1)
    return parents, [-1] + [node % PLACES for node in range(1, nodes)], [0] + [node % 20 for node in range(1, nodes)]


def our_page(path, interpreter, parents, places, samples):
    subprocess.run([CLI, "run", "--flamegraph", "-o", path, "--", *interpreter.command, "-c", "pass"], check=True,
                   capture_output=True)
    text = path.read_text(encoding="utf-8")
    begin = text.index('id="profile">') + len('id="profile">')
    end = text.index("</script>", begin)
    data = json.loads(text[begin:end])
    data["strings"] = [f"function_{place}" for place in range(PLACES)] + ["/src/a.py"]
    data["places"] = {"name": list(range(PLACES)), "file": [PLACES] * PLACES, "line": [7 + place for place in range(PLACES)]}
    data["files"] = {"path": [PLACES], "module": ["a"], "kind": [0]}
    data["threads"] = [{"name": "main", "tid": "1", **{key: 0 for key in (
        "samples", "gil", "waiting", "cpu", "cpu_unknown", "exception", "gc")}}]
    data["nodes"] = {"parent": parents, "place": places, "self": samples}
    for key in ("leaf", "standing", "source"):
        data[key] = {column: [] for column in data[key]}
    path.write_text(text[:begin] + json.dumps(data, separators=(",", ":")) + text[end:], encoding="utf-8")


def their_page(path, folder, interpreter, parents, places, samples):
    stacks = []
    for node, count in enumerate(samples):
        stack, at = [], node
        while at > 0:
            stack.insert(0, places[at])
            at = parents[at]
        if count:
            stacks.append((stack, count))
    (folder / "stacks.json").write_text(json.dumps(stacks))
    (folder / "theirs.py").write_text(THEIRS)
    subprocess.run([*interpreter.command, folder / "theirs.py", folder / "stacks.json", path], check=True)


def measure(browser, path, zoom):
    ready, zooms = [], []
    for _ in range(ROUNDS):
        browser.call("Page.navigate", url="about:blank")
        browser.call("Page.navigate", url=f"file://{path}")
        browser.wait("window.firstPicture > 0 && location.protocol === 'file:'")
        ready.append(browser.evaluate("window.firstPicture"))
    for number in range(ZOOMS):
        zooms.append(browser.evaluate(zoom.replace("SHARE", str((number + 0.5) / ZOOMS)).replace("FRAME", FRAME)))
        browser.evaluate(f"{FRAME}")
    return statistics.median(ready), statistics.median(zooms), max(zooms)


def main():
    nodes = int(sys.argv[1]) if len(sys.argv) > 1 else 50_000
    interpreter = max(interpreters.load(extra=False), key=lambda interpreter: interpreter.version)
    data = tree(nodes)
    with tempfile.TemporaryDirectory(dir="/tmp") as name, browsers.Browser() as browser:
        folder = pathlib.Path(name)
        browser.call("Page.addScriptToEvaluateOnNewDocument", source=WATCH)
        our_page(folder / "ours.html", interpreter, *data)
        their_page(folder / "theirs.html", folder, interpreter, *data)
        print(f"{nodes} nodes        size kB   ready ms   zoom ms (worst)")
        for page, zoom in (("ours", ZOOM_OURS), ("theirs", ZOOM_THEIRS)):
            path = folder / f"{page}.html"
            ready, middle, worst = measure(browser, path, zoom)
            print(f"{'libtachyon' if page == 'ours' else 'CPython':12} {path.stat().st_size / 1000:12.0f} {ready:10.0f} "
                  f"{middle:9.0f} ({worst:.0f})")


if __name__ == "__main__":
    main()
