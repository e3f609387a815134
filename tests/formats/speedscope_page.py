# SPDX-License-Identifier: Apache-2.0
"""speedscope itself, in a headless Chromium: reads any profile it has an importer for."""

import base64
import json

import browser as browsers

SANDWICH = "3"


class Speedscope:
    """open(path) gives the title of the page; table() the first rows of its
    sandwich view, [(name, total, self)], by self."""

    def __init__(self, directory, browser, scratch):
        self._page, self._browser, self._scratch = directory / "dist" / "release" / "index.html", browser, scratch

    def open(self, path):
        data = base64.b64encode(path.read_bytes()).decode()
        # As its own command line does it.
        script = self._scratch / "load.js"
        script.write_text(f"speedscope.loadFileFromBase64({json.dumps(path.name)}, {json.dumps(data)})", encoding="utf-8")
        self._browser.complaints.clear()
        self._browser.call("Page.navigate", url="about:blank")
        self._browser.call("Page.navigate", url=f"file://{self._page}#localProfilePath={script}")
        self._browser.wait("document.title.endsWith(' - speedscope')")
        assert not [message for message in self._browser.complaints if "dialog" in message["method"].lower()]
        return self._browser.evaluate("document.title").removesuffix(" - speedscope")

    def table(self):
        self._browser.key(SANDWICH)
        self._browser.wait("document.querySelectorAll('tr').length > 1")
        rows = self._browser.evaluate("[...document.querySelectorAll('tr')].slice(1).map(row => "
                                      "[...row.cells].map(cell => cell.innerText.trim()))")
        return [(name, total.split(" (")[0], own.split(" (")[0]) for total, own, name in rows]


def unavailable(directory):
    """Why it cannot be run; None if it can."""
    if not browsers.find():
        return "no Chromium here: speedscope is a page"
    return None if directory.is_dir() else "no speedscope here: tests/formats/readers.sh gets it from npm"
