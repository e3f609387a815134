# SPDX-License-Identifier: Apache-2.0
"""The ABI of 0.1 stays: functions and members of structs may be added at their ends, nothing else changes.

Two looks that see different things: abidiff compares types and symbols of the library with the dump, and the headers are
compared as text with those of the release, which also sees names, signs and the enumerations that no signature names."""

import re
import shutil
import subprocess

import pytest

import abi
import interpreters
import source

FROZEN = abi.Declarations(abi.HEADER.read_text())
TODAY = abi.Declarations(abi.headers_text())
LAYOUT = (source.ROOT / "tests" / "api" / "test_layout.c").read_text()
PARK = source.ROOT / "tests" / "cli" / "targets" / "park.py"
needs_abigail = pytest.mark.skipif(not shutil.which("abidiff"), reason="no abidiff (Debian: abigail-tools)")


def lasts(members, today):
    """Each member is where it was: others come after all of them, or in the place of what was reserved."""
    rest = list(today)
    for place, member in enumerate(members):
        if re.search(r"\breserved\b", member):
            following = members[place + 1:place + 2]
            while rest and rest[:1] != following:
                rest.pop(0)
        elif not rest or rest.pop(0) != member:
            return False
    return True


def types(function):
    """A declaration without the names of its arguments."""
    return abi.words(re.sub(r"\b\w+\s*(?=,|$)", "", function["arguments"])), abi.words(function["result"])


def broken(today):
    """What a program written for the release would miss in these headers."""
    found = []
    for name, function in FROZEN.functions.items():
        if name not in today.functions or types(today.functions[name]) != types(function):
            found.append(f"{name}() is gone or another")
    found += [f"{name} is gone or another" for name, text in FROZEN.callbacks.items() if today.callbacks.get(name) != text]
    found += [f"enum {name} lacks a value" for name, values in FROZEN.enums.items()
              if not set(values) <= set(today.enums.get(name, []))]
    found += [f"struct {name} lost a member" for name, members in FROZEN.structs.items()
              if not lasts(members, today.structs.get(name, []))]
    return found


def grown(today):
    """Structs with members that the release did not have, which programs give their own size."""
    return [name for name, members in FROZEN.structs.items()
            if members[0] == "size_t size" and len(today.structs.get(name, [])) > len(members)]


def abidiff(library, today, folder):
    """0 when nothing but what may be added differs. libabigail 2.2 tells growth from change only by a suppression."""
    rules = folder / "suppressions.ini"
    rules.write_text(abi.SUPPRESSIONS.read_text() + "".join(
        f"[suppress_type]\n  name = {name}\n  has_data_member_inserted_at = end\n" for name in grown(today)))
    return subprocess.run(["abidiff", "--no-architecture", "--no-added-syms", "--suppressions", rules, abi.DUMP, library],
                          stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)


def test_headers_keep_what_they_had():
    assert len(FROZEN.functions) > 80 and len(FROZEN.structs) > 30 and len(FROZEN.enums) > 20
    assert not broken(TODAY)


@needs_abigail
def test_library_keeps_what_it_had(build, tmp_path):
    done = abidiff(build / "lib" / "libtachyon.so", TODAY, tmp_path)
    assert done.returncode == 0, done.stdout


@needs_abigail
@pytest.mark.parametrize("header, old, new, breaks", [
    ("snapshot.h", "uint64_t thread_key;", "uint64_t thread_key; uint64_t more;", False),
    ("opcode.h", "TY_API int ty_decode", "TY_API int ty_more(void);\nTY_API int ty_decode", False),
    ("base.h", "TY_CLASS_SYSTEM = 6", "TY_CLASS_MORE = 7, TY_CLASS_SYSTEM = 6", False),
    ("processes.h", "int reserved;", "int meaning;", False),
    ("sink.h", "(int fd, ty_sink **sink)", "(int descriptor, ty_sink **sink)", False),
    ("snapshot.h", "uint32_t task;", "uint32_t task; uint32_t more;", True),
    ("snapshot.h", "uint32_t frame_count;", "uint32_t frame_count; uint64_t more;", True),
    ("snapshot.h", "uint64_t native_id;", "int64_t native_id;", True),
    ("snapshot.h", "uint64_t native_id;", "uint64_t kernel_id;", True),
    ("snapshot.h", "uint32_t id, ty_function_info", "uint64_t id, ty_function_info", True),
    ("sink.h", "TY_API int ty_sink_fd(int fd, ty_sink **sink);", "", True),
    ("sink.h", "(const void *data, size_t size_bytes, void *user_data)", "(const void *data, int size_bytes, void *user_data)",
     True),
    ("base.h", "TY_CLASS_SYSTEM = 6", "TY_CLASS_SYSTEM = 7", True),
], ids=["struct grows", "function more", "value more", "reserved used", "argument renamed", "ty_frame grows", "inserted", "sign", "renamed",
        "argument", "function gone", "callback", "value changed"])
def test_what_breaks_programs_is_seen(header, old, new, breaks, tmp_path):
    """The two looks together, at libraries made of changed headers."""
    shutil.copytree(abi.INCLUDE, tmp_path / "include")
    path = tmp_path / "include" / "tachyon" / header
    text = path.read_text()
    assert old in text
    path.write_text(text.replace(old, new, 1))
    changed = abi.Declarations(abi.headers_text(tmp_path / "include"))
    done = abidiff(abi.stand_in(tmp_path, tmp_path / "include"), changed, tmp_path)
    assert (bool(broken(changed)) or done.returncode != 0) == breaks, done.stdout


def test_what_is_written_down_is_of_no_machine():
    dump, header = abi.DUMP.read_text(), abi.HEADER.read_text()
    assert not re.findall(r"path='/[^']*'|/(?:home|root|tmp|work|usr)/\S*|comp-dir-path|architecture=", dump + header)
    # Both are of one moment.
    assert set(re.findall(r"<elf-symbol name='(\w+)'", dump)) == set(FROZEN.functions)


def test_every_value_is_pinned():
    """An enumeration that counts by itself would count anew with a value more."""
    assert not [value for values in TODAY.enums.values() for value in values if "=" not in value]


@pytest.mark.parametrize("name", sorted(TODAY.structs))
def test_layout_is_pinned(name):
    assert f"SIZE({name}, " in LAYOUT
    declared = [re.search(r"\(\*(\w+)\)|(\w+)(?:\[\w+\])?$", member) for member in TODAY.structs[name]]
    assert re.findall(rf"MEMBER\({name}, (\w+),", LAYOUT) == [found[1] or found[2] for found in declared]


def test_a_program_built_then_runs_now(build, tmp_path):
    """Compiled with the release's header, which is a copy, and linked by soname with the library of today."""
    executable = tmp_path / "program"
    library = build / "lib"
    subprocess.run(["gcc", "-std=c99", "-Wall", "-Wextra", "-Wno-missing-field-initializers", "-Werror", "-o", executable,
                    abi.FOLDER / "program.c", f"-L{library}", "-ltachyon", f"-Wl,-rpath,{library}"], check=True)
    with interpreters.start(interpreters.load()[0], PARK) as target:
        done = subprocess.run([executable, str(target.pid)], stdout=subprocess.PIPE, text=True, timeout=60)
    assert done.stdout.splitlines()[-1:] == ["all as in 0.1"], done.stdout
    assert done.returncode == 0
