# SPDX-License-Identifier: Apache-2.0
"""Loops whose instructions must specialize in a known way, or cannot: samples show them in that form and no other."""

import pytest

import annotation
import interpreters
from conftest import TARGETS

# Of what is sampled on such an instruction; the rest is what was seen before it had warmed up.
LEAST_SHARE = 0.95
ENOUGH = 40

GENERIC = {"BINARY_OP", "BINARY_OP_ADAPTIVE"}
SUBSCRIPT = {"BINARY_SUBSCR_DICT", "BINARY_OP_SUBSCR_DICT"}
# Function: generic forms of the operation, and what it must have become.
EXPECTED = {
    "int_add": ({"BINARY_OP"}, {"BINARY_OP_ADD_INT"}),
    "float_add": ({"BINARY_OP"}, {"BINARY_OP_ADD_FLOAT"}),
    "instance_attribute": ({"LOAD_ATTR"}, {"LOAD_ATTR_INSTANCE_VALUE"}),
    "slot_attribute": ({"LOAD_ATTR"}, {"LOAD_ATTR_SLOT"}),
    "module_attribute": ({"LOAD_ATTR"}, {"LOAD_ATTR_MODULE"}),
    "method_call": ({"LOAD_ATTR", "LOAD_METHOD"}, {"LOAD_ATTR_METHOD_WITH_VALUES", "LOAD_METHOD_WITH_VALUES"}),
    "dict_lookup": ({"BINARY_OP", "BINARY_SUBSCR"}, SUBSCRIPT),
    "global_lookup": ({"LOAD_GLOBAL"}, {"LOAD_GLOBAL_MODULE"}),
    # No version has a form for complex numbers. BINARY_OP_ADAPTIVE counts the calls that go by until the next try.
    "complex_add": ({"BINARY_OP"}, GENERIC),
}


@pytest.fixture(scope="module")
def mixes(interpreter):
    with interpreters.start(interpreter, TARGETS / "mixes.py", "all") as target:
        found = {}
        for _ in range(annotation.ROUNDS):
            functions = annotation.functions(annotation.take(target.pid, "--limit", 100, seconds=3))
            for name in EXPECTED:
                found.setdefault(name, []).append(functions.get(name))
            if all(samples(found[name], *EXPECTED[name])[0] >= ENOUGH for name in EXPECTED):
                return found
        raise AssertionError("not enough samples")


def is_operation(instruction, bases):
    """Every function looks up "range" as well."""
    return instruction["base"] in bases and "range" not in instruction["argument_text"]


def samples(functions, bases, names):
    """Leaf samples of instructions with a base, and those of them in the forms that are expected."""
    total = expected = 0
    for instruction in (instruction for function in functions if function for instruction in function["instructions"]):
        if is_operation(instruction, bases):
            total += instruction["leaf"]
            expected += sum(form["leaf"] for form in instruction["forms"] if form["instruction"] in names)
    return total, expected


@pytest.mark.parametrize("name", EXPECTED)
def test_form(mixes, name):
    total, expected = samples(mixes[name], *EXPECTED[name])
    assert expected >= LEAST_SHARE * total


@pytest.mark.parametrize("name", EXPECTED)
def test_every_instruction_of_it_is_listed(mixes, name):
    """Sampled or not, and as often as it stands in the source."""
    for function in filter(None, mixes[name]):
        assert function["disassembled"]
        listed = [instruction for instruction in function["instructions"] if is_operation(instruction, EXPECTED[name][0])]
        assert len(listed) == (4 if name == "method_call" else 8)
        offsets = [instruction["offset"] for instruction in function["instructions"]]
        assert offsets == sorted(set(offsets))


def test_what_could_be_specialized_is_what_cannot(mixes, interpreter):
    """complex_add alone stays generic; the rest of the program has next to nothing of it."""
    for name, functions in mixes.items():
        for function in filter(None, functions):
            specialization = function["specialization"]
            assert sum(specialization.values()) == function["leaf"]
            if name != "complex_add" and function["leaf"] >= ENOUGH:
                assert specialization["generic"] <= (1 - LEAST_SHARE) * function["leaf"]
                assert specialization["specialized"] > 0
            assert specialization["unknown"] <= 0.02 * function["leaf"] + 1


def test_becomes_generic_when_types_change(interpreter):
    bases, ints = EXPECTED["int_add"]
    with interpreters.start(interpreter, TARGETS / "mixes.py", "turning") as target:
        before = collect(target.pid, bases, ints)
        target.write_line()
        assert target.read_line() == "running"
        after = collect(target.pid, bases, GENERIC)
    assert before[1] >= LEAST_SHARE * before[0]
    assert after[1] >= LEAST_SHARE * after[0]


def collect(pid, bases, names):
    functions = []
    for _ in range(annotation.ROUNDS):
        functions.append(annotation.functions(annotation.take(pid, "--function", "int_add", seconds=1))["int_add"])
        total, expected = samples(functions, bases, names)
        if total >= ENOUGH:
            return total, expected
    raise AssertionError(f"{total} samples")
