# SPDX-License-Identifier: Apache-2.0
import pathlib

import pytest

TARGETS = pathlib.Path(__file__).resolve().parent / "targets"


@pytest.fixture(scope="session")
def park():
    """The program that comes to rest and says what it knows about its own frames."""
    return TARGETS / "park.py"
