# SPDX-License-Identifier: Apache-2.0
"""Makes the set of possible stacks of an oracle program, in the form that oracle.c reads, from the program's own comments
(programs/harness.py says how they are written).

One item a line, fields separated by tabs; lines are counted from the first of the function, so that code made at run
time has the same ones wherever it begins:

    depth   MAX
    at      FILE:FUNCTION   DEPTH
    root    FILE:FUNCTION
    edge    FILE:CALLER     LINE    FILE:FUNCTION
"""

import ast
import pathlib
import re

PROGRAMS = pathlib.Path(__file__).resolve().parent / "programs"
MARK = re.compile(r"#\s*->\s*(.+)$")


def program_names():
    return sorted(path.stem for path in PROGRAMS.glob("*.py") if path.stem != "harness")


def _settings(tree):
    """Top-level assignments of constants."""
    found = {}
    for node in tree.body:
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            try:
                found[node.targets[0].id] = ast.literal_eval(node.value)
            except ValueError:
                pass
    return found


def _functions(node, prefix=""):
    """(qualified name, first line, last line) of every function, inner ones after their outer ones."""
    for child in ast.iter_child_nodes(node):
        if isinstance(child, (ast.FunctionDef, ast.AsyncFunctionDef)):
            first = min([child.lineno, *(decorator.lineno for decorator in child.decorator_list)])
            yield prefix + child.name, first, child.end_lineno
            yield from _functions(child, f"{prefix}{child.name}.<locals>.")
        elif isinstance(child, ast.ClassDef):
            yield from _functions(child, f"{prefix}{child.name}.")


def _edges(name, text, tree):
    functions = list(_functions(tree))
    for number, line in enumerate(text.splitlines(), 1):
        mark = MARK.search(line)
        if not mark:
            continue
        around = [(function, first) for function, first, last in functions if first <= number <= last]
        caller, first = around[-1] if around else ("<module>", 1)
        for callee in mark[1].split(","):
            callee = callee.strip()
            yield f"{name}:{caller}", number - first, callee if ":" in callee else f"{name}:{callee}"


def grammar(name):
    text = (PROGRAMS / f"{name}.py").read_text()
    tree = ast.parse(text)
    settings = _settings(tree)
    roots = [f"{name}:<module>", *settings.get("ROOTS", [])]
    edges = [*_edges(name, text, tree), *settings.get("EDGES", [])]
    for other in sorted({root.split(":")[0] for root in roots} - {name}):
        other_text = (PROGRAMS / f"{other}.py").read_text()
        edges += _edges(other, other_text, ast.parse(other_text))
    lines = [f"depth\t{settings['MAX_DEPTH']}", *(f"root\t{root}" for root in roots),
             *(f"at\t{function}\t{depth}" for function, depth in settings.get("AT_DEPTH", [])),
             *(f"edge\t{caller}\t{line}\t{callee}" for caller, line, callee in edges)]
    return "\n".join(lines) + "\n"


if __name__ == "__main__":
    for program in program_names():
        print(f"[{program}]\n{grammar(program)}")
