# SPDX-License-Identifier: Apache-2.0
"""The Debian packages of examples/debian: built of the tarball without a network, installed into a tree that never saw the
sources (tree.sh), and used there as the tests in the package itself say."""

import os
import pathlib
import re
import shutil
import subprocess

import pytest

from making import ROOT, WORK, fresh, offline, run

PACKAGES = {"libtachyon0", "libtachyon-dev", "tachyon-cli", "python3-libtachyon"}
# What lintian says and no file can change.
ACCEPTED = {
    "initial-upload-closes-no-bugs": "nobody has asked Debian for the package",
    "debian-watch-file-is-missing": "there is no place of releases to watch",
    "no-homepage-field": "there is no home page",
}
README = (ROOT / "README.md").read_text()
USER = "1000"


def as_root(*words):
    return [*([] if os.geteuid() == 0 else ["sudo"]), *words]


@pytest.fixture(scope="module")
def packages(tarball):
    """The .deb files by name of the package."""
    if not shutil.which("dh") or not shutil.which("dpkg-buildpackage"):
        pytest.skip("no debhelper")
    folder = fresh("debian")
    run(*offline(), ROOT / "examples" / "debian" / "build.sh", tarball, folder, "--build=binary",
        env=dict(os.environ, DEB_BUILD_OPTIONS="nocheck noautodbgsym parallel=2", DEB_BUILD_PROFILES="nocheck"))
    found = {path.name.split("_")[0]: path for path in folder.glob("*.deb")}
    assert set(found) == PACKAGES
    return found


