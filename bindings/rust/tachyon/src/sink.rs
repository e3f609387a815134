// SPDX-License-Identifier: Apache-2.0
//! Where results go.

use std::fmt;
use std::io::{self, Write};
use std::os::raw::{c_int, c_void};
use std::os::unix::io::{AsRawFd, OwnedFd};
use std::path::Path;
use std::ptr::{self, NonNull};

use tachyon_sys as sys;

use crate::error::{Error, Result};
use crate::raw::{self, Failure, Hook};
use crate::version;

const EIO: c_int = 5;

/// Where bytes go: a file that is there when it is complete, a descriptor, memory, or anything to write to.
///
/// A report takes it and commits it when it has ended. It is a writer, too:
///
/// ```
/// use std::io::Write;
///
/// let mut sink = tachyon::Sink::memory()?;
/// sink.write_all(b"hello")?;
/// sink.commit()?;
/// assert_eq!(sink.data(), Some(&b"hello"[..]));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Sink<'w> {
    raw: NonNull<sys::ty_sink>,
    rest: Rest<'w>,
}

/// What stands behind the handle, to be dropped after it.
pub(crate) enum Rest<'w> {
    Nothing,
    Descriptor { _fd: OwnedFd },
    Writer(Hook<Box<dyn Write + Send + 'w>>),
}

impl Rest<'_> {
    pub(crate) fn take_failure(&mut self) -> Option<Failure> {
        match self {
            Self::Writer(hook) => hook.take_failure(),
            _ => None,
        }
    }

    /// What the writer itself holds back.
    pub(crate) fn flush(&mut self) -> io::Result<()> {
        match self {
            Self::Writer(hook) => hook.content().flush(),
            _ => Ok(()),
        }
    }
}

// SAFETY: a handle may be used by one thread at a time, whichever that is; what it writes to may be moved as well.
unsafe impl Send for Sink<'_> {}

impl<'w> Sink<'w> {
    fn new(rest: Rest<'w>, call: impl FnOnce(*mut *mut sys::ty_sink) -> c_int) -> Result<Self> {
        version::check()?;
        let mut handle = ptr::null_mut();
        let code = call(&mut handle);
        match NonNull::new(handle) {
            Some(raw) if code >= 0 => Ok(Self { raw, rest }),
            _ => Err(Error::of_code(code)),
        }
    }

    /// A file. It gets its name when it is complete; what was there before stays until then. Terminals, pipes and
    /// `/dev/stdout` are written to directly.
    pub fn file(path: impl AsRef<Path>) -> Result<Self> {
        let path = path.as_ref();
        let name = raw::c_path(path)?;
        // SAFETY: the path lives during the call.
        Self::new(Rest::Nothing, |sink| unsafe { sys::ty_sink_file(name.as_ptr(), sink) }).map_err(|error| {
            let message = format!("{}: {}", path.display(), error.message());
            Error::new(error.code(), message)
        })
    }

    /// An open descriptor: a `File`, a socket, … It is closed when the sink is gone.
    pub fn fd(fd: impl Into<OwnedFd>) -> Result<Self> {
        let fd = fd.into();
        let number = fd.as_raw_fd();
        // SAFETY: the descriptor stays open as long as the sink.
        Self::new(Rest::Descriptor { _fd: fd }, |sink| unsafe { sys::ty_sink_fd(number, sink) })
    }

    /// Memory, to be read with [`data`](Self::data), or with [`Report::data`](crate::reports::Report::data).
    pub fn memory() -> Result<Self> {
        // SAFETY: a plain call.
        Self::new(Rest::Nothing, |sink| unsafe { sys::ty_sink_memory(sink) })
    }

    /// Anything to write to. A panic of it goes on when the library has returned.
    pub fn writer(writer: impl Write + Send + 'w) -> Result<Self> {
        let writer: Box<dyn Write + Send + 'w> = Box::new(writer);
        let hook = Hook::new(writer);
        let user_data = hook.user_data();
        // SAFETY: the hook lives as long as the sink.
        Self::new(Rest::Writer(hook), |sink| unsafe { sys::ty_sink_callback(Some(forward_write), user_data, sink) })
    }

    /// What was written to memory so far; `None` for other sinks.
    pub fn data(&mut self) -> Option<&[u8]> {
        // SAFETY: the handle is ours.
        unsafe { data(self.raw.as_ptr()) }
    }

    /// Flushes, and gives a file its name.
    pub fn commit(&mut self) -> Result<()> {
        // SAFETY: the handle is ours.
        let code = unsafe { sys::ty_sink_commit(self.as_ptr()) };
        self.settle(code)?;
        self.rest.flush().map_err(write_error)
    }

    pub(crate) fn as_ptr(&self) -> *mut sys::ty_sink {
        self.raw.as_ptr()
    }

    /// After a call that may have written: what the writer has to say comes before what the library made of it.
    pub(crate) fn resume_failure(&mut self, code: c_int) -> Result<()> {
        let failure = self.rest.take_failure();
        failure.map_or(Ok(()), |failure| Err(Error::of_callback(code, raw::resume(failure))))
    }

    fn settle(&mut self, code: c_int) -> Result<()> {
        self.resume_failure(code)?;
        if code < 0 {
            return Err(Error::of_code(code));
        }
        Ok(())
    }

    /// For who owns the handle from now on; the rest is to be dropped after it.
    pub(crate) fn into_parts(self) -> (*mut sys::ty_sink, Rest<'w>) {
        let mut this = std::mem::ManuallyDrop::new(self);
        (this.raw.as_ptr(), std::mem::replace(&mut this.rest, Rest::Nothing))
    }
}

/// # Safety
///
/// A sink that lives, and is not written to, for `'a`.
pub(crate) unsafe fn data<'a>(sink: *mut sys::ty_sink) -> Option<&'a [u8]> {
    let mut size_bytes = 0;
    // SAFETY: as promised by the caller.
    unsafe {
        let bytes = sys::ty_sink_data(sink, &mut size_bytes);
        (!bytes.is_null()).then(|| raw::array(bytes.cast::<u8>(), size_bytes))
    }
}

pub(crate) fn write_error(error: io::Error) -> Error {
    Error::of_callback(-error.raw_os_error().unwrap_or(EIO), Box::new(error))
}

impl Write for Sink<'_> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        // SAFETY: the handle is ours, the bytes live during the call.
        let code = unsafe { sys::ty_sink_write(self.as_ptr(), bytes.as_ptr().cast(), bytes.len()) };
        self.settle(code)?;
        Ok(bytes.len())
    }

    /// Does nothing: what is buffered goes out with [`commit`](Sink::commit).
    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Drop for Sink<'_> {
    fn drop(&mut self) {
        // SAFETY: the handle is ours; what it writes to is dropped after it.
        unsafe { sys::ty_sink_free(self.raw.as_ptr()) };
    }
}

impl fmt::Debug for Sink<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Sink")
    }
}

unsafe extern "C" fn forward_write(bytes: *const c_void, size_bytes: usize, user_data: *mut c_void) -> c_int {
    // SAFETY: the hook is that of the sink; the bytes live during the call.
    unsafe {
        let bytes = raw::array(bytes.cast::<u8>(), size_bytes);
        raw::call_back(user_data, -EIO, |writer: &mut Box<dyn Write + Send>| {
            writer.write_all(bytes)?;
            Ok(0)
        })
    }
}
