#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Prints the opcodes of the interpreter that runs it, as the C file opcodes_3_N.c beside this script.

    python3.15 generate_opcodes.py >opcodes_3_15.c

Numbers, families, inline caches and argument kinds come from the modules of the interpreter itself. Only what those
cannot tell stands here: which forms say nothing about types, which instructions push or pop frames, and how
its dis shows an argument.
"""

import opcode
import re
import sys
import textwrap

MINOR = sys.version_info[1]
LINE_COLUMNS = 104

# Base opcodes that can have a live Python frame directly above theirs within one run of the interpreter loop, and the
# first minor version in which they do (Python/ceval.c, Python/bytecodes.c: DISPATCH_INLINED, _PUSH_FRAME). A missing one
# makes good samples look impossible, so the whole family is in for the sake of one form.
PUSHES = {
    "BINARY_SUBSCR": 11,  # BINARY_SUBSCR_GETITEM enters __getitem__
    "CALL": 11,
    "CALL_FUNCTION_EX": 12,
    "FOR_ITER": 12,  # FOR_ITER_GEN resumes the generator
    "LOAD_ATTR": 12,  # LOAD_ATTR_PROPERTY, LOAD_ATTR_GETATTRIBUTE_OVERRIDDEN
    "SEND": 12,
    "CALL_KW": 13,
    "EXIT_INIT_CHECK": 13,  # the trampoline between CALL_ALLOC_AND_ENTER_INIT and __init__ stands on it
    "BINARY_OP": 14,  # BINARY_OP_SUBSCR_GETITEM
}

# Of those, the ones whose callee is a generator or coroutine.
RESUMES = {"FOR_ITER", "SEND"}

# Forms of them that are for the iterators of built-in containers, which run no Python code.
CONTAINERS = {"FOR_ITER_LIST", "FOR_ITER_RANGE", "FOR_ITER_TUPLE"}

# Base opcodes by which programs usually have C code run a generator: loops, unpacking, and calls of next(), sum(), …
ITERATES = {
    "CALL",
    "CALL_FUNCTION_EX",
    "CALL_INTRINSIC_1",
    "CALL_KW",
    "FOR_ITER",
    "LIST_EXTEND",
    "SEND",
    "SET_UPDATE",
    "UNPACK_EX",
    "UNPACK_SEQUENCE",
}

# Base opcodes that move values between places of their own frame and run no other code, not even a finalizer.
QUIET = re.compile(
    r"NOP|CACHE|COPY|SWAP|PUSH_NULL|KW_NAMES|MAKE_CELL|COPY_FREE_VARS|JUMP_FORWARD|LOAD_CLOSURE|LOAD_COMMON_CONSTANT|"
    r"LOAD_(FAST|CONST|SMALL_INT)(_(?!DEREF).*)?|RETURN_GENERATOR|EXTENDED_ARG"
)

# Base opcodes after which their frame is gone from the stack: returned from, copied into a generator, or suspended.
RETURNS = {"INTERPRETER_EXIT", "RETURN_CONST", "RETURN_GENERATOR", "RETURN_VALUE", "YIELD_VALUE"}

# Base opcodes that end in the exception path by their nature.
RAISES = {"CLEANUP_THROW", "END_ASYNC_FOR", "RAISE_VARARGS", "RERAISE"}

# Opcodes that stand in the bytecode for another one, which is kept elsewhere in the code object.
HIDDEN = {"ENTER_EXECUTOR", "INSTRUMENTED_INSTRUCTION", "INSTRUMENTED_LINE"}

EXECUTOR = {"ENTER_EXECUTOR", "TRACE_RECORD"}

# Members of CPython's families that are chosen without looking at types.
BOOKKEEPING = re.compile(r".*_(ADAPTIVE|QUICK|JIT|IMMORTAL|MORTAL)|RESUME_CHECK")

# Up to 3.12 two underscores join the halves of a superinstruction; later ones are emitted by the compiler.
SUPER = re.compile(r".*__.*|(LOAD|STORE)_FAST(_BORROW)?_(LOAD|STORE)_FAST(_BORROW)?")


def numbers():
    """Name of every opcode that fits a byte -> number."""
    found = {name: number for name, number in opcode.opmap.items() if number < 256}
    if hasattr(opcode, "_specialized_opmap"):
        found.update(opcode._specialized_opmap)
    else:
        # Up to 3.12 the specialized forms fill the numbers that are free, in order.
        taken = set(found.values())
        free = (number for number in range(256) if number not in taken)
        found.update(zip(opcode._specialized_instructions, free))
    return found


NUMBERS = numbers()
HEADS = {form: head for head, forms in opcode._specializations.items() for form in forms}


def base_of(name):
    if name.startswith("INSTRUMENTED_") and name not in HIDDEN:
        return name[len("INSTRUMENTED_") :]
    return HEADS.get(name, name)


def caches_of(name):
    entries = opcode._inline_cache_entries
    if isinstance(entries, list):
        return entries[NUMBERS[name]]
    return entries.get(name, 0)


def argument_of(name):
    number = NUMBERS[name]
    # From 3.14 LOAD_DEREF counts as a local too, because cells have slots among the locals.
    if number in opcode.hasfree or name.endswith("_DEREF"):
        return "FREE"
    for kind in ("const", "name", "local", "jrel", "jabs", "compare"):
        if number in getattr(opcode, "has" + kind):
            return {"const": "CONSTANT", "jrel": "JUMP", "jabs": "JUMP"}.get(kind, kind.upper())
    return "NUMBER" if has_argument(number) else "NONE"


def has_argument(number):
    if hasattr(opcode, "hasarg"):
        return number in opcode.hasarg
    return number >= opcode.HAVE_ARGUMENT


def is_specialized(name):
    return name in HEADS and not BOOKKEEPING.fullmatch(name) and not SUPER.fullmatch(name)


def is_generic(name):
    """The head of a family that has specialized forms, or the form of it that still waits for types."""
    forms = opcode._specializations.get(HEADS.get(name, name), ())
    return (name not in HEADS or name.endswith("_ADAPTIVE")) and any(map(is_specialized, forms))


def flags_of(name, base):
    rules = [
        ("TY_OPCODE_HAS_ARGUMENT", argument_of(base) != "NONE"),
        ("TY_OPCODE_SPECIALIZED", is_specialized(name)),
        ("TY_OPCODE_INSTRUMENTED", name.startswith("INSTRUMENTED_")),
        ("TY_OPCODE_BOOKKEEPING", name in HEADS and BOOKKEEPING.fullmatch(name) or name == "TRACE_RECORD"),
        ("TY_OPCODE_SUPER", SUPER.fullmatch(name)),
        ("TY_OPCODE_EXECUTOR", name in EXECUTOR),
        ("TY_OPCODE_SPECIALIZABLE", is_generic(name)),
        ("TY_OPCODE_CACHE", name == "CACHE"),
        ("PY_OPCODE_PUSHES", PUSHES.get(base, 99) <= MINOR or name in HIDDEN),
        ("PY_OPCODE_RESUMES", base in RESUMES and PUSHES[base] <= MINOR or name in HIDDEN),
        ("PY_OPCODE_CONTAINER", name in CONTAINERS),
        ("PY_OPCODE_QUIET", QUIET.fullmatch(base) and not (SUPER.fullmatch(base) and "STORE" in base)),
        ("PY_OPCODE_ITERATES", base in ITERATES or name in HIDDEN),
        ("PY_OPCODE_CREATES", base == "RETURN_GENERATOR"),
        ("PY_OPCODE_RETURNS", base in RETURNS),
        ("PY_OPCODE_RAISES", base in RAISES),
        ("PY_OPCODE_HIDDEN", name in HIDDEN),
        ("PY_OPCODE_FAMILY", base in opcode._specializations),
        ("PY_OPCODE_EXTENDS", base == "EXTENDED_ARG"),
        ("PY_OPCODE_LINE", name == "INSTRUMENTED_LINE"),
    ]
    return " | ".join(flag for flag, holds in rules if holds) or "0"


def print_row(name, number, base):
    print(f'\t[{number}] = {{ .name = "{name}", .base = {NUMBERS[base]}, .caches = {caches_of(base)},')
    flags = f".argument = TY_ARGUMENT_{argument_of(base)}, .text = PY_TEXT_{text_of(base)}, .flags = {flags_of(name, base)} }},"
    print(textwrap.indent(textwrap.fill(flags, LINE_COLUMNS), "\t\t"))


def text_of(base):
    """How dis shows the argument of a base opcode: a name of enum py_text."""
    number = NUMBERS[base]
    if base in WORDS:
        return WORDS[base][0]
    if base in NAME_TEXTS and MINOR >= NAME_TEXTS[base][1]:
        return NAME_TEXTS[base][0]
    if argument_of(base) == "JUMP":
        backward = "JUMP_BACKWARD" in base or base == "END_ASYNC_FOR"
        return ("JUMP_FROM" if base == "END_ASYNC_FOR" else "JUMP_BACKWARD") if backward else "JUMP_FORWARD"
    if argument_of(base) == "CONSTANT":
        # dis of 3.11 gives no value for KW_NAMES.
        return "CONSTANT" if MINOR > 11 or base == "LOAD_CONST" else "NONE"
    if SUPER.fullmatch(base):
        return "LOCAL_PAIR"
    return {"NAME": "NAME", "LOCAL": "LOCAL", "FREE": "LOCAL", "COMPARE": "COMPARE"}.get(argument_of(base), "NONE")


def common_constant(value):
    return value.__name__ if isinstance(value, type) else repr(value)


def function_flags():
    return ("defaults", "kwdefaults", "annotations", "closure", "annotate")[: 5 if MINOR >= 14 else 4]


# Arguments that are numbers in a list of words, or flags that each have one.
WORDS = {
    "BINARY_OP": ("OPERATOR", [symbol for _, symbol in opcode._nb_ops]),
    "CALL_INTRINSIC_1": ("INTRINSIC_1", getattr(opcode, "_intrinsic_1_descs", ())),
    "CALL_INTRINSIC_2": ("INTRINSIC_2", getattr(opcode, "_intrinsic_2_descs", ())),
    "COMPARE_OP": ("COMPARE", opcode.cmp_op),
    "CONVERT_VALUE": ("CONVERSION", ("", "str", "repr", "ascii")),
    "FORMAT_VALUE": ("FORMAT", ("", "str", "repr", "ascii")),
    "LOAD_COMMON_CONSTANT": ("COMMON", [common_constant(value) for value in getattr(opcode, "_common_constants", ())]),
    "LOAD_SPECIAL": ("SPECIAL", getattr(opcode, "_special_method_names", ())),
    "SET_FUNCTION_ATTRIBUTE": ("FUNCTION_FLAGS", function_flags()),
}
if MINOR <= 12:
    WORDS["MAKE_FUNCTION"] = WORDS.pop("SET_FUNCTION_ATTRIBUTE")
if MINOR >= 14:
    WORDS["IS_OP"] = ("IS", ("is", "is not"))
    WORDS["CONTAINS_OP"] = ("CONTAINS", ("in", "not in"))
WORDS = {name: words for name, words in WORDS.items() if name in NUMBERS}

# Names whose index is shifted by flag bits, and since when.
NAME_TEXTS = {
    "LOAD_GLOBAL": ("GLOBAL", 11),
    "LOAD_ATTR": ("ATTRIBUTE", 12),
    "LOAD_SUPER_ATTR": ("SUPER_ATTRIBUTE", 12),
    "IMPORT_NAME": ("IMPORT", 15),
}


def print_dialect():
    for _, (text, words) in sorted(WORDS.items()):
        print(f"\nstatic const char *const {text}[] = {{")
        listed = ", ".join(f'"{word}"' for word in [*words]) + ", NULL"
        print(textwrap.indent(textwrap.fill(listed, LINE_COLUMNS), "\t"))
        print("};")
    print(f"\nconst struct py_dialect ty_dialect_3_{MINOR} = {{")
    print(f"\t.null_first = {str(MINOR <= 12).lower()},")
    print(f"\t.labels = {str(MINOR >= 13).lower()},")
    print(f"\t.compare_shift = {0 if MINOR == 11 else 4 if MINOR == 12 else 5},")
    print(f"\t.compare_bool = {16 if MINOR >= 13 else 0},")
    print(f"\t.tagged_int = {str(MINOR >= 12).lower()},")
    print(f"\t.tuple_items = {tuple.__basicsize__ - object.__basicsize__},")
    print(f"\t.unprintable = &ty_unprintable_3_{MINOR},")
    print("\t.words = {")
    for _, (text, _) in sorted(WORDS.items()):
        print(f"\t\t[PY_TEXT_{text}] = {text},")
    print("\t},\n};")


def main():
    print("/* SPDX-License-Identifier: Apache-2.0 */")
    print("/*")
    print(f" * The opcodes of CPython 3.{MINOR}. Generated, do not edit:")
    print(f" * python3.{MINOR} generate_opcodes.py >opcodes_3_{MINOR}.c")
    print(" */")
    print("#include <stddef.h>\n")
    print('#include "python/versions/opcodes.h"\n')
    print("/* clang-format off */")
    print(f"const struct py_opcode ty_opcodes_3_{MINOR}[PY_OPCODE_COUNT] = {{")
    for name, number in sorted(NUMBERS.items(), key=lambda item: item[1]):
        print_row(name, number, base_of(name))
    print("};")
    print_dialect()


if __name__ == "__main__":
    main()
