# SPDX-License-Identifier: Apache-2.0
"""Source whose columns are easily got wrong: columns.py CPU-SECONDS. Names and strings outside of ASCII before what is
measured, and an expression over several lines."""

import sys
import time

END = time.process_time() + float(sys.argv[1])


def höhe(größe, 𝔫):
    ärger = "żółć 😀"; summe = größe * 𝔫 + len(ärger)  # noqa: E702
    for _ in range(200):
        summe = (größe +
                 𝔫 *
                 summe % 1009)
    return summe


while time.process_time() < END:
    höhe(3, 4)
