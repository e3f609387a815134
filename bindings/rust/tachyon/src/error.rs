// SPDX-License-Identifier: Apache-2.0
//! Errors: what the library says of what went wrong, and what to do.

use std::error::Error as StdError;
use std::os::raw::c_int;
use std::{fmt, io};

use tachyon_sys as sys;

use crate::macros::told;
use crate::raw;

/// Numbers below are those of the operating system, from here on those of the library.
const FIRST_OF_LIBRARY: c_int = 4000;

/// What went wrong: a code, the number of the operating system behind it, and a message that says what to do.
///
/// ```
/// let error = tachyon::attach(u32::MAX).unwrap_err();
/// assert_eq!(error.class(), tachyon::ErrorClass::Gone);
/// println!("{error}");
/// ```
pub struct Error {
    code: c_int,
    errno: c_int,
    phase: c_int,
    address: u64,
    message: Box<str>,
    source: Option<Box<dyn StdError + Send + Sync>>,
}

/// A result of this crate.
pub type Result<T, E = Error> = std::result::Result<T, E>;

told! {
    /// Errors of the library itself.
    ErrorKind {
        /// The process holds no CPython runtime.
        NotPython = TY_ENOTPYTHON,
        /// A CPython older or newer than the library knows.
        Version = TY_EVERSION,
        /// The runtime's table of struct offsets is not sound.
        Offsets = TY_EOFFSETS,
        /// CPython is still starting, or already finishing: try again.
        Starting = TY_ESTARTING,
        /// The process ended.
        Exited = TY_EEXITED,
        /// The process called `exec()`: see [`Target::reattach`](crate::Target::reattach).
        Replaced = TY_EREPLACED,
        /// Reading the process is refused; the message names the check and the remedy.
        Permission = TY_EPERMISSION,
        /// Not a capture, or a damaged one.
        Capture = TY_ECAPTURE,
        /// The target's memory contradicts itself.
        Corrupt = TY_ECORRUPT,
        /// No such function, thread or instruction.
        NotFound = TY_ENOTFOUND,
        /// That version of CPython has no such opcode.
        Opcode = TY_EOPCODE,
        /// An option is out of its range, or not known to this library.
        Option = TY_EOPTION,
        /// The code of that function was destroyed since.
        Stale = TY_ESTALE,
        /// A safety limit was reached.
        Limit = TY_ELIMIT,
        /// The call does not fit the state of the object.
        State = TY_ESTATE,
        /// Not a recording, or a damaged one.
        Recording = TY_ERECORDING,
    }
}

told! {
    /// Broad classes of errors, to decide by.
    ErrorClass {
        /// The same call may succeed later.
        Retry = TY_CLASS_RETRY,
        /// The process ended.
        Gone = TY_CLASS_GONE,
        /// A right is missing.
        Permission = TY_CLASS_PERMISSION,
        /// This target cannot be read by this library, or this program does not fit the library.
        Unsupported = TY_CLASS_UNSUPPORTED,
        /// The arguments.
        Usage = TY_CLASS_USAGE,
        /// Memory, files, the operating system.
        System = TY_CLASS_SYSTEM,
    }
}

told! {
    /// What the library was doing.
    Phase {
        /// Nothing in particular.
        None = TY_PHASE_NONE,
        /// Opening the process or the file.
        Open = TY_PHASE_OPEN,
        /// Looking for the runtime.
        Discover = TY_PHASE_DISCOVER,
        /// Checking version and offsets.
        Validate = TY_PHASE_VALIDATE,
        /// Reading threads and frames.
        Sample = TY_PHASE_SAMPLE,
        /// Reading code objects, names and tables.
        Resolve = TY_PHASE_RESOLVE,
        /// Writing a result.
        Output = TY_PHASE_OUTPUT,
    }
}

// Numbers of Linux, the same on every machine.
const EPERM: c_int = 1;
const ESRCH: c_int = 3;
const ECANCELED: c_int = 125;

/// Codes of errors that the bindings find, not the library.
pub(crate) const UNFIT_LIBRARY: c_int = -(sys::TY_EVERSION as c_int);
pub(crate) const CALLBACK_FAILED: c_int = -ECANCELED;

