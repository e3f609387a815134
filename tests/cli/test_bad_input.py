# SPDX-License-Identifier: Apache-2.0
"""What cannot work: a clear message, exit status 1, nothing left behind, and no program run in vain."""

import ctypes
import json
import os
import pathlib
import resource
import signal
import subprocess
import sys
import threading

import pytest
from interpreters import start_command

from program import TARGETS, read_stacks

BUSY = TARGETS / "busy.py"
PTRACE_SEIZE = 0x4206
NO_PID = 2**22 + 1  # above the largest value that /proc/sys/kernel/pid_max can have


def allow_no_files():
    """Files may not grow: what a full disk is to them, without one. Pipes may."""
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (0, 0))


def complaint(result, status=1):
    assert result.returncode == status, result.stderr
    assert result.stdout == ""
    assert result.stderr.startswith("tachyon-cli: ")
    return result.stderr


@pytest.mark.parametrize("command", ["attach", "dump"])
class TestProcess:
    def test_none_with_that_id(self, cli, command):
        assert f"there is no process {NO_PID}" in complaint(cli(command, NO_PID))

    @pytest.mark.parametrize("pid", ["0", "--", "99999999999"])
    def test_no_process_id(self, cli, command, pid):
        assert cli(command, pid).returncode in (1, 2)

    def test_not_python(self, cli, command):
        with subprocess.Popen(["sleep", "30"]) as process:
            text = complaint(cli(command, process.pid))
            process.kill()
        assert str(process.pid) in text and "Python" in text

    def test_a_thread_is_no_process(self, cli, command):
        """It has an entry in /proc as well; taken for a process, it would be called the main thread."""
        hold = threading.Event()
        thread = threading.Thread(target=hold.wait)
        thread.start()
        try:
            text = complaint(cli(command, thread.native_id))
        finally:
            hold.set()
            thread.join()
        assert f"there is no process {thread.native_id}: it is a thread of process {os.getpid()}" in text

    def test_kernel_thread(self, cli, command):
        """PID 2 is kthreadd where we see the host's processes; anywhere else it is somebody or nobody."""
        result = cli(command, 2, *(["-d", "0.1"] if command == "attach" else []))
        if not pathlib.Path("/proc/2/exe").exists():
            complaint(result)

    @pytest.mark.skipif(os.getuid() != 0, reason="only root can become somebody else")
    def test_of_another_user(self, cli, command):
        with start_command([sys.executable, BUSY, 30]) as target:
            probe = subprocess.run([cli.path, "--version"], user="nobody", capture_output=True)
            if probe.returncode:
                pytest.skip("nobody may not run the program from here")
            text = complaint(cli(command, target.pid, user="nobody"))
            target.kill()
        assert "permission" in text.lower() or "CAP_SYS_PTRACE" in text


def test_nothing_to_follow(cli):
    assert f"there is no process {NO_PID}" in complaint(cli("attach", "--subprocesses", NO_PID))


class TestRun:
    def test_script_not_found(self, cli):
        assert complaint(cli("run", "no/such/script.py")) == "tachyon-cli: cannot find the script 'no/such/script.py'\n"

    def test_command_not_found(self, cli):
        assert "cannot run 'no-such-command': No such file" in complaint(cli("run", "--", "no-such-command"))

    def test_interpreter_not_found(self, cli):
        assert "cannot run 'no-such-python'" in complaint(cli("run", "--python", "no-such-python", BUSY))

    def test_never_python(self, cli):
        assert "'sh' exited with status 3 before becoming Python" in complaint(cli("run", "--", "sh", "-c", "exit 3"))

    def test_killed_before_it_was_python(self, cli):
        assert "was ended by signal 9 before" in complaint(cli("run", "--", "sh", "-c", "kill -9 $$"))

    def test_module_not_found(self, cli, python, folder):
        """Python's own message and status."""
        result = cli("run", "-o", folder / "profile", "--python", python, "-m", "no_such_module")
        assert result.returncode == 1
        assert "No module named no_such_module" in result.stderr

    def test_syntax_error(self, cli, python, folder):
        (folder / "bad.py").write_text("def\n")
        result = cli("run", "-o", folder / "profile", "--python", python, folder / "bad.py")
        assert result.returncode == 1
        assert "SyntaxError" in result.stderr


