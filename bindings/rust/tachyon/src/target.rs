// SPDX-License-Identifier: Apache-2.0
//! A target: a process, a capture of one, a recording, or several processes as one.
//!
//! [`Target`] owns the handle, and only it can sample. Everything else that a target answers is asked of a [`TargetRef`],
//! which a target, a snapshot and a run lend: whoever has one cannot end the snapshot's life with it.

use std::fmt;
use std::marker::PhantomData;
use std::ops::Deref;
use std::os::raw::c_int;
use std::path::{Path, PathBuf};
use std::ptr::{self, NonNull};
use std::time::Duration;

use tachyon_sys as sys;

use crate::error::{Error, Result};
use crate::opcode::PythonVersion;
use crate::options::{AttachOptions, Log};
use crate::raw::{self, Hook};
use crate::sampler::{Sampler, SamplerOptions};
use crate::sink::Sink;
use crate::snapshot::Snapshot;
use crate::tasks::TaskList;
use crate::version;

/// What can be asked of a target without taking a sample.
///
/// A [`Target`], a [`Snapshot`] and a [`Run`](crate::Run) lend it. It is neither `Send` nor `Sync`: a target is for one
/// thread at a time.
#[repr(transparent)]
pub struct TargetRef {
    raw: sys::ty_target,
    one_thread: PhantomData<*mut ()>,
}

/// One process, capture or recording. Dropping it detaches; the process goes on.
///
/// A snapshot borrows its target, so that it is gone when the target takes the next one:
///
/// ```compile_fail,E0499
/// fn keep(target: &mut tachyon::Target) -> tachyon::Result<()> {
///     let first = target.sample()?;
///     let second = target.sample()?; // the first one is not valid any more
///     println!("{first:?} {second:?}");
///     Ok(())
/// }
/// ```
///
/// Nor does anything of it outlive the target; a closed one cannot be used:
///
/// ```compile_fail,E0505
/// fn close(mut target: tachyon::Target) -> tachyon::Result<()> {
///     let snapshot = target.sample()?;
///     drop(target);
///     println!("{snapshot:?}");
///     Ok(())
/// }
/// ```
///
/// ```compile_fail,E0382
/// fn close(mut target: tachyon::Target) {
///     drop(target);
///     let _ = target.sample();
/// }
/// ```
///
/// It may be moved to another thread, but not be used by two at once:
///
/// ```compile_fail,E0277
/// fn share(target: &tachyon::Target) {
///     std::thread::scope(|scope| {
///         scope.spawn(|| target.info());
///     });
/// }
/// ```
pub struct Target {
    raw: NonNull<sys::ty_target>,
    /// What the handle calls; freed after it.
    _log: Option<Hook<Log>>,
}

// SAFETY: a handle may be used by one thread at a time, whichever that is, and so may the closure that it calls.
unsafe impl Send for Target {}

impl Target {
    pub(crate) fn open(log: Option<Hook<Log>>, call: impl FnOnce(*mut *mut sys::ty_target) -> c_int) -> Result<Self> {
        version::check()?;
        let mut handle = ptr::null_mut();
        let code = call(&mut handle);
        // Also after an error there is a handle, to ask what it was.
        let target = NonNull::new(handle).map(|raw| Self { raw, _log: log });
        match target {
            Some(target) if code >= 0 => Ok(target),
            Some(target) => Err(target.error(code)),
            None => Err(Error::of_code(code)),
        }
    }

    pub(crate) fn as_ptr(&self) -> *mut sys::ty_target {
        self.raw.as_ptr()
    }

