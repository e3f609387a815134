# SPDX-License-Identifier: Apache-2.0
"""Makes C of a page: embed.py PAGE OUTPUT."""

import pathlib
import sys

data = pathlib.Path(sys.argv[1]).read_bytes() + b"\0"
with open(sys.argv[2], "w") as out:
    out.write('#include "output/page.h"\n\nconst char ty_flamegraph_page[] = {\n')
    for start in range(0, len(data), 24):
        # As signed numbers: char is signed on one of our machines and not on the other.
        out.write(",".join(f"(char){byte}" for byte in data[start:start + 24]) + ",\n")
    out.write("};\n")
