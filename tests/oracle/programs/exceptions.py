# SPDX-License-Identifier: Apache-2.0
"""Exceptions that unwind many frames at once, and frames that catch, clean up and raise again."""

import harness

DEPTH = 30
MAX_DEPTH = 36


def fails(n):
    raise ValueError(n)


def unwound(n):
    if n:
        return unwound(n - 1)  # -> unwound
    return fails(n)  # -> fails


def cleaned_up(n):
    try:
        if n:
            return cleaned_up(n - 1)  # -> cleaned_up
        return fails(n)  # -> fails
    finally:
        cleanup(n)  # -> cleanup


def cleanup(n):
    return n


class Guard:
    def __enter__(self):
        return self

    def __exit__(self, kind, value, traceback):
        return False


def guarded(n):
    with Guard():  # -> Guard.__enter__, Guard.__exit__
        if n:
            return guarded(n - 1)  # -> guarded
        return fails(n)  # -> fails


def raised_again(n):
    try:
        if n:
            return raised_again(n - 1)  # -> raised_again
        return fails(n)  # -> fails
    except ValueError as error:
        raise KeyError(n) from error


def swallow_unwound():
    try:
        unwound(DEPTH)  # -> unwound
    except ValueError:
        pass


def swallow_cleaned_up():
    try:
        cleaned_up(10)  # -> cleaned_up
    except ValueError:
        pass


def swallow_guarded():
    try:
        guarded(10)  # -> guarded
    except ValueError:
        pass


def swallow_raised_again():
    try:
        raised_again(3)  # -> raised_again
    except (KeyError, ValueError):
        pass


def loop():
    while True:
        swallow_unwound()  # -> swallow_unwound
        swallow_cleaned_up()  # -> swallow_cleaned_up
        swallow_guarded()  # -> swallow_guarded
        swallow_raised_again()  # -> swallow_raised_again


if __name__ == "__main__":
    harness.begin()  # -> harness:begin
    loop()  # -> loop
