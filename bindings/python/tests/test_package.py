# SPDX-License-Identifier: Apache-2.0
"""The package: its types, its wheel, and what it does with a library that is not the one it was built for."""

import os
import pathlib
import re
import shutil
import subprocess
import sys
import sysconfig
import zipfile

import pytest

import interpreters

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parent
ROOT = SOURCE.parents[1]
TIMEOUT_S = 300

TYPED = """
import asyncio
import tachyon
from tachyon import remote_debugging

class Collector:
    def begin(self, run: tachyon.RunInfo) -> None: ...
    def sample(self, snapshot: tachyon.Snapshot) -> bool | None:
        return any(frame.line > 3 for thread in snapshot for frame in thread.frames)

@tachyon.profile("x.html")
def work(x: int) -> str:
    return str(x)

@tachyon.profile()
async def later(x: int) -> str:
    return str(x)

async def main() -> None:
    with tachyon.attach(1, threads="all") as target:
        async for snapshot in target.sampler(interval=0.1):
            leaf: tachyon.Frame = snapshot[0].frames[0]
            instruction = leaf.instruction
            reveal_type(instruction.name if instruction else None)
        summary = await target.sampler().run_async(Collector(), tachyon.collectors.pstats())
        reveal_type(summary.samples)
    with tachyon.Merged() as merged:
        source: tachyon.Target = merged.add(tachyon.attach(1))
        with merged.session(Collector(), tachyon.Live()) as session:
            reveal_type(session.sample(source))
        merged.run(live := tachyon.Live(opcodes=True), Collector(), interval=0.1)
        reveal_type([row.name for row in live.functions(group="file-lines", sort="tottime")])
    reveal_type(work(1))
    reveal_type(await later(1))
    reveal_type(remote_debugging.RemoteUnwinder(1).get_stack_trace()[0].threads[0].frame_info[0].funcname)
"""
REVEALED = ["str | None", "int", "bool", "list[str]", "str", "str", "str"]
WRONG = ['tachyon.attach("1")', 'tachyon.attach(1, threads="some")', "tachyon.attach(1).sample().frames", "work('1')",
         "tachyon.attach(1).sampler().run(3)", "tachyon.collectors.flamegraph(1.5)",
         "tachyon.Live().functions(group='some')", "tachyon.Merged().add(1)"]


def mypy(folder, *arguments):
    pytest.importorskip("mypy", reason="mypy could not be had")
    return subprocess.run([sys.executable, "-m", "mypy", "--strict", "--cache-dir", str(folder / "cache"), *arguments],
                          capture_output=True, text=True, cwd=folder, timeout=TIMEOUT_S,
                          env={**os.environ, "MYPYPATH": ""})


def test_the_package_is_strictly_typed(tmp_path, site):
    result = mypy(tmp_path, "-p", "tachyon", "--python-executable", sys.executable)
    assert result.returncode == 0, result.stdout


def test_programs_that_use_it_are_typed(tmp_path):
    (tmp_path / "uses.py").write_text(TYPED)
    result = mypy(tmp_path, "uses.py")
    revealed = [text.replace("builtins.", "") for text in re.findall(r'Revealed type is "([^"]*)"', result.stdout)]
    assert result.returncode == 0, result.stdout
    assert revealed == REVEALED
    (tmp_path / "wrong.py").write_text("import tachyon\nfrom uses import work\n" + "\n".join(WRONG) + "\n")
    result = mypy(tmp_path, "wrong.py")
    assert [int(line) for line in re.findall(r"^wrong.py:(\d+): error", result.stdout, re.M)] == \
        list(range(3, 3 + len(WRONG))), result.stdout


def test_the_stub_names_what_there_is():
    import tachyon._tachyon as module

    stub = (SOURCE / "tachyon" / "_tachyon.pyi").read_text()
    classes = {name: set(re.findall(r"^    (?:def )?(\w+)[(:]", body, re.M))
               for name, body in re.findall(r"^class (\w+).*?:\n(.*?)(?=^\S|\Z)", stub, re.M | re.S)
               if not name.startswith("_")}
    functions = set(re.findall(r"^(?:def )?(?!_|class)(\w+)[(:]", stub, re.M))
    there = {name for name in vars(module) if not name.startswith("_")}
    assert there == set(classes) | functions
    for name, methods in classes.items():
        public = {member for member in vars(getattr(module, name)) if not member.startswith("_")}
        public -= {"n_fields", "n_sequence_fields", "n_unnamed_fields"}
        assert public == {method for method in methods if not method.startswith("_")}, name


def test_the_wheel(wheel):
    assert re.fullmatch(r"libtachyon-[\d.]+-cp311-abi3-\w+\.whl", wheel.name)
    names = zipfile.ZipFile(wheel).namelist()
    assert {"tachyon/py.typed", "tachyon/_tachyon.pyi", "tachyon/_tachyon.abi3.so"} <= set(names)
    assert not [name for name in names if re.search(r"\.(h|pc|a)$|^bin|/test", name)]


