# SPDX-License-Identifier: Apache-2.0
"""A program to profile: a report on the source code of Python's own standard library.

It reads modules of the library, tokenizes and parses them, measures their functions, looks for functions that resemble
each other, and writes and reads the result as CSV and JSON. It needs nothing but the standard library, does the same
work in every run, and takes about 10 seconds.

    python3 stdlib_report.py [MODULES]
"""

import ast
import collections
import csv
import difflib
import io
import itertools
import json
import pathlib
import re
import sys
import sysconfig
import tokenize

WORD = re.compile(r"[A-Za-z][a-z]{2,}")
REFERENCE = re.compile(r"https?://[^\s)>\"']+|(?:RFC|PEP|bpo-|gh-)\s?\d+")
BRANCHES = (ast.If, ast.For, ast.While, ast.ExceptHandler, ast.BoolOp, ast.IfExp, ast.comprehension)
FIELDS = ("module", "function", "line", "lines", "arguments", "complexity", "depth", "words")
SIMILAR = 0.75


def library_modules(count):
    """The `count` largest modules, whose names are the same in every version of Python that has them."""
    library = pathlib.Path(sysconfig.get_path("stdlib"))
    modules = [path for path in library.glob("*.py") if path.is_file() and not path.name.startswith("_")]
    return sorted(sorted(modules, key=lambda path: (-path.stat().st_size, path.name))[:count])


def count_tokens(source):
    """How often each name and operator occurs."""
    names, operators = collections.Counter(), collections.Counter()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NAME:
            names[token.string] += 1
        elif token.type == tokenize.OP:
            operators[token.string] += 1
    return names, operators


class FunctionFinder(ast.NodeVisitor):
    """Collects the functions of a module with their dotted names."""

    def __init__(self):
        self.path = []
        self.functions = []

    def visit_scope(self, node):
        self.path.append(node.name)
        if not isinstance(node, ast.ClassDef):
            self.functions.append((".".join(self.path), node))
        self.generic_visit(node)
        self.path.pop()

    visit_ClassDef = visit_FunctionDef = visit_AsyncFunctionDef = visit_scope


def complexity(function):
    return 1 + sum(isinstance(node, BRANCHES) for node in ast.walk(function))


def nesting_depth(node):
    return 1 + max(map(nesting_depth, ast.iter_child_nodes(node)), default=0)


def measure(module, name, function):
    documentation = ast.get_docstring(function) or ""
    arguments = function.args
    return {
        "module": module,
        "function": name,
        "line": function.lineno,
        "lines": function.end_lineno - function.lineno + 1,
        "arguments": len(arguments.args) + len(arguments.kwonlyargs) + len(arguments.posonlyargs),
        "complexity": complexity(function),
        "depth": nesting_depth(function),
        "words": len(WORD.findall(documentation)),
    }


def normalized(function):
    """The shape of a function: its code without names of variables, so that renamed copies resemble each other."""
    return [type(node).__name__ for node in ast.walk(function)]


def similar_functions(shapes):
    """Pairs of functions of about the same size whose shapes are nearly equal."""
    ordered = sorted(shapes, key=lambda entry: (len(entry[1]), entry[0]))
    for (name, shape), (other_name, other) in itertools.pairwise(ordered):
        matcher = difflib.SequenceMatcher(None, shape, other, autojunk=False)
        if matcher.quick_ratio() > SIMILAR and matcher.ratio() > SIMILAR:
            yield name, other_name, round(matcher.ratio(), 3)


def through_csv(rows):
    """Writes rows as CSV and reads them back."""
    text = io.StringIO()
    writer = csv.DictWriter(text, FIELDS)
    writer.writeheader()
    writer.writerows(rows)
    text.seek(0)
    return [{key: int(value) if value.isdigit() else value for key, value in row.items()} for row in csv.DictReader(text)]


def tree_document(node):
    """A syntax tree as plain dictionaries and lists."""
    document = {"type": type(node).__name__}
    if hasattr(node, "lineno"):
        document["span"] = [node.lineno, node.col_offset, node.end_lineno, node.end_col_offset]
    children = [tree_document(child) for child in ast.iter_child_nodes(node)]
    if children:
        document["children"] = children
    return document


def through_json(document):
    """Writes a document as indented JSON and reads it back."""
    return json.loads(json.dumps(document, indent=2, sort_keys=True))


def examine(path, report):
    source = path.read_text(encoding="utf-8")
    names, operators = count_tokens(source)
    tree = ast.parse(source)
    finder = FunctionFinder()
    finder.visit(tree)
    document = tree_document(tree)
    assert through_json(document) == document
    report["names"].update(names)
    report["operators"].update(operators)
    report["references"].update(REFERENCE.findall(source))
    for name, function in finder.functions:
        report["rows"].append(measure(path.stem, name, function))
        shape = normalized(function)
        if 60 <= len(shape) <= 600:
            report["shapes"].append((f"{path.stem}.{name}", shape))


def print_report(report, pairs):
    rows = report["rows"]
    print(f"{len(rows)} functions, {sum(row['lines'] for row in rows)} lines, {len(report['references'])} references")
    print("most complex:", ", ".join(f"{row['module']}.{row['function']} ({row['complexity']})" for row in
                                     sorted(rows, key=lambda row: (-row["complexity"], row["function"]))[:3]))
    print("most alike:  ", ", ".join(f"{one} and {other} ({ratio:.0%})" for one, other, ratio in
                                     sorted(pairs, key=lambda pair: (-pair[2], pair[0]))[:3]))


def main(modules=26):
    report = {"names": collections.Counter(), "operators": collections.Counter(),
              "references": collections.Counter(), "rows": [], "shapes": []}
    for path in library_modules(modules):
        examine(path, report)
    pairs = list(similar_functions(report["shapes"]))
    assert through_csv(report["rows"]) == report["rows"]
    document = {key: report[key] for key in ("names", "operators", "references", "rows")}
    assert through_json(document)["rows"] == report["rows"]
    print_report(report, pairs)


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