class TestOutput:
    @pytest.mark.parametrize("option", ["--output", "--stats", "--heatmap"])
    @pytest.mark.parametrize("place", ["missing/file", "file/beneath"])
    def test_cannot_be_written(self, cli, python, folder, option, place):
        """It is said before the program has run."""
        (folder / "file").touch()
        ran = folder / "ran"
        result = cli("run", f"{option}={folder / place}", "--", python, "-c", f"open({str(ran)!r}, 'w')")
        assert f"cannot write '{folder / place}'" in complaint(result)
        assert not ran.exists()
        assert {path.name for path in folder.iterdir()} == {"file"}

    @pytest.mark.parametrize("format", ["--pstats", "--collapsed"])
    def test_disk_full(self, cli, python, format):
        result = cli("run", format, "-o", "/dev/full", "--", python, BUSY, 0.3)
        assert result.returncode == 1
        assert "No space left on device" in result.stderr

    def test_table_to_a_full_disk(self, cli, python):
        with open("/dev/full", "w") as full:
            result = subprocess.run(cli.command("run", "--", python, "-c", "import time; time.sleep(.2)"), stdout=full,
                                    stderr=subprocess.PIPE, text=True)
        assert result.returncode == 1
        assert "No space left on device" in result.stderr

    @pytest.mark.parametrize("arguments", [["--help"], ["--version"], ["run", "--help"], ["dump"], ["tasks"]])
    def test_what_is_printed_to_a_full_disk(self, cli, arguments):
        with open("/dev/full", "w") as full, start_command([sys.executable, BUSY, 30]) as target:
            pid = [] if arguments[-1].startswith("--") else [str(target.pid)]
            result = subprocess.run(cli.command(*arguments, *pid), stdout=full, stderr=subprocess.PIPE, text=True)
            target.kill()
        assert result.returncode == 1
        assert "cannot write to stdout: No space left on device" in result.stderr

    def test_reader_that_has_seen_enough(self, cli):
        with start_command([sys.executable, BUSY, 30]) as target:
            read_end, write_end = os.pipe()
            os.close(read_end)
            result = subprocess.run(cli.command("dump", target.pid), stdout=write_end, stderr=subprocess.PIPE)
            os.close(write_end)
            target.kill()
        assert (result.returncode, result.stderr) == (1, b"")

    def test_standard_streams_that_are_closed(self, cli, python, folder):
        """What is said must not get into a file that took their numbers, and the target has them closed as well."""
        target = f"import os, time; time.sleep(.1)\nopen({str(folder / 'open')!r}, 'w').write(str(os.path.exists('/proc/self/fd/2')))"
        line = '"$@" <&- >&- 2>&-'
        result = subprocess.run(["sh", "-c", line, "sh", *cli.command("run", "--collapsed=a", "--stats=b", "--", python, "-S",
                                                                      "-c", target)], cwd=folder)
        assert result.returncode == 0
        assert read_stacks(folder / "a") and json.loads((folder / "b").read_text())["samples"]
        assert (folder / "open").read_text() == "False"

    def test_table_to_a_closed_stdout(self, cli, python, folder):
        """It is said before the program has run."""
        result = subprocess.run(["sh", "-c", '"$@" >&-', "sh", *cli.command("run", "--", python, "-c", f"open({str(folder / 'x')!r}, 'w')")],
                                stderr=subprocess.PIPE, text=True)
        assert result.returncode == 1 and "cannot write 'stdout': Bad file descriptor" in result.stderr
        assert not (folder / "x").exists()

    def test_nothing_is_not_written_over_something(self, cli, folder):
        """Somebody else has stopped the thread: then there is no sample, and the earlier result stays."""
        (folder / "a").write_text("earlier")
        with start_command([sys.executable, BUSY, 30]) as target:
            libc = ctypes.CDLL(None, use_errno=True)
            assert libc.ptrace(PTRACE_SEIZE, target.pid, None, None) == 0
            result = cli("attach", "--blocking", "-d", 0.1, "--collapsed=a", target.pid, cwd=folder)
            target.kill()
        assert result.returncode == 1 and "nothing was written" in result.stderr
        assert {path.name: path.read_text() for path in folder.iterdir()} == {"a": "earlier"}

    def test_old_file_stays_until_the_new_one_is_there(self, cli, python, folder):
        (folder / "out").write_text("old")
        with cli.started("run", "--collapsed", "-o", folder / "out", "--", python, BUSY, 30) as process:
            process.stdout.readline()
            assert (folder / "out").read_text() == "old"
            process.send_signal(signal.SIGTERM)
            process.communicate(timeout=10)
        assert read_stacks(folder / "out")

    @pytest.mark.parametrize("name", ["-", "/dev/stdout", "/dev/fd/1", "out"])
    def test_result_to_stdout(self, cli, python, folder, name):
        """Also where stdout is a file, which must not be replaced by another one under its name."""
        with open(folder / "out", "w") as out:
            result = subprocess.run(cli.command("run", "--collapsed", "-o", name, "--", python, BUSY, 0.3), cwd=folder,
                                    stdout=out, stderr=subprocess.PIPE)
        text = (folder / "out").read_text()
        assert result.returncode == 0
        assert text.startswith("ready\ndone\ntid:") and text.endswith("\n")

    def test_default_names(self, cli, python, folder):
        run = cli("run", "--collapsed", "--", python, BUSY, 0.2, cwd=folder)
        into = folder / "into"
        into.mkdir()
        cli("run", "-o", into, "--", python, BUSY, 0.2, cwd=folder)
        cli("run", "--collapsed", "-o", into, "--", python, BUSY, 0.2, cwd=folder)
        [name] = [path.name for path in folder.iterdir() if path.is_file()]
        assert name.startswith("collapsed_") and name.endswith(".txt") and name in run.stderr
        assert sorted(path.name.rstrip("0123456789.pstatsx") for path in into.iterdir()) == ["collapsed_", "pstats_"]

    @pytest.mark.parametrize("format", ["--gecko", "--jsonl"])
    def test_temporary_files_are_full(self, cli, format):
        """What was gathered until then is the result, and it is said to be that."""
        with start_command([sys.executable, BUSY, 30]) as target:
            result = cli("attach", target.pid, format, *(["--times"] if format == "--jsonl" else []), "-o", "-",
                         "-r", "10khz", "-d", 20, preexec_fn=allow_no_files)
            target.kill()
        assert result.returncode == 1
        assert "'stdout' holds only what came before this error: File too large (temporary files; TMPDIR" in result.stderr
        if format == "--gecko":
            threads = json.loads(result.stdout)["threads"]
            assert sum(len(thread["samples"]["stack"]) for thread in threads) > 500
        else:
            records = [json.loads(line) for line in result.stdout.splitlines()]
            assert records[-1]["type"] == "end" and records[-1]["samples_total"] > 500