    /// Takes a sample: reads the chosen threads, without stopping the process. A stack that cannot be proven is no error,
    /// but has a [`Verdict`](crate::Verdict) that says so.
    ///
    /// ```
    /// let mut target = tachyon::open_capture("examples/data/3.15.tycap")?;
    /// let snapshot = target.sample()?;
    /// for thread in snapshot.threads() {
    ///     println!("{} is {:?}", thread.name(), thread.verdict());
    ///     for frame in thread.frames() {
    ///         println!("  {}", snapshot.target().function(frame)?.qualname());
    ///     }
    /// }
    /// # Ok::<(), tachyon::Error>(())
    /// ```
    pub fn sample(&mut self) -> Result<Snapshot<'_>> {
        let mut snapshot = ptr::null();
        // SAFETY: the handle is ours.
        self.check(unsafe { sys::ty_sample(self.as_ptr(), &mut snapshot) })?;
        // SAFETY: valid until the next call that takes a sample, and that one borrows the target as well.
        Ok(unsafe { Snapshot::new(snapshot) })
    }

    /// Takes a sample of the threads, and of all asyncio tasks, whatever the target was attached with. Without asyncio in
    /// the target the list is empty and says so.
    pub fn sample_tasks(&mut self) -> Result<TaskList<'_>> {
        let mut list = ptr::null();
        // SAFETY: the handle is ours.
        self.check(unsafe { sys::ty_sample_tasks(self.as_ptr(), &mut list) })?;
        // SAFETY: as a snapshot.
        Ok(unsafe { TaskList::new(list) })
    }

    /// A clock on this target, which it borrows.
    pub fn sampler<'a>(&'a mut self, options: SamplerOptions<'a>) -> Result<Sampler<'a>> {
        Sampler::new(self, options)
    }

    /// Finds the runtime again in a process that called `exec()`, or that was still starting. Functions keep their ids.
    pub fn reattach(&mut self) -> Result<()> {
        // SAFETY: the handle is ours.
        self.check(unsafe { sys::ty_reattach(self.as_ptr()) }).map(drop)
    }

    /// Records a capture: the memory that attaching, one sample and all its names, tables and bytecode need, as it is now.
    pub fn capture(&mut self, mut to: Sink<'_>) -> Result<()> {
        // SAFETY: both handles are ours.
        let code = unsafe { sys::ty_capture(self.as_ptr(), to.as_ptr()) };
        to.resume_failure(code)?;
        self.check(code)?;
        to.commit()
    }

    /// Adds another recording: from now on samples are of all in the order of time. The target is a recording that was not
    /// sampled yet.
    pub fn add_recording(&mut self, path: impl AsRef<Path>) -> Result<()> {
        let path = raw::c_path(path.as_ref())?;
        // SAFETY: the handle is ours, the path lives during the call.
        self.check(unsafe { sys::ty_add_recording(self.as_ptr(), path.as_ptr()) }).map(drop)
    }
}

impl Deref for Target {
    type Target = TargetRef;

    fn deref(&self) -> &TargetRef {
        // SAFETY: the handle lives as long as we do.
        unsafe { TargetRef::from_ptr(self.raw.as_ptr()) }
    }
}

impl Drop for Target {
    fn drop(&mut self) {
        // SAFETY: the handle is ours, and nothing that borrows it is left.
        unsafe { sys::ty_detach(self.raw.as_ptr()) };
    }
}

impl fmt::Debug for Target {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        (**self).fmt(formatter)
    }
}

impl TargetRef {
    /// # Safety
    ///
    /// A handle that lives for `'a`.
    pub(crate) unsafe fn from_ptr<'a>(raw: *mut sys::ty_target) -> &'a Self {
        // SAFETY: as promised by the caller; a handle has no bytes that Rust knows of.
        unsafe { &*raw.cast::<Self>() }
    }

    pub(crate) fn handle(&self) -> *mut sys::ty_target {
        ptr::addr_of!(self.raw) as *mut sys::ty_target
    }

    /// Why a call that gave this code failed.
    pub(crate) fn error(&self, code: c_int) -> Error {
        let mut info = raw::record::<sys::ty_error_info>();
        // SAFETY: the handle lives.
        let known = unsafe { sys::ty_last_error(self.handle(), &mut info) };
        if known < 0 || info.code != code {
            return Error::of_code(code);
        }
        // SAFETY: the message is valid until the next call, and copied before.
        Error::of_info(&info, unsafe { raw::text(info.message) })
    }

    pub(crate) fn check(&self, code: c_int) -> Result<c_int> {
        if code < 0 {
            return Err(self.error(code));
        }
        Ok(code)
    }

    /// Facts about the target.
    pub fn info(&self) -> Result<TargetInfo> {
        let mut info = raw::record::<sys::ty_target_information>();
        // SAFETY: the handle lives; the path is copied at once.
        unsafe {
            self.check(sys::ty_target_info(self.handle(), &mut info))?;
            Ok(TargetInfo::new(&info))
        }
    }

    /// Counters since the attach.
    pub fn statistics(&self) -> Result<Statistics> {
        let mut counters = raw::record::<sys::ty_target_counters>();
        // SAFETY: the handle lives.
        self.check(unsafe { sys::ty_target_statistics(self.handle(), &mut counters) })?;
        Ok(Statistics::new(&counters))
    }

