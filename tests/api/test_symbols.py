# SPDX-License-Identifier: Apache-2.0
"""What the shared library exports: exactly the map, all of it declared and documented, and nothing in the namespace of
others."""

import re
import subprocess

import pytest

import source


@pytest.fixture(scope="module")
def library(build):
    return build / "lib" / "libtachyon.so"


def output(*command):
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout


def test_exports_are_the_map(library):
    exported = {}
    for line in output("nm", "--dynamic", "--defined-only", "--with-symbol-versions", library).splitlines():
        symbol, kind = line.split()[-1], line.split()[-2]
        if kind != "A":  # the version nodes themselves
            name, node = symbol.split("@@")
            exported[name] = node
    assert exported == source.mapped_symbols()


def test_headers_declare_the_map():
    assert sorted(source.declared_functions()) == sorted(source.mapped_symbols())


def test_map_is_sorted():
    names = list(source.mapped_symbols())
    assert names == sorted(names)


def test_every_function_says_since_when_and_on_which_thread():
    bare = [name for name, doc in source.declared_functions().items() if not doc or "@since" not in doc]
    assert not bare
    # "See ty_x()" stands for the rule of ty_x().
    no_rule = [name for name, doc in source.declared_functions().items() if "@note" not in doc and "See ty_" not in doc]
    assert not no_rule


def test_every_type_says_since_when():
    bare = []
    for header in source.HEADERS:
        for match in re.finditer(r"(/\*\*(?:(?!\*/).)*\*/)?\n(?:typedef|enum)\s[^\n]*", header.read_text(), re.S):
            if not match[1] or "@since" not in match[1]:
                bare.append(f"{header.name}: {match[0].splitlines()[-1]}")
    assert not bare


def test_soname_is_the_version_of_the_abi(library):
    dynamic = output("readelf", "--dynamic", "--wide", library)
    assert re.search(r"\(SONAME\).*\[(.*)\]", dynamic)[1] == "libtachyon.so.0"


def test_library_links_only_what_it_names(library):
    dynamic = output("readelf", "--dynamic", "--wide", library)
    needed = {name.split(".so")[0] for name in re.findall(r"\(NEEDED\).*\[(.*)\]", dynamic)}
    assert needed <= {"libelf", "libz", "libzstd", "libc", "libm", "ld-linux-x86-64", "ld-linux-aarch64"}


def test_internal_functions_have_the_prefix(build):
    """Hidden names still meet the program's own in a static link."""
    archives = list((build / "lib").glob("libtachyon-*.a"))
    assert archives
    foreign = set()
    for archive in archives:
        for line in output("nm", "--defined-only", "--extern-only", archive).splitlines():
            words = line.split()
            if len(words) == 3 and not words[2].startswith(("ty_", "__asan", "__odr_asan")):
                foreign.add(words[2])
    assert not foreign
