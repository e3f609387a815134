# SPDX-License-Identifier: Apache-2.0
"""Every instruction as the interpreter's own dis shows it; a part of what tests/python/check_disassembly.py --all compares."""

import sys

import pytest
from interpreters import TESTS

sys.path.insert(0, str(TESTS / "python"))

import check_disassembly  # noqa: E402

STEP = 20  # of the standard library every 20th file


@pytest.fixture(scope="session")
def dump(build):
    return build / "tests" / "python" / "disassemble_dump"


def test_agrees_with_dis(interpreter, dump):
    total, specialized, different, _ = check_disassembly.run(interpreter, dump, [STEP], check_disassembly.exact)
    assert total > 20000
    assert specialized > 1000
    assert different == 0


def test_sees_through_instrumentation(interpreter, dump):
    if not check_disassembly.has_events(interpreter):
        pytest.skip("without sys.monitoring nothing is instrumented")
    check_hidden(interpreter, dump, "events", 1000)


def test_sees_through_traces(interpreter, dump):
    if not check_disassembly.has_traces(interpreter):
        pytest.skip("no JIT")
    check_hidden(interpreter, dump, "traces", 1)


def check_hidden(interpreter, dump, how, least):
    total, _, different, ready = check_disassembly.run(interpreter, dump, [1, how], check_disassembly.generic)
    assert total > 10000
    assert int(ready.split()[1]) >= least
    assert different == 0
