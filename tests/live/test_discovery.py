# SPDX-License-Identifier: Apache-2.0
"""The runtime is found wherever it lives: and where there is none, or none that can be read, the error says so."""

import json
import os
import pathlib
import shutil
import struct
import subprocess
import tempfile

import pytest

import interpreters
import snapshot

EMBED = interpreters.BUILD / "tests" / "live" / "embed"
ELF_SECTION_FIELDS = ((0x28, 8), (0x3A, 2), (0x3C, 2), (0x3E, 2))  # e_shoff, e_shentsize, e_shnum, e_shstrndx


def assert_sees(process, ready, **known):
    """The library's frames are the target's."""
    sample = snapshot.take(process)
    assert sample["status"] == 0, sample
    for key, value in known.items():
        assert sample[key] == value
    assert_same(sample, ready)
    return sample


def assert_same(sample, ready):
    assert sample["status"] == 0, sample
    wanted = json.loads(ready)["threads"][0]["frames"]
    found = snapshot.caller_frames(sample["threads"][0])
    assert [(frame["qualname"], frame["position"]) for frame in found] == [
        (frame["qualname"], frame["position"]) for frame in wanted]


@pytest.fixture
def visible_tmp():
    """A directory that an interpreter in its own mount namespace sees too, and other users."""
    with tempfile.TemporaryDirectory(prefix="libtachyon-test-", dir="/tmp") as directory:
        os.chmod(directory, 0o755)
        yield pathlib.Path(directory)


def libpython(interpreter):
    """The path of its shared libpython, as the interpreter itself sees it."""
    name = f"libpython{interpreter.version[0]}.{interpreter.version[1]}.so.1.0"
    root = interpreter.tree or pathlib.Path("/")
    base = root / "usr" if interpreter.tree else pathlib.Path(interpreter.command[0]).parent.parent
    found = next(base.glob(f"lib/**/{name}"), None)
    if not found:
        pytest.skip(f"{interpreter} has no shared libpython")
    return pathlib.Path("/") / found.relative_to(root)


def without_sections(source, destination):
    """A copy of an ELF file whose section headers are gone, as some packers and strippers leave it."""
    image = bytearray(pathlib.Path(source).read_bytes())
    for offset, size in ELF_SECTION_FIELDS:
        image[offset:offset + size] = struct.pack("<Q", 0)[:size]
    destination.write_bytes(image)
    destination.chmod(0o755)
    return destination


def home(interpreter):
    """PYTHONHOME for an executable that does not lie where it was installed."""
    prefix = "/usr" if interpreter.tree else pathlib.Path(interpreter.command[0]).parent.parent
    return dict(os.environ, PYTHONHOME=str(prefix))


def embedded(interpreter, visible_tmp, *arguments, wait=False):
    """The interpreter's libpython in a program that is not called python."""
    program = visible_tmp / "report-server"
    shutil.copy(EMBED, program)
    words = [program, *(["--wait"] if wait else []), libpython(interpreter), *arguments]
    return interpreters.start_command(interpreter.inside(*words), env=home(interpreter))


# ---- where a runtime can be ----

def test_shared_libpython_in_an_embedding_program(interpreter, visible_tmp, park):
    with embedded(interpreter, visible_tmp, park, "nested_functions") as target:
        sample = assert_sees(target.pid, target.ready)
        assert "libpython" in sample["runtime_path"]


def test_in_another_mount_namespace(interpreter, park):
    if not interpreter.tree:
        pytest.skip("runs in our own mount namespace")
    with interpreters.start(interpreter, park, "nested_functions") as target:
        assert os.readlink(f"/proc/{target.pid}/ns/mnt") != os.readlink("/proc/self/ns/mnt")
        # As the target names it: here that is another file, or none.
        assert_sees(target.pid, target.ready, runtime_path=interpreter.command[-1])


@pytest.mark.parametrize("unshare", [["--unshare-pid"], ["--unshare-user", "--unshare-pid"]], ids=["pid", "user and pid"])
def test_in_another_pid_namespace(interpreter, park, unshare):
    if not interpreter.tree:
        pytest.skip("runs without bubblewrap")
    words = [interpreter.command[0], *unshare, *interpreter.command[1:], park, "nested_functions"]
    with interpreters.start_command(words) as target:
        own = json.loads(target.ready)["threads"][0]["native_id"]
        assert own != target.pid
        sample = assert_sees(target.pid, target.ready, pid=target.pid, namespace_pid=own)
        assert (sample["threads"][0]["native_id"], sample["threads"][0]["host_id"]) == (own, target.pid)


def executable(interpreter):
    command = interpreter.command[-1]
    return interpreter.tree / command.lstrip("/") if interpreter.tree else pathlib.Path(command)


def test_renamed_stripped_executable(interpreter, visible_tmp, park):
    copy = visible_tmp / "server"
    subprocess.run(["strip", "--strip-all", "-o", copy, executable(interpreter)], check=True)
    with interpreters.start_command(interpreter.inside(copy, park, "nested_functions"), env=home(interpreter)) as target:
        assert_sees(target.pid, target.ready)


def test_executable_without_section_headers(interpreter, visible_tmp, park):
    copy = without_sections(executable(interpreter), visible_tmp / "server")
    with interpreters.start_command(interpreter.inside(copy, park, "nested_functions"), env=home(interpreter)) as target:
        assert_sees(target.pid, target.ready)