impl Error {
    /// An error without a target to ask.
    pub(crate) fn new(code: c_int, message: impl Into<Box<str>>) -> Self {
        Self { code, errno: 0, phase: 0, address: 0, message: message.into(), source: None }
    }

    pub(crate) fn of_code(code: c_int) -> Self {
        // SAFETY: a static string.
        Self::new(code, unsafe { raw::text(sys::ty_strerror(code)) })
    }

    pub(crate) fn of_info(info: &sys::ty_error_info, message: &str) -> Self {
        Self { errno: info.os_errno, phase: info.phase, address: info.address, ..Self::new(info.code, message) }
    }

    /// An error of the user's own code, which a run ended with.
    pub(crate) fn of_callback(code: c_int, source: Box<dyn StdError + Send + Sync>) -> Self {
        let errno = source.downcast_ref::<io::Error>().and_then(io::Error::raw_os_error);
        Self { source: Some(source), ..Self::of_code(errno.map_or(code, |errno| -errno)) }
    }

    /// The code as the C library returned it: negative, `-errno` or one of `TY_E…`, negated.
    pub fn code(&self) -> i32 {
        self.code
    }

    /// Which of the library's own errors it is; `None` for one of the operating system.
    pub fn kind(&self) -> Option<ErrorKind> {
        (-self.code > FIRST_OF_LIBRARY).then(|| ErrorKind::from_raw(-self.code))
    }

    /// What can be done about it.
    pub fn class(&self) -> ErrorClass {
        // SAFETY: takes and gives a number.
        ErrorClass::from_raw(unsafe { sys::ty_error_classify(self.code) })
    }

    /// `errno` of the operating system behind it, or what it would be.
    pub fn raw_os_error(&self) -> Option<i32> {
        match (self.errno, self.kind()) {
            (0, None) => Some(-self.code),
            (0, Some(ErrorKind::Exited)) => Some(ESRCH),
            (0, Some(ErrorKind::Permission)) => Some(EPERM),
            (0, _) => None,
            (errno, _) => Some(errno),
        }
    }

    /// What the library was doing.
    pub fn phase(&self) -> Phase {
        Phase::from_raw(self.phase)
    }

    /// Address in the target, or place in the file, that was being read.
    pub fn address(&self) -> Option<u64> {
        (self.address != 0).then_some(self.address)
    }

    /// What happened and what to do, in one or more lines.
    pub fn message(&self) -> &str {
        &self.message
    }

    /// The error that a collector, or a function to write to or to read sources with, gave: it is shown in the place of a
    /// message.
    pub fn get_ref(&self) -> Option<&(dyn StdError + Send + Sync + 'static)> {
        self.source.as_deref()
    }

    /// As [`get_ref`](Self::get_ref).
    pub fn into_inner(self) -> Option<Box<dyn StdError + Send + Sync>> {
        self.source
    }

    fn io_kind(&self) -> io::ErrorKind {
        if let Some(errno) = self.raw_os_error() {
            return io::Error::from_raw_os_error(errno).kind();
        }
        match self.class() {
            ErrorClass::Retry => io::ErrorKind::WouldBlock,
            ErrorClass::Gone => io::ErrorKind::NotFound,
            ErrorClass::Permission => io::ErrorKind::PermissionDenied,
            ErrorClass::Unsupported => io::ErrorKind::Unsupported,
            ErrorClass::Usage => io::ErrorKind::InvalidInput,
            _ => io::ErrorKind::Other,
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.source {
            Some(source) => write!(formatter, "{source}"),
            None => formatter.write_str(&self.message),
        }
    }
}

impl fmt::Debug for Error {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = formatter.debug_struct("Error");
        debug.field("code", &self.code).field("kind", &self.kind()).field("os_error", &self.raw_os_error());
        debug.field("phase", &self.phase()).field("message", &self.message).field("source", &self.source).finish()
    }
}

impl StdError for Error {
    fn source(&self) -> Option<&(dyn StdError + 'static)> {
        self.source.as_ref().and_then(|source| source.source())
    }
}

/// Its kind is that of `errno`, where there is one; [`io::Error::get_ref`] has the error itself.
impl From<Error> for io::Error {
    fn from(error: Error) -> Self {
        Self::new(error.io_kind(), error)
    }
}
