# SPDX-License-Identifier: Apache-2.0
"""A terminal for programs that draw: tmux, driven by keys and looked at as text."""

import contextlib
import os
import re
import shlex
import subprocess
import time
import uuid

TIMEOUT_S = 20
PROMPT = r"^\$ ?$"


class Screen:
    """A window of a tmux server of its own, with a shell in it."""

    def __init__(self, columns, rows, term="screen-256color", **environment):
        self.server = f"tachyon-{os.getpid()}-{uuid.uuid4().hex[:8]}"
        environment = {"LC_ALL": "C.UTF-8", "NO_COLOR": "", "PS1": "$ ", **environment}
        words = [f"{name}={value}" for name, value in environment.items()]
        self.tmux("-f", "/dev/null", "new-session", "-d", "-x", columns, "-y", rows, shlex.join(["env", *words, "sh"]),
                  ";", "set-option", "-g", "default-terminal", term, ";", "set-option", "-g", "mouse", "off")
        self.type(f"export TERM={term}; stty rows {rows} columns {columns}; clear", "Enter")
        self.wait(PROMPT)

    def tmux(self, *words):
        environment = dict(os.environ, LC_ALL="C.UTF-8")
        return subprocess.run(["tmux", "-u", "-L", self.server, *map(str, words)], check=True, timeout=TIMEOUT_S,
                              stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, env=environment).stdout.decode()

    def close(self):
        with contextlib.suppress(subprocess.CalledProcessError):
            self.tmux("kill-server")

    def type(self, *keys):
        self.tmux("send-keys", *keys)

    def run(self, *words):
        """A command of the shell; its exit status is shown when it is over."""
        self.type(shlex.join(map(str, words)) + "; echo status=$?", "Enter")

    def text(self, *options):
        return self.tmux("capture-pane", "-p", *options).rstrip("\n")

    def resize(self, columns, rows):
        self.tmux("resize-window", "-x", columns, "-y", rows)

    def wait(self, pattern, *options, timeout_s=TIMEOUT_S):
        """Waits until the screen shows something; gives what it shows then."""
        deadline = time.monotonic() + timeout_s
        while not re.search(pattern, text := self.text(*options), re.M):
            assert time.monotonic() < deadline, f"no {pattern!r} on\n{text}"
            time.sleep(0.05)
        return text

    def settings(self):
        """What stty says of the terminal, by somebody else: nothing must differ when a program has ended."""
        tty = self.tmux("display-message", "-p", "#{pane_tty}").strip()
        shown = subprocess.run(["stty", "-a", "-F", tty], check=True, stdout=subprocess.PIPE, text=True).stdout
        return re.sub(r"rows \d+; columns \d+; ", "", shown)

    def is_alternate(self):
        return self.tmux("display-message", "-p", "#{alternate_on}").strip() == "1"


@contextlib.contextmanager
def opened(columns=110, rows=30, **options):
    screen = Screen(columns, rows, **options)
    try:
        yield screen
    finally:
        screen.close()
