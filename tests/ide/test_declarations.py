# SPDX-License-Identifier: Apache-2.0
"""What the examples declare of the library is what its headers say: every declaration, the layout of every struct, every
constant. And the headers are such that LuaJIT reads them as they are."""

import json
import os
import re
import subprocess

import pytest
from conftest import INCLUDE, ROOT, find_program

CDEF = ROOT / "examples" / "neovim" / "lua" / "tachyon" / "cdef.lua"
DECLARATIONS = ROOT / "examples" / "node" / "lib" / "declarations.js"
MEMBER = re.compile(r"(\w+)(?:\[\d+\])?;")


def normalised(text):
    return re.sub(r"\s*([*,;(){}=\[\]])\s*", r"\1", " ".join(text.split()))


def split(text):
    """Declarations, each up to the semicolon that ends it."""
    found, depth, begin = [], 0, 0
    for i, char in enumerate(text):
        depth += (char == "{") - (char == "}")
        if char == ";" and depth == 0:
            found.append(text[begin:i + 1])
            begin = i + 1
    return found


@pytest.fixture(scope="module")
def headers():
    """The public headers without comments, and without what they include of the system."""
    text = subprocess.run(["gcc", "-E", "-I", INCLUDE, "-"], input="#include <tachyon/tachyon.h>\n", text=True, check=True,
                          stdout=subprocess.PIPE).stdout
    lines, is_ours = [], False
    for line in text.splitlines():
        if line.startswith("# "):
            is_ours = "/tachyon/" in line
        elif is_ours:
            lines.append(line)
    return "\n".join(lines)


@pytest.fixture(scope="module")
def declared(headers):
    return {normalised(declaration) for declaration in split(headers)}


def measure(tmp_path, structs):
    """Size of every struct and offset of every member, by C."""
    code = ["#include <stdio.h>", "#include <stddef.h>", "#include <tachyon/tachyon.h>", "int main(void) {"]
    for name, members in structs.items():
        code.append(f'printf("{name} %zu\\n", sizeof({name}));')
        code += [f'printf("{name}.{member} %zu\\n", offsetof({name}, {member}));' for member in members]
    program = tmp_path / "measure"
    subprocess.run(["gcc", "-I", INCLUDE, "-x", "c", "-o", program, "-"], input="\n".join([*code, "}"]), text=True, check=True)
    return subprocess.run([program], text=True, check=True, stdout=subprocess.PIPE).stdout.splitlines()


def lua(code):
    """Runs code in Neovim's LuaJIT and gives the lines it printed."""
    command = [find_program("nvim"), "--headless", "-u", "NONE", "-i", "NONE", "--cmd", "set runtimepath^=" + str(CDEF.parents[2]),
               "-c", "lua local run = loadstring(io.read('*a')) local done, reason = pcall(run) "
               "if not done then io.stdout:write('failed: ' .. tostring(reason)) end", "-c", "qall!"]
    result = subprocess.run(command, input=code, text=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=60)
    assert result.returncode == 0
    return result.stdout.splitlines()


def test_luajit_reads_the_headers(headers):
    assert lua(f"require('ffi').cdef([[{headers}]]) io.stdout:write(require('ffi').sizeof('ty_live_query'))") == ["40"]


def test_neovim_declares_what_the_headers_do(declared):
    text = re.search(r"\[\[\n(.*)\]\]", CDEF.read_text(), re.S)[1]
    ours = split(text)
    assert len(ours) > 40
    assert not [declaration for declaration in ours if normalised(declaration) not in declared]


def test_neovim_lays_structs_out_as_c_does(tmp_path):
    structs = {}
    for body, name in re.findall(r"typedef struct ty_\w+ \{(.*?)\} (ty_\w+);", CDEF.read_text(), re.S):
        # Of a function pointer the name stands in parentheses.
        structs[name] = MEMBER.findall(re.sub(r"\(\*(\w+)\)\([^)]*\)", r"\1", body))
    assert len(structs) > 8 and all(structs.values())
    code = ["local ffi = require('ffi') ffi.cdef(require('tachyon.cdef'))"]
    for name, members in structs.items():
        code.append(f"io.stdout:write('{name} ', ffi.sizeof('{name}'), '\\n')")
        code += [f"io.stdout:write('{name}.{member} ', ffi.offsetof('{name}', '{member}'), '\\n')" for member in members]
    assert lua("\n".join(code)) == measure(tmp_path, structs)


@pytest.fixture(scope="module")
def node():
    """What the module declares, as koffi sees it."""
    places = [os.environ.get("TACHYON_NODE_MODULES", ""), str(ROOT / "examples" / "node" / "node_modules")]
    modules = next((place for place in places if place and os.path.isdir(os.path.join(place, "koffi"))), None)
    if not modules:
        pytest.skip("koffi could not be had from npm")
    code = """
        const { CONSTANTS, PROTOTYPES, STRUCTS } = require(%s);
        const koffi = require('koffi');
        const layout = [];
        for (const [name, members] of Object.entries(STRUCTS)) {
          layout.push(`${name} ${koffi.sizeof(name)}`);
          for (const member of Object.keys(members)) layout.push(`${name}.${member} ${koffi.offsetof(name, member)}`);
        }
        const structs = Object.fromEntries(Object.entries(STRUCTS).map(([name, members]) => [name, Object.keys(members)]));
        console.log(JSON.stringify({ CONSTANTS, PROTOTYPES, structs, layout }));
    """ % json.dumps(str(DECLARATIONS))
    result = subprocess.run([find_program("node"), "-e", code], env={**os.environ, "NODE_PATH": modules}, text=True, check=True,
                            stdout=subprocess.PIPE, timeout=60)
    return json.loads(result.stdout)


def test_node_declares_functions_as_the_headers_do(node, declared):
    ours = [normalised(re.sub(r"_(Out|Inout)_ ", "", prototype) + ";") for prototype in node["PROTOTYPES"]]
    assert not [prototype for prototype in ours if prototype not in declared]


def test_node_lays_structs_out_as_c_does(node, headers, tmp_path):
    for name, members in node["structs"].items():
        body = re.search(r"typedef struct %s \{(.*?)\} %s;" % (name, name), headers, re.S)[1]
        assert members == MEMBER.findall(re.sub(r"\(\*(\w+)\)\([^)]*\)", r"\1", body)), name
    assert node["layout"] == measure(tmp_path, node["structs"])


def test_node_has_the_constants_of_the_headers(node, headers):
    values = {name: int(value) for name, value in re.findall(r"\b(TY_\w+) = (\d+)\b", headers)}
    assert node["CONSTANTS"] == {name: values[name] for name in node["CONSTANTS"]}
