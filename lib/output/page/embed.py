# SPDX-License-Identifier: Apache-2.0
"""Makes one self-contained page and turns it into C: embed.py TEMPLATE MODULE STYLE… NAME OUTPUT.

MODULE is the page's first module of JavaScript; what it imports comes with it, each before those that need it. They
share one scope in the page, so that no two modules may have one name for two things. The page's policy allows exactly
this script and these styles, by their hashes: a script that got into the page in any other way would not run.
"""

import base64
import hashlib
import pathlib
import re
import sys

IMPORT = re.compile(r"^import \{[^}]*\}\s+from '\./([a-z_]+\.js)';\n", re.MULTILINE)
EXPORT = re.compile(r"^export (?=(const|function|class) )", re.MULTILINE)
COMMENT = re.compile(r"^ *//.*\n", re.MULTILINE)


def modules(path, seen):
    """A module and all that it imports, the imported first."""
    if path in seen:
        return []
    seen.add(path)
    found = []
    for name in IMPORT.findall(path.read_text()):
        found += modules(path.parent / name, seen)
    return found + [path]


def bundle(path):
    texts = (EXPORT.sub("", COMMENT.sub("", IMPORT.sub("", part.read_text()))) for part in modules(path, set()))
    script = "(() => {\n'use strict';\n" + "".join(texts) + "})();"
    assert not re.search(r"^(import|export)\b", script, re.MULTILINE) and "</script" not in script
    return script


def policy(text):
    return "'sha256-" + base64.b64encode(hashlib.sha256(text.encode()).digest()).decode() + "'"


def assemble(template, module, styles):
    script, style = bundle(module), "".join(path.read_text() for path in styles)
    page = template.read_text()
    for mark, text in (("@SCRIPT_POLICY@", policy(script)), ("@STYLE_POLICY@", policy(style)), ("@STYLE@", style),
                       ("@SCRIPT@", script)):
        assert page.count(mark) == 1, mark
        page = page.replace(mark, text)
    assert page.count("@PROFILE@") == 1
    return page


def main():
    template, module, *styles = map(pathlib.Path, sys.argv[1:-2])
    name, output = sys.argv[-2:]
    data = assemble(template, module, styles).encode() + b"\0"
    with open(output, "w") as out:
        out.write(f'#include "output/page.h"\n\nconst char {name}[] = {{\n')
        for start in range(0, len(data), 24):
            # As signed numbers: char is signed on one of our machines and not on the other.
            out.write(",".join(f"(char){byte}" for byte in data[start:start + 24]) + ",\n")
        out.write("};\n")


main()