    /// Facts about a recording, or how far it has been read; an error for a target that is none.
    pub fn recording_info(&self) -> Result<crate::RecordingInfo> {
        let mut info = raw::record::<sys::ty_recording_information>();
        // SAFETY: the handle lives.
        self.check(unsafe { sys::ty_recording_info(self.handle(), &mut info) })?;
        Ok(crate::RecordingInfo::new(&info))
    }
}

impl fmt::Debug for TargetRef {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.info() {
            Ok(info) => write!(formatter, "Target({}, {:?})", info.pid, info.python),
            Err(_) => formatter.write_str("Target"),
        }
    }
}

/// Attaches to a running CPython with the default options: see [`AttachOptions`].
///
/// ```no_run
/// let mut target = tachyon::attach(1234)?;
/// # Ok::<(), tachyon::Error>(())
/// ```
pub fn attach(pid: u32) -> Result<Target> {
    AttachOptions::new().attach(pid)
}

/// Opens a capture with the default options: see [`Target::capture`].
pub fn open_capture(path: impl AsRef<Path>) -> Result<Target> {
    AttachOptions::new().open_capture(path)
}

/// Opens a recording, one of [`reports::Recording`](crate::reports::Recording) or of CPython 3.15's profiler.
pub fn open_recording(path: impl AsRef<Path>) -> Result<Target> {
    AttachOptions::new().open_recording(path)
}

/// Facts about a target.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TargetInfo {
    /// Version of CPython; `None` for several processes that differ.
    pub python: Option<PythonVersion>,
    /// `sys.hexversion` of the target: patch level, release level.
    pub hexversion: Option<u32>,
    /// A build without the GIL.
    pub free_threaded: bool,
    /// A capture, no live process.
    pub is_capture: bool,
    /// Process id as we see it; 0: not known.
    pub pid: u32,
    /// Process id as the target sees itself; 0: not known.
    pub namespace_pid: u32,
    /// Address of the runtime in the target.
    pub runtime_address: u64,
    /// File that holds the runtime, as the target names it.
    pub runtime_path: PathBuf,
}

impl TargetInfo {
    /// # Safety
    ///
    /// The path is a string, or NULL.
    unsafe fn new(info: &sys::ty_target_information) -> Self {
        Self {
            python: PythonVersion::from_raw(info.python_version),
            hexversion: (info.python_hexversion != 0).then_some(info.python_hexversion),
            free_threaded: info.free_threaded != 0,
            is_capture: info.is_capture != 0,
            pid: u32::try_from(info.pid).unwrap_or(0),
            namespace_pid: u32::try_from(info.namespace_pid).unwrap_or(0),
            runtime_address: info.runtime_address,
            // SAFETY: as promised by the caller.
            runtime_path: unsafe { raw::text(info.runtime_path) }.into(),
        }
    }
}

/// Counters of a target since its attach.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Statistics {
    /// Calls that gave a snapshot.
    pub samples: u64,
    /// Calls that gave none.
    pub failed: u64,
    /// Thread stacks with the verdict [`Verified`](crate::Verdict::Verified).
    pub verified: u64,
    /// Thread stacks with the verdict [`Repaired`](crate::Verdict::Repaired).
    pub repaired: u64,
    /// Thread stacks with the verdict [`Torn`](crate::Verdict::Torn).
    pub torn: u64,
    /// Thread stacks with the verdict [`Incomplete`](crate::Verdict::Incomplete).
    pub incomplete: u64,
    /// Readings repeated because the one before was torn.
    pub retries: u64,
    /// Times one thread was stopped.
    pub stops: u64,
    /// Sum of those stops.
    pub stop_time: Duration,
    /// System calls made to read the target.
    pub syscalls: u64,
    /// Bytes read from the target.
    pub bytes_read: u64,
    /// Samples whose single vector read held everything.
    pub predicted: u64,
    /// Code objects fetched.
    pub code_objects: u64,
    /// Cached code objects compared with the target's again.
    pub code_checks: u64,
}

impl Statistics {
    fn new(counters: &sys::ty_target_counters) -> Self {
        Self {
            samples: counters.samples,
            failed: counters.failed,
            verified: counters.verified,
            repaired: counters.repaired,
            torn: counters.torn,
            incomplete: counters.incomplete,
            retries: counters.retries,
            stops: counters.stops,
            stop_time: Duration::from_nanos(counters.stop_ns),
            syscalls: counters.syscalls,
            bytes_read: counters.bytes_read,
            predicted: counters.predicted,
            code_objects: counters.code_objects,
            code_checks: counters.code_checks,
        }
    }
}
