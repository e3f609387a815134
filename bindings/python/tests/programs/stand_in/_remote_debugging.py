# SPDX-License-Identifier: Apache-2.0
"""Stands in the place of CPython's own module."""

from tachyon.remote_debugging import *  # noqa: F403
