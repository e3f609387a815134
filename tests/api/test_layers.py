# SPDX-License-Identifier: Apache-2.0
"""The layers, from the #include lines: who may know whom. The table is the one in CONTRIBUTING.md."""

import re

import pytest

import source

# Layer: layers it may include, beside itself.
MAY_INCLUDE = {
    "util": set(),
    "target": {"util"},
    "python": {"util", "target"},
    "native": {"util", "target"},
    "recording": {"util"},
    "sample": {"util", "target", "python", "native", "recording"},
    "output": {"util"},
    "collect": {"util", "output", "recording"},
}

# Layers that may see only a part of the public headers: util knows nothing of processes, output nothing of frames.
MAY_INCLUDE_PUBLIC = {
    "util": {"tachyon/base.h"},
    "output": {"tachyon/base.h", "tachyon/sink.h"},
}

# Spellings of a CPython version in code; comments may cite as many as they like.
VERSION_NAMES = re.compile(r"3[._]1[0-9]\b|\bminor\w*\s*(?:[<>]|[=!]=)|\b0x030[a-fA-F]")
LIBRARY_FILES = source.c_files("lib")


def test_there_is_a_library_to_look_at():
    assert len(LIBRARY_FILES) > 10


@pytest.mark.parametrize("path", LIBRARY_FILES, ids=lambda path: str(path.relative_to(source.ROOT)))
def test_layer(path):
    layer = path.relative_to(source.ROOT / "lib").parts[0]
    for is_system, name in source.includes(path):
        top = name.split("/")[0]
        if top == "tachyon":
            assert name in MAY_INCLUDE_PUBLIC.get(layer, {name}), f"{layer} must not see <{name}>"
        elif not is_system:
            assert "/" in name, f'"{name}": say which layer it is in'
            assert top == layer or top in MAY_INCLUDE[layer], f"{layer} must not include {top}"


@pytest.mark.parametrize("library, layers", [("libelf", {"target"}), ("gelf", {"target"}), ("elfutils/libdw", {"native"})])
def test_elf_libraries_stay_in_their_layer(library, layers):
    for path in LIBRARY_FILES:
        names = [name for _, name in source.includes(path) if name.startswith(library)]
        assert not names or path.relative_to(source.ROOT / "lib").parts[0] in layers, path


def test_versions_are_named_in_one_place():
    named = []
    for path in LIBRARY_FILES:
        if "versions" not in path.parts:
            for number, line in enumerate(source.without_comments(path.read_text()).splitlines(), 1):
                if VERSION_NAMES.search(line):
                    named.append(f"{path.relative_to(source.ROOT)}:{number}: {line.strip()}")
    assert not named


def test_examples_use_the_public_headers_alone():
    for path in source.c_files("examples"):
        for is_system, name in source.includes(path):
            if is_system:
                assert not name.split("/")[0] in MAY_INCLUDE, f"{path} includes <{name}>"
            else:
                assert list(path.parent.glob(name)) or list(path.parent.parent.glob(name)), f"{path} includes {name}"


def test_library_never_prints_forks_or_exits():
    forbidden = re.compile(r"\b(printf|puts|perror|fork|vfork|exit|abort|system|popen|signal|sigaction|setlocale)\s*\(")
    for path in LIBRARY_FILES:
        code = re.sub(r'"(?:\\.|[^"\\])*"', '""', source.without_comments(path.read_text()))
        assert not forbidden.findall(code), path


def test_every_file_is_in_the_overview():
    overview = (source.ROOT / "lib" / "README.md").read_text()
    missing = [str(path.relative_to(source.ROOT / "lib")) for path in LIBRARY_FILES if f"`{path.name}`" not in overview]
    assert not missing


def test_every_file_names_its_licence():
    files = [path for suffix in ("c", "h", "py", "sh") for folder in ("lib", "include", "examples", "tests")
             for path in (source.ROOT / folder).rglob(f"*.{suffix}")]
    assert len(files) > 40
    bare = [str(path) for path in files if "SPDX-License-Identifier: Apache-2.0" not in path.read_text()[:400]]
    assert not bare
