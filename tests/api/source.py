# SPDX-License-Identifier: Apache-2.0
"""The source tree as the tests of this directory see it."""

import pathlib
import re

ROOT = pathlib.Path(__file__).resolve().parents[2]
HEADERS = sorted((ROOT / "include" / "tachyon").glob("*.h"))
COMMENT = re.compile(r"/\*.*?\*/|//[^\n]*", re.S)
INCLUDE = re.compile(r'^[ \t]*#[ \t]*include[ \t]*([<"])([^>"]+)[>"]', re.M)
DECLARATION = re.compile(r"(?P<doc>/\*\*(?:(?!\*/).)*\*/)?\s*TY_API\s+(?P<text>[^;{]*?)\b(?P<name>ty_\w+)\s*\(", re.S)


def c_files(*directories):
    return sorted(path for directory in directories for path in (ROOT / directory).rglob("*.[ch]"))


def without_comments(text):
    return COMMENT.sub(lambda comment: re.sub(r"[^\n]", " ", comment[0]), text)


def includes(path):
    """(is_system, name) of every #include line."""
    return [(kind == "<", name) for kind, name in INCLUDE.findall(without_comments(path.read_text()))]


def declared_functions():
    """Doc block (or None) of every exported function, by name."""
    found = {}
    for header in HEADERS:
        for match in DECLARATION.finditer(header.read_text()):
            found[match["name"]] = match["doc"]
    return found


def mapped_symbols():
    """Version node of every symbol in lib/tachyon.map."""
    found = {}
    for node, body in re.findall(r"([\w.]+)\s*\{(.*?)\}", (ROOT / "lib" / "tachyon.map").read_text(), re.S):
        for name in re.findall(r"^\s*(ty_\w+);", body, re.M):
            found[name] = node
    return found
