#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Records the captures of this directory again, and what is expected of them:

    record.py [NAME]…

NAME is an interpreter of tests/support/interpreters.sh's list (TACHYON_INTERPRETERS); without one all main versions are
recorded. A capture is made by the library; what is expected comes from the program itself (program.py), so that the
two are independent; NAME-states are of states.py, of which is known what its threads do. The program lies in /tmp while it is recorded: nothing of this machine gets into the files.
"""

import json
import pathlib
import shutil
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parent.parent / "support"))

import interpreters  # noqa: E402

TOOL = interpreters.BUILD / "tests" / "live" / "snapshot_json"


def forget_paths(capture, interpreter):
    """Puts paths that every machine could have in the place of the one that the runtime was found in (capture.h), and of those
    of its modules: of the same length, because they lie in memory."""
    version = ".".join(map(str, interpreter.version))
    prefix = interpreter.run("-S", "-E", "-c", "import sys; print(sys.base_prefix)").strip().encode()
    data = capture.read_bytes()
    length = int.from_bytes(data[28:32], "little")
    path = f"/usr/bin/python{version}".encode()
    memory = data[32 + length:].replace(prefix + b"/", b"/usr".ljust(len(prefix), b"/") + b"/")
    capture.write_bytes(data[:28] + len(path).to_bytes(4, "little") + path + memory)


def capture_of(interpreter, program, name, *options):
    """Records a capture with that name; gives what the program said."""
    with tempfile.TemporaryDirectory(prefix="tachyon-", dir="/tmp") as folder:
        script = pathlib.Path(folder) / "program.py"
        shutil.copy(HERE / program, script)
        with interpreters.start(interpreter, script, flags=["-S", "-E"]) as target:
            said = json.loads(target.ready)
            with subprocess.Popen([TOOL, "--interactive", "--all", *options, str(target.pid)], stdin=subprocess.PIPE,
                                  stdout=subprocess.PIPE, text=True) as tool:
                answers, _ = tool.communicate(f"capture {HERE / (name + '.tycap')}\n")
    statuses = [json.loads(line)["status"] for line in answers.splitlines()]
    if statuses != [0, 0]:
        raise SystemExit(f"{interpreter}: {answers}")
    forget_paths(HERE / f"{name}.tycap", interpreter)
    print(f"{name}: {(HERE / (name + '.tycap')).stat().st_size} bytes")
    return said


def record(interpreter):
    expected = capture_of(interpreter, "program.py", interpreter.name)
    lines = ",\n".join(" " + json.dumps(frame, ensure_ascii=False) for frame in expected)
    (HERE / f"{interpreter.name}.json").write_text(f"[\n{lines}\n]\n")
    capture_of(interpreter, "states.py", f"{interpreter.name}-states", "--native")


def main():
    for interpreter in interpreters.load(extra=False):
        if len(sys.argv) == 1 or interpreter.name in sys.argv[1:]:
            record(interpreter)


if __name__ == "__main__":
    main()
