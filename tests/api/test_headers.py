# SPDX-License-Identifier: Apache-2.0
"""Every public header compiles alone, in the oldest C and in a C++ that programs use, without a warning."""

import re
import subprocess

import pytest

import source

COMPILERS = {
    "c99": ["gcc", "-x", "c", "-std=c99"],
    "c11": ["gcc", "-x", "c", "-std=c11"],
    "c++17": ["g++", "-x", "c++", "-std=c++17"],
}
WARNINGS = ["-pedantic-errors", "-Wall", "-Wextra", "-Werror", "-Wstrict-aliasing", "-Wundef"]


@pytest.mark.parametrize("language", COMPILERS)
@pytest.mark.parametrize("header", source.HEADERS, ids=lambda path: path.name)
def test_compiles_alone(header, language):
    program = f"#include <tachyon/{header.name}>\n#include <tachyon/{header.name}>\nextern int unused;\n"
    subprocess.run([*COMPILERS[language], *WARNINGS, "-I", source.ROOT / "include", "-fsyntax-only", "-"], input=program,
                   text=True, check=True)


def test_header_of_all_includes_all():
    included = {name for _, name in source.includes(source.ROOT / "include" / "tachyon" / "tachyon.h")}
    assert included == {f"tachyon/{header.name}" for header in source.HEADERS if header.name != "tachyon.h"}


@pytest.mark.parametrize("header", source.HEADERS, ids=lambda path: path.name)
def test_can_be_read_by_binding_generators(header):
    """No bit-field, no variable arguments, no macro with arguments: bindgen, cffi and LuaJIT take it as it is."""
    code = source.without_comments(header.read_text())
    assert "..." not in code
    assert not [line for line in code.splitlines() if line.startswith("#define") and "(" in line.split()[1]]
    struct_lines = [line for line in code.splitlines() if line.startswith("\t") and ":" in line]
    assert not struct_lines


def test_comments_name_what_there_is():
    names = re.compile(r"\b(?:ty_[a-z]\w*|TY_[A-Z]\w*[A-Z0-9])\b")
    texts = {header.name: header.read_text() for header in source.HEADERS}
    declared = {name for text in texts.values() for name in names.findall(source.without_comments(text))}
    unknown = {(header, name) for header, text in texts.items() for name in names.findall(text) if name not in declared}
    assert not unknown
