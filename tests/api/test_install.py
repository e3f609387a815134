# SPDX-License-Identifier: Apache-2.0
"""`meson install` into a prefix, and a program built against what was installed by pkg-config alone."""

import os
import subprocess

import pytest

import source

PROGRAM = r"""
#include <stdio.h>
#include <stdlib.h>
#include <tachyon/tachyon.h>

int main(int argc, char **argv)
{
	ty_error_info error = { sizeof(error) };
	ty_target *target;
	int status;

	if (argc < 2)
		return 2;
	status = ty_attach(atoi(argv[1]), NULL, &target);
	ty_last_error(target, &error);
	printf("%s %d %s\n", ty_version_string(), status, ty_strerror(status));
	printf("%s\n", error.message);
	ty_detach(target);
	return status ? 1 : 0;
}
"""


@pytest.fixture(scope="module")
def prefix(build, tmp_path_factory):
    base = tmp_path_factory.mktemp("install")
    subprocess.run(["meson", "setup", base / "build", source.ROOT, f"--prefix={base / 'prefix'}", "-Dtests=false",
                    "-Dexamples=false"], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["meson", "install", "-C", base / "build", "--quiet"], check=True)
    return base / "prefix"


@pytest.fixture(scope="module")
def environment(prefix):
    pkgconfig = next(prefix.rglob("tachyon.pc")).parent
    return dict(os.environ, PKG_CONFIG_PATH=str(pkgconfig), LD_LIBRARY_PATH=str(pkgconfig.parent))


def pkg_config(environment, *arguments):
    return subprocess.run(["pkg-config", *arguments, "tachyon"], env=environment, check=True, stdout=subprocess.PIPE,
                          text=True).stdout.split()


def test_what_is_installed(prefix):
    headers = {path.name for path in (prefix / "include" / "tachyon").iterdir()}
    assert headers == {path.name for path in source.HEADERS}
    library = {path.name for path in next(prefix.rglob("tachyon.pc")).parent.parent.glob("libtachyon*")}
    assert {"libtachyon.so", "libtachyon.so.0"} < library
    assert not [name for name in library if name.endswith(".a")]


def test_pkg_config_says_what_a_program_needs(prefix, environment):
    """And no more: the library brings along what it uses itself."""
    lib = next(prefix.rglob("tachyon.pc")).parents[1]
    for words in (["--cflags", "--libs"], ["--static", "--cflags", "--libs"]):
        assert pkg_config(environment, *words) == [f"-I{prefix / 'include'}", f"-L{lib}", "-ltachyon"]


@pytest.mark.parametrize("compiler", [["gcc", "-x", "c", "-std=c99"], ["g++", "-x", "c++", "-std=c++17"]], ids=["c", "c++"])
def test_a_program_builds_and_runs(prefix, environment, tmp_path, compiler):
    executable = tmp_path / "program"
    flags = pkg_config(environment, "--cflags", "--libs")
    subprocess.run([*compiler, "-Wall", "-Wextra", "-Wno-missing-field-initializers", "-Werror", "-o", executable, "-",
                    "-x", "none", *flags], input=PROGRAM, text=True, check=True)
    # Process 0 is nobody's: the error must come back as one.
    run = subprocess.run([executable, "0"], env=environment, stdout=subprocess.PIPE, text=True)
    version, status, *text = run.stdout.splitlines()[0].split(" ")
    assert run.returncode == 1
    assert version == pkg_config(environment, "--modversion")[0]
    assert int(status) < 0 and text
