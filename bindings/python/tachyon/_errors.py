# SPDX-License-Identifier: Apache-2.0
"""Errors of the library as exceptions: one base, OSError's errno, the library's message, and the facts behind it."""

import errno as _errno
import functools

PHASES = ("", "open", "discover", "validate", "sample", "resolve", "output")
CLASSES = ("none", "retry", "gone", "permission", "unsupported", "usage", "system")


class TachyonError(OSError):
    """An error of the library.

    errno is one of the operating system; code is the library's own number (enum ty_error), or the same errno.
    """

    code: int = 0
    phase: str = ""  #: what the library was doing: "open", "discover", "validate", "sample", "resolve", "output"
    error_class: str = "none"  #: "retry", "gone", "permission", "unsupported", "usage", "system"
    address: int = 0  #: address in the target that was being read, 0 if none

    @property
    def message(self) -> str:
        """What happened and what to do about it."""
        return str(self.strerror)

    def __str__(self) -> str:
        return self.message


class UnsupportedTargetError(TachyonError, RuntimeError):
    """This process, or file, cannot be read by this library, or not for this."""


class NotPythonError(UnsupportedTargetError):
    """The process holds no CPython runtime."""


class VersionError(UnsupportedTargetError):
    """A CPython older or newer than this library knows."""


class RecordingError(UnsupportedTargetError, ValueError):
    """The file is no recording, or a damaged one; address has the place in it."""


class RetryError(TachyonError, RuntimeError):
    """The same call may succeed later."""


class StartingError(RetryError):
    """CPython is still starting, or already finishing."""


class ReplacedError(RetryError):
    """The process called exec(): see Target.reattach()."""


class ExitedError(TachyonError, ProcessLookupError):
    """The process ended."""


class AccessError(TachyonError, PermissionError):
    """Reading the process is refused. The message names the check that refused, and the remedy."""


class UsageError(TachyonError, ValueError):
    """An argument, or a call that does not fit the state of its object."""


class ClosedError(UsageError):
    """The call does not fit the state of its object; most often: it is closed."""


class BusyError(UsageError):
    """Another thread, or a run that is under way, is using the object."""


# code: class, errno where the operating system gave none
_CODES: dict[int, tuple[type[TachyonError], int]] = {
    4001: (NotPythonError, _errno.ENOEXEC),
    4002: (VersionError, _errno.ENOTSUP),
    4003: (UnsupportedTargetError, _errno.EBADMSG),
    4004: (StartingError, _errno.EAGAIN),
    4005: (ExitedError, _errno.ESRCH),
    4006: (ReplacedError, _errno.ESTALE),
    4007: (AccessError, _errno.EPERM),
    4008: (UnsupportedTargetError, _errno.EBADMSG),
    4009: (RetryError, _errno.EBADMSG),
    4010: (UsageError, _errno.ENOENT),
    4011: (UsageError, _errno.EINVAL),
    4012: (UsageError, _errno.EINVAL),
    4013: (UsageError, _errno.ESTALE),
    4014: (UnsupportedTargetError, _errno.E2BIG),
    4015: (ClosedError, _errno.EBADF),
    4016: (RecordingError, _errno.EBADMSG),
    _errno.ENOTSUP: (UnsupportedTargetError, _errno.ENOTSUP),
    _errno.EBUSY: (BusyError, _errno.EBUSY),
    _errno.ESRCH: (ExitedError, _errno.ESRCH),
    _errno.EPERM: (AccessError, _errno.EPERM),
    _errno.EACCES: (AccessError, _errno.EACCES),
}


@functools.cache
def _os_class(number: int) -> type[TachyonError]:
    """For an errno that Python has an exception of its own for, one that is both: a TachyonError that is caught as
    FileNotFoundError, say."""
    kind = type(OSError(number, ""))
    if kind is OSError:
        return TachyonError
    return type(kind.__name__, (TachyonError, kind), {"__module__": __name__, "__doc__": kind.__doc__})


def make_error(code: int, os_errno: int, phase: int, error_class: int, address: int, message: str) -> TachyonError:
    """The exception for an error of the library. Called by the extension."""
    kind, default_errno = _CODES.get(code) or (_os_class(code), code)
    error = kind(os_errno or default_errno, message)
    error.code = code
    error.phase = PHASES[phase] if 0 <= phase < len(PHASES) else ""
    error.error_class = CLASSES[error_class] if 0 <= error_class < len(CLASSES) else ""
    error.address = address
    return error
