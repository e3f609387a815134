// SPDX-License-Identifier: Apache-2.0
//! The processes that a process starts, and those that they start.

use std::fmt;
use std::ptr::{self, NonNull};
use std::time::Duration;

use tachyon_sys as sys;

use crate::error::{Error, Result};
use crate::macros::told;
use crate::{raw, version};

told! {
    /// What happened to a process.
    ProcessEventKind {
        /// A descendant was forked, or was there when watching began.
        Started = TY_PROCESS_STARTED,
        /// It runs another executable by now: `exec()`.
        Replaced = TY_PROCESS_REPLACED,
        /// It ended, also the first one.
        Ended = TY_PROCESS_ENDED,
    }
}

/// One event.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct ProcessEvent {
    /// What happened.
    pub kind: ProcessEventKind,
    /// Process id as we see it.
    pub pid: u32,
    /// Process id of its parent when it was first seen.
    pub parent: u32,
}

/// A process and all its descendants, watched. It needs no privilege, and leaves the processes alone.
///
/// ```no_run
/// use tachyon::{ProcessEventKind, Processes};
///
/// let mut processes = Processes::watch(1234)?;
/// while let Some(event) = processes.next_event(std::time::Duration::from_secs(1))? {
///     if event.kind == ProcessEventKind::Started {
///         println!("{} started {}", event.parent, event.pid);
///     }
/// }
/// # Ok::<(), tachyon::Error>(())
/// ```
pub struct Processes(NonNull<sys::ty_processes>);

// SAFETY: the object may be used by one thread at a time, whichever that is.
unsafe impl Send for Processes {}

impl Processes {
    /// Begins to watch.
    pub fn watch(pid: u32) -> Result<Self> {
        version::check()?;
        let mut handle = ptr::null_mut();
        // SAFETY: a plain call.
        let code = unsafe { sys::ty_processes_new(raw::process_id(pid), &mut handle) };
        NonNull::new(handle).map(Self).ok_or_else(|| Error::of_code(code))
    }

    /// Waits for the next event; `None` if there was none in that time, or a signal came. A parent is told of before its
    /// children.
    pub fn next_event(&mut self, timeout: Duration) -> Result<Option<ProcessEvent>> {
        let mut event = raw::record::<sys::ty_process_event>();
        // SAFETY: the handle is ours.
        match unsafe { sys::ty_processes_next(self.0.as_ptr(), raw::nanoseconds(timeout), &mut event) } {
            0 => Ok(Some(ProcessEvent {
                kind: ProcessEventKind::from_raw(event.kind),
                pid: u32::try_from(event.pid).unwrap_or(0),
                parent: u32::try_from(event.parent).unwrap_or(0),
            })),
            code if code > 0 => Ok(None),
            code => Err(Error::of_code(code)),
        }
    }
}

impl Drop for Processes {
    fn drop(&mut self) {
        // SAFETY: the handle is ours.
        unsafe { sys::ty_processes_free(self.0.as_ptr()) };
    }
}

impl fmt::Debug for Processes {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Processes")
    }
}