def test_auditwheel(wheel):
    """The wheel under test is the one that auditwheel repaired."""
    pytest.importorskip("auditwheel", reason="auditwheel could not be had")
    shown = subprocess.run([sys.executable, "-m", "auditwheel", "show", str(wheel)], capture_output=True, text=True,
                           timeout=TIMEOUT_S)
    assert shown.returncode == 0, shown.stderr
    assert re.search(r'"manylinux_2_\d+_\w+"', shown.stdout.replace("\n", " ")), shown.stdout
    assert "manylinux" in wheel.name


def test_only_the_limited_api(site):
    """Names of CPython that the extension needs, against the list of the stable ABI as the oldest version has it."""
    extension = site / "tachyon" / "_tachyon.abi3.so"
    needed = subprocess.run(["nm", "-D", "--undefined-only", str(extension)], check=True, capture_output=True,
                            text=True).stdout
    names = set(re.findall(r"\b_?Py\w+", needed))
    exported = subprocess.run(["nm", "-D", "--defined-only", str(extension)], check=True, capture_output=True,
                              text=True).stdout
    assert len(names) > 50 and re.findall(r" [TDBR] (\w+)", exported) == ["PyInit__tachyon"]
    # Private names that are part of the stable ABI since long: the macros of the public headers stand on them.
    allowed = {"_PyArg_ParseTupleAndKeywords_SizeT", "_PyArg_ParseTuple_SizeT", "_PyObject_CallFunction_SizeT",
               "_PyObject_CallMethod_SizeT", "_PyObject_New", "_Py_BuildValue_SizeT", "_Py_Dealloc", "_Py_NoneStruct",
               "_Py_TrueStruct", "_Py_FalseStruct"}
    assert {name for name in names if name.startswith("_")} <= allowed


# ---- another library than the one it was built for ----

@pytest.fixture(scope="module")
def linked(tmp_path_factory):
    """The extension built against the shared library of the build, and the package around it."""
    folder = tmp_path_factory.mktemp("linked")
    package = folder / "tachyon"
    shutil.copytree(SOURCE / "tachyon", package, ignore=shutil.ignore_patterns("__pycache__", "*.so"))
    library = interpreters.BUILD / "lib" / "libtachyon.so"
    if not library.exists():
        pytest.skip(f"no {library}")
    flags = ["-shared", "-fPIC", "-DPy_LIMITED_API=0x030b0000", "-D_GNU_SOURCE", "-I", str(ROOT / "include"), "-I",
             sysconfig.get_path("include"), "-Wl,-z,now"]
    sources = [str(path) for path in (SOURCE / "src").glob("*.c")]
    subprocess.run(["cc", *flags, "-o", str(package / "_tachyon.abi3.so"), *sources, str(library)], check=True,
                   timeout=TIMEOUT_S)
    return folder


def use(linked, libraries):
    program = "import os, tachyon; print(tachyon.library_version, len(tachyon.attach(os.getpid()).sample()))"
    return subprocess.run([sys.executable, "-I", "-S", "-c", f"import sys; sys.path.append({str(linked)!r}); {program}"],
                          env={**os.environ, "LD_LIBRARY_PATH": str(libraries)}, capture_output=True, text=True,
                          timeout=TIMEOUT_S)


def preload(linked, folder):
    return subprocess.run([sys.executable, "-I", "-S", "-c", f"import sys; sys.path.append({str(linked)!r}); import tachyon;"
                           "print(tachyon.library_version)"], capture_output=True, text=True, timeout=TIMEOUT_S,
                          env={**os.environ, "LD_PRELOAD": str(folder / "libtachyon.so.0"),
                               "LD_LIBRARY_PATH": str(interpreters.BUILD / "lib")})


def test_the_library_it_was_built_for(linked):
    result = use(linked, interpreters.BUILD / "lib")
    assert result.returncode == 0, result.stderr
    assert re.fullmatch(r"\d+\.\d+\.\d+ 1\n", result.stdout)


def test_a_library_without_a_function(linked, tmp_path):
    """All symbols are looked for on import: nothing is left to fail, and to end the process, at the first call."""
    result = use(linked, compile_version(tmp_path / "bare", "0x000100", "0.1.0"))
    assert result.returncode == 1 and "ImportError" in result.stderr and "ty_" in result.stderr


def compile_version(folder, number, name):
    folder.mkdir()
    source = folder / "version.c"
    source.write_text(f'unsigned ty_version_number(void) {{ return {number}; }}\n'
                      f'const char *ty_version_string(void) {{ return "{name}"; }}\n')
    subprocess.run(["cc", "-shared", "-fPIC", "-o", str(folder / "libtachyon.so.0"), str(source)], check=True)
    return folder


def test_an_older_and_a_newer_library(linked, tmp_path):
    """A library that says so of itself, in front of the real one."""
    older = preload(linked, compile_version(tmp_path / "older", "0x000005", "0.0.5"))
    assert older.returncode == 1 and "ImportError: libtachyon 0.0.5 is too old" in older.stderr
    newer = preload(linked, compile_version(tmp_path / "newer", "0x010000", "1.0.0"))
    assert newer.returncode == 0 and newer.stdout == "1.0.0\n"
