# SPDX-License-Identifier: Apache-2.0
"""What the programs of the oracle share: the hand-shake, and an end that costs a loop nothing.

How the possible stacks are declared
------------------------------------
In the program itself, beside the code: a comment "# -> name, name" on a line says that the function around that line may
call the functions of those qualified names there ("other:name" for a function of other.py). grammar.py makes the set of
possible stacks from it: the outermost function is a root ("<module>", or one that the program lists in ROOTS), every
frame below another stands on a line that may call it, and no stack has more than MAX_DEPTH frames. Functions have
names of their own, so that a call from one place cannot be taken for a call from another; AT_DEPTH lists functions that
are always so many frames deep, where recursion would hide that some are missing.

Functions made at run time live in files named "<made NUMBER>", their names end with "__NUMBER" ("__*" in a comment), and
they meet only those with their own number. EDGES lists what they may call.
"""

import fcntl
import os


def begin():
    """Says that the loop begins. When standard input is closed the kernel sends SIGIO, whose default action ends the
    process: no thread and no check in the loop, whose stacks are what is measured."""
    fcntl.fcntl(0, fcntl.F_SETOWN, os.getpid())
    fcntl.fcntl(0, fcntl.F_SETFL, fcntl.fcntl(0, fcntl.F_GETFL) | os.O_ASYNC)
    print("ready", flush=True)
