#!/usr/bin/python3
# SPDX-License-Identifier: Apache-2.0
"""Makes the reference of the API: HTML from the comments of the public headers, and the manual page that leads into it.

Doxygen reads the headers. mandoc turns libtachyon.3 into HTML, and the functions and types it names become links, by the
list of symbols (the tag file) that Doxygen writes. What Doxygen brings along for pages with menus and search is left out.
"""

import argparse
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import xml.etree.ElementTree

SOURCE = pathlib.Path(__file__).resolve().parent
ROOT = SOURCE.parents[1]
UNUSED = ("*.js", "*.png", "*.svg", "tabs.css", "files.html", "annotated.html", "classes.html", "functions*.html",
          "pages.html", "dir_*.html")


def filled(template, **values):
    return re.sub(r"@(\w+)@", lambda name: str(values.get(name[1], name[0])), (SOURCE / template).read_text())


def doxygen_page(header):
    """The name that Doxygen gives to the page of a file."""
    return header.name.replace("_", "__").replace(".", "_8") + ".html"


def run_doxygen(arguments, build):
    links = "\n".join(f'<a href="{doxygen_page(header)}">{header.name}</a>' for header in arguments.headers)
    (build / "header.html").write_text(filled("header.html.in", links=links))
    inputs = [*arguments.headers, SOURCE / "overview.md", SOURCE / "manual.md"]
    options = filled("Doxyfile.in", version=arguments.version, output=build, build=build, source=SOURCE,
                     include=ROOT / "include", inputs=" ".join(f'"{path}"' for path in inputs),
                     warn_as_error="FAIL_ON_WARNINGS" if arguments.strict else "NO")
    options += f'EXAMPLE_PATH = "{build}" "{ROOT / "examples"}"\n'
    return subprocess.run([arguments.doxygen, "-"], input=options, text=True, cwd=build).returncode


def symbols(tags):
    """The place of every symbol that has one."""
    found = {}
    for compound in xml.etree.ElementTree.parse(tags).getroot():
        if compound.get("kind") == "struct":
            found[compound.findtext("name")] = compound.findtext("filename")
        for member in compound.iter("member"):
            if member.get("kind") in ("function", "typedef", "enumeration", "enumvalue"):
                found[member.findtext("name")] = f"{member.findtext('anchorfile')}#{member.findtext('anchor')}"
    return found


def link_manual(page, places):
    """Names of the API become links; so do the headers. mandoc has made anchors of some, for a page that stands alone."""
    text = re.sub(r'<a class="permalink" href="#\w+">(<code class="\w+"(?: id="\w+")?>\w+</code>)</a>', r"\1", page.read_text())
    text = text.replace('class="permalink"', 'class="self"')  # Doxygen has a class of that name, for something else
    text = re.sub(r'<(code|var) class="(Fn|Dv|Vt)"( id="\w+")?>(?:enum |struct )?(\w+)</\1>',
                  lambda name: f'<a href="{places[name[4]]}">{name[0]}</a>' if name[4] in places else name[0], text)
    text = re.sub(r'<a class="In">tachyon/(\w+\.h)</a>',
                  lambda name: f'<a class="In" href="{doxygen_page(pathlib.Path(name[1]))}">tachyon/{name[1]}</a>', text)
    page.write_text(text)


def linked(name, places):
    return f'<a href="{places[name]}">{name}</a>' if name in places else name


def tidy(pages, places):
    """A header is not in a folder worth a page, and its page is called as it is. Enumerations and errors become links."""
    for page in pages:
        text = re.sub(r'<div id="nav-path".*?</div>', "", page.read_text(), flags=re.S)
        text = re.sub(r"(\.h) File Reference", r"\1", text).replace("Data Structure Documentation", "Structs")
        text = re.sub(r"(?<=-)(TY_E[A-Z]+)\b|(?<=enum )(ty_\w+)", lambda name: linked(name[0], places), text)
        page.write_text(text)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--doxygen", default="doxygen")
    parser.add_argument("--mandoc", default="mandoc")
    parser.add_argument("--version", required=True)
    parser.add_argument("--strict", action="store_true", help="fail on a warning")
    parser.add_argument("output", type=pathlib.Path)
    parser.add_argument("headers", type=lambda name: pathlib.Path(name).resolve(), nargs="+")
    arguments = parser.parse_args()

    with tempfile.TemporaryDirectory() as name:
        build = pathlib.Path(name)
        formatted = subprocess.run([arguments.mandoc, "-Thtml", "-Ofragment", ROOT / "lib" / "libtachyon.3"], check=True,
                                   stdout=subprocess.PIPE, text=True)
        (build / "libtachyon.3.html").write_text(formatted.stdout)
        status = run_doxygen(arguments, build)
        if status == 0:
            places = symbols(build / "tags.xml")
            manual = build / "html" / "manual.html"
            link_manual(manual, places)
            tidy((path for path in (build / "html").glob("*.html") if path != manual), places)
            for pattern in UNUSED:
                for path in (build / "html").glob(pattern):
                    path.unlink()
            shutil.rmtree(arguments.output, ignore_errors=True)
            shutil.copytree(build / "html", arguments.output)
    return status


sys.exit(main())