class Tree:
    """A copy of the tree that tree.sh made, to install into. Root outside is root inside, and there is no network.

    The files are links, where that can be: dpkg and ldconfig put new ones in the place of old ones. Under /var they are
    written to, logs and indexes."""

    def __init__(self, tree, folder):
        self.root, self.folder = folder / "tree", folder
        if subprocess.run(as_root("cp", "-al", tree, self.root), stderr=subprocess.DEVNULL).returncode == 0:
            run(*as_root("rm", "-rf", self.root / "var"))
            run(*as_root("cp", "-a", tree / "var", self.root / "var"))
        else:  # another file system
            run(*as_root("rm", "-rf", self.root))
            run(*as_root("cp", "-a", tree, self.root))

    def words(self, user=None):
        inside = ["env", "-i", "PATH=/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "DEBIAN_FRONTEND=noninteractive"]
        become = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"] if user else []
        return as_root("bwrap", "--bind", self.root, "/", "--proc", "/proc", "--dev", "/dev", "--perms", "1777", "--tmpfs",
                       "/tmp", "--ro-bind", self.folder / "given", "/mnt", "--unshare-net", "--unshare-pid", "--unshare-ipc",
                       "--die-with-parent", "--chdir", "/", *inside, *become)

    def run(self, *words, user=None):
        return run(*self.words(user), *words)

    def give(self, name, source):
        """/mnt/NAME in the tree."""
        (self.folder / "given").mkdir(exist_ok=True)
        (shutil.copytree if source.is_dir() else shutil.copy)(source, self.folder / "given" / name)

    def remove(self):
        subprocess.run(as_root("rm", "-rf", self.root), check=True)


@pytest.fixture(scope="module")
def tree():
    made = subprocess.run([ROOT / "tests" / "packaging" / "tree.sh"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    if made.returncode != 0:
        pytest.skip(f"no tree to install into: {made.stderr.strip()}")
    subprocess.run(as_root("rm", "-rf", WORK / "user" / "tree"), check=True)
    tree = Tree(pathlib.Path(made.stdout.strip()), fresh("user"))
    yield tree
    tree.remove()


@pytest.fixture(scope="module")
def may_trace():
    """The user that may attach to a process that is not its child: Yama may reserve that to root."""
    yama = pathlib.Path("/proc/sys/kernel/yama/ptrace_scope")
    return USER if not yama.exists() or yama.read_text().strip() == "0" else None


def field(package, name):
    return run("dpkg-deb", "-f", package, name).strip()


def test_dependencies(packages):
    assert field(packages["libtachyon-dev"], "Depends") == f"libtachyon0 (= {field(packages['libtachyon0'], 'Version')})"
    # From the symbols file: 0.1 suffices for what is in it, whatever the version of the package.
    for name in ("tachyon-cli", "python3-libtachyon"):
        assert "libtachyon0 (>= 0.1)" in field(packages[name], "Depends")
    # One extension for every Python from 3.11 on.
    python = field(packages["python3-libtachyon"], "Depends")
    assert "python3:any (>= 3.11" in python and "<<" not in python
    assert field(packages["libtachyon0"], "Multi-Arch") == "same"


def test_contents(packages):
    listing = {name: run("dpkg-deb", "-c", path) for name, path in packages.items()}
    assert re.search(r"dist-packages/tachyon/_tachyon\.abi3\.so", listing["python3-libtachyon"])
    assert "/usr/share/doc/libtachyon-dev/html/index.html" in listing["libtachyon-dev"]
    assert "/usr/share/zsh/vendor-completions/_tachyon-cli" in listing["tachyon-cli"]
    for text in listing.values():
        assert re.search(r"\./usr/share/doc/[\w-]+/copyright$", text, re.M)


def test_lintian(packages):
    if not shutil.which("lintian"):
        pytest.skip("no lintian (it brings 120 packages; install it to have this checked)")
    changes = next(packages["libtachyon0"].parent.glob("*.changes"))
    words = ["lintian", "--allow-root", "--display-info", "--fail-on", "none", changes]
    tags = [line for line in run(*words).splitlines() if re.match(r"[EWI]: ", line)]
    assert not [line for line in tags if line.split(": ")[2].split()[0] not in ACCEPTED]


def test_a_new_user(packages, tree, may_trace):
    """Installed with dpkg, which refuses where a dependency is missing; used; removed without a trace."""
    (tree.folder / "given").mkdir()
    for name, path in packages.items():
        tree.give(f"{name}.deb", path)
    tree.give("tests", ROOT / "examples" / "debian" / "tests")
    tree.run("sh", "-c", "dpkg --install /mnt/*.deb && test -z \"$(dpkg --audit)\"")
    said = tree.run("/mnt/tests/new-user", user=may_trace)
    assert said.splitlines()[-1] == "all as a new user would"
    assert said.count("ok: ") == 9
    tree.run("dpkg", "--purge", *sorted(PACKAGES))
    left = [path for path in (tree.root / "usr").rglob("*tachyon*")]
    assert not left


def test_the_readme_is_true(installed, tree, may_trace):
    """The section on the library, word for word: install, compile with pkg-config, run."""
    lines = re.search(r"## The library.*?```sh\n(.*?)```.*?```c\n(.*?)```.*?```sh\n(.*?)```", README, re.S)
    install, program, compile_it = lines[1], lines[2], lines[3]
    assert install.splitlines()[0] == "ninja -C build install" and "ldconfig" in install
    _, _, root = installed
    run(*as_root("cp", "-a", f"{root}/usr/local", tree.root / "usr"))
    run(*as_root("chown", "-R", "root:root", tree.root / "usr" / "local"))
    tree.run("ldconfig")
    (tree.folder / "stack.c").write_text(program)
    tree.give("stack.c", tree.folder / "stack.c")
    shown = tree.run("bash", "-c", f"""
        set -e; cd "$(mktemp -d)"; cp /mnt/stack.c .
        {compile_it}
        python3 -c 'import sys; print(flush=True); sys.stdin.read()' < <(sleep 60) > ready & target=$!
        until [ -s ready ]; do sleep 0.01; done
        ./stack $target; tachyon-cli dump $target; kill $target""", user=may_trace)
    assert re.search(r"^<module>: CALL", shown, re.M) and "Stack dump for PID" in shown