def test_libpython_without_section_headers(interpreter, visible_tmp, park):
    path = libpython(interpreter)
    original = interpreter.tree / path.relative_to("/") if interpreter.tree else path
    copy = without_sections(original, visible_tmp / "libpy.so")
    program = visible_tmp / "report-server"
    shutil.copy(EMBED, program)
    words = interpreter.inside(program, copy, park, "nested_functions")
    with interpreters.start_command(words, env=home(interpreter)) as target:
        assert_sees(target.pid, target.ready)


def test_executable_deleted_while_it_runs(interpreter, visible_tmp, park):
    """An upgrade replaces files under a running service."""
    copy = visible_tmp / "server"
    shutil.copy(executable(interpreter), copy)
    with interpreters.start_command(interpreter.inside(copy, park, "nested_functions"), env=home(interpreter)) as target:
        copy.unlink()
        assert_sees(target.pid, target.ready)


def second_copy(interpreter, visible_tmp, park):
    """A script that maps one more libpython, never initialised, before it comes to rest."""
    path = libpython(interpreter)
    original = interpreter.tree / path.relative_to("/") if interpreter.tree else path
    copy = visible_tmp / "libcopy.so"
    shutil.copy(original, copy)
    script = visible_tmp / "twice.py"
    script.write_text(f"import ctypes, runpy, sys\nctypes.CDLL({str(copy)!r})\nctypes.CDLL({str(path)!r})\n"
                      f"sys.argv = [{str(park)!r}, 'nested_functions']\nrunpy.run_path(sys.argv[0], None, '__main__')\n")
    return script


def test_libpython_mapped_twice(interpreter, visible_tmp, park):
    with embedded(interpreter, visible_tmp, second_copy(interpreter, visible_tmp, park)) as target:
        assert_sees(target.pid, target.ready)


def test_libpython_mapped_beside_a_static_python(interpreter, visible_tmp, park):
    with interpreters.start(interpreter, second_copy(interpreter, visible_tmp, park)) as target:
        assert_sees(target.pid, target.ready)


# ---- life of a process ----

def test_still_starting_then_started(interpreter, visible_tmp, park):
    with embedded(interpreter, visible_tmp, park, "nested_functions", wait=True) as target:
        with snapshot.Conversation(target.pid) as library:
            assert library.attached["status"] == snapshot.ESTARTING
            target.write_line()
            target.read_line()
            assert library.ask("reattach")["status"] == 0
            assert library.ask("sample")["status"] == 0


def test_end_between_samples(interpreter, park):
    with interpreters.start(interpreter, park, "nested_functions") as target:
        with snapshot.Conversation(target.pid) as library:
            assert library.ask("sample")["status"] == 0
            target.kill()
            assert library.ask("sample")["status"] == snapshot.EEXITED
            assert library.ask("sample")["status"] == snapshot.EEXITED


@pytest.mark.free_threaded
def test_exec_between_samples(interpreter, park):
    with interpreters.start(interpreter, park.parent / "replace.py", park) as target:
        with snapshot.Conversation(target.pid) as library:
            assert library.ask("sample")["status"] == 0
            target.write_line()
            ready = target.read_line()
            # Also where the executable, and with it runtime and main thread, lies at the same addresses again.
            assert library.ask("sample")["status"] == snapshot.EREPLACED
            assert library.ask("reattach")["status"] == 0
            assert_same(library.ask("sample"), ready)


# ---- what cannot be profiled ----

def test_process_that_is_not_python():
    with subprocess.Popen(["cat"], stdin=subprocess.PIPE) as process:
        answer = snapshot.take(process.pid)
        assert answer["status"] == snapshot.ENOTPYTHON
        assert str(process.pid) in answer["message"]


@pytest.mark.parametrize("pid", [0, -1, 2**22 + 1])
def test_no_such_process(pid):
    answer = snapshot.take(pid)
    assert answer["status"] < 0
    assert answer["message"]


def test_process_that_has_ended():
    process = subprocess.Popen(["true"])
    process.wait()
    answer = snapshot.take(process.pid)
    assert answer["status"] in (snapshot.EEXITED, snapshot.ESRCH)
    assert str(process.pid) in answer["message"]


def test_zombie():
    process = subprocess.Popen(["true"])
    os.waitid(os.P_PID, process.pid, os.WEXITED | os.WNOWAIT)
    assert snapshot.take(process.pid)["status"] < 0
    process.wait()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root can become somebody else")
def test_process_of_another_user(interpreter, visible_tmp, park):
    library = visible_tmp / "lib"
    library.mkdir()
    shutil.copy(interpreters.BUILD / "lib" / "libtachyon.so.0", library)
    tool = shutil.copy(snapshot.TOOL, visible_tmp)
    with interpreters.start(interpreter, park, "nested_functions") as target:
        run = subprocess.run([tool, str(target.pid)], user=65534, group=65534, extra_groups=[], stdout=subprocess.PIPE,
                             env={"LD_LIBRARY_PATH": str(library)})
        answer = json.loads(run.stdout)
        assert answer["status"] == snapshot.EPERMISSION
        assert "ptrace" in answer["message"].lower()


def old_pythons():
    versions = pathlib.Path(os.environ.get("PYENV_ROOT", pathlib.Path.home() / ".pyenv")) / "versions"
    return sorted(path for minor in range(7, 11) for path in versions.glob(f"3.{minor}.*/bin/python3.{minor}"))


@pytest.mark.parametrize("path", old_pythons() or [None], ids=lambda path: path.name if path else "none found")
def test_version_that_is_too_old(path):
    if not path:
        pytest.skip("no CPython before 3.11 here")
    with interpreters.start_command([path, "-c", "print(flush=True); input()"]) as target:
        answer = snapshot.take(target.pid)
        assert answer["status"] == snapshot.EVERSION
        assert path.name.removeprefix("python") in answer["message"]
