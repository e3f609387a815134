// SPDX-License-Identifier: Apache-2.0
//! How to attach.

use std::os::raw::{c_char, c_int, c_void};
use std::panic::{catch_unwind, AssertUnwindSafe};
use std::path::Path;
use std::time::Duration;

use tachyon_sys as sys;

use crate::error::Result;
use crate::macros::{asked, told};
use crate::raw::{self, Hook};
use crate::target::Target;

asked! {
    /// Which threads a snapshot holds.
    Threads {
        /// The main thread of the main interpreter.
        Main = TY_THREADS_MAIN,
        /// All threads of all interpreters.
        All = TY_THREADS_ALL,
    }
}

asked! {
    /// Whether the library may stop a thread whose stack memory alone does not prove.
    StopPolicy {
        /// Never; an unproven stack is reported as torn.
        Never = TY_STOP_NEVER,
        /// That thread alone, when reading again did not help, for the one read. The thread that attached is the one that
        /// must sample: the kernel ties stopping to it.
        Thread = TY_STOP_THREAD,
        /// Every sampled thread, one at a time, around its reading. As above.
        Always = TY_STOP_ALWAYS,
    }
}

asked! {
    /// Whether snapshots hold asyncio tasks in the place of threads.
    Tasks {
        /// Threads.
        None = TY_TASKS_NONE,
        /// The task that each thread runs, with those that await it.
        Running = TY_TASKS_RUNNING,
        /// Every task that runs, or waits for something that is no task, with those that await it.
        All = TY_TASKS_ALL,
    }
}

told! {
    /// Severity of a log message.
    LogLevel {
        /// Something failed.
        Error = TY_LOG_ERROR,
        /// Something is not as it should be.
        Warning = TY_LOG_WARNING,
        /// Something of interest.
        Info = TY_LOG_INFO,
        /// Details.
        Debug = TY_LOG_DEBUG,
    }
}

pub(crate) type Log = Box<dyn Fn(LogLevel, &str) + Send>;

/// Options of a target, with the defaults of the library.
///
/// ```no_run
/// use tachyon::{AttachOptions, Threads};
///
/// let mut target = AttachOptions::new().threads(Threads::All).opcodes(true).attach(1234)?;
/// println!("{:?}", target.sample()?);
/// # Ok::<(), tachyon::Error>(())
/// ```
pub struct AttachOptions {
    raw: sys::ty_attach_options,
    log: Option<Log>,
}

// SAFETY: the pointers of `raw` are NULL until the moment of the call.
unsafe impl Send for AttachOptions {}

impl AttachOptions {
    /// The defaults.
    pub fn new() -> Self {
        Self { raw: raw::record(), log: None }
    }

    /// Which threads a snapshot holds; default: the main thread.
    pub fn threads(mut self, threads: Threads) -> Self {
        self.raw.threads = threads.raw();
        self
    }

    /// Whether a thread may be stopped; default: never.
    pub fn stop_policy(mut self, policy: StopPolicy) -> Self {
        self.raw.stop_policy = policy.raw();
        self
    }

    /// Longest wait for a thread to stop; default: 100 ms.
    pub fn stop_deadline(mut self, deadline: Duration) -> Self {
        self.raw.stop_deadline_us = u32::try_from(deadline.as_micros().max(1)).unwrap_or(u32::MAX);
        self
    }

    /// Further readings within one sample when one is torn; default: 2.
    pub fn max_retries(mut self, retries: u32) -> Self {
        // 0 is the library's default, and the largest number its none.
        self.raw.max_retries = if retries == 0 { u32::MAX } else { retries };
        self
    }

    /// Deepest stack that is followed; default: 16384 frames.
    pub fn max_frames(mut self, frames: u32) -> Self {
        self.raw.max_frames = frames;
        self
    }

    /// Whether the leaf's instruction is read together with its frame; default: no.
    pub fn opcodes(mut self, opcodes: bool) -> Self {
        self.raw.opcodes = c_int::from(opcodes);
        self
    }

    /// Whether the kernel is asked in every sample if a thread is on CPU, one more system call a thread; default: no.
    pub fn cpu_status(mut self, cpu_status: bool) -> Self {
        self.raw.cpu_status = c_int::from(cpu_status);
        self
    }

    /// asyncio tasks in the place of threads; default: none.
    pub fn tasks(mut self, tasks: Tasks) -> Self {
        self.raw.tasks = tasks.raw();
        self
    }

    /// Whether there are frames of [`FrameKind::Native`](crate::FrameKind::Native) where Python has called into C;
    /// default: no.
    pub fn native_frames(mut self, native_frames: bool) -> Self {
        self.raw.native_frames = c_int::from(native_frames);
        self
    }

    /// Whether there are frames of [`FrameKind::Gc`](crate::FrameKind::Gc) where the garbage collector runs; default: yes.
    pub fn gc_frames(mut self, gc_frames: bool) -> Self {
        self.raw.no_gc_frames = c_int::from(!gc_frames);
        self
    }

    /// Receives log messages, on the thread that uses the target; default: silence. A panic of it is lost.
    pub fn log(mut self, log: impl Fn(LogLevel, &str) + Send + 'static) -> Self {
        self.log = Some(Box::new(log));
        self
    }

    /// Attaches to a running CPython. The process is neither stopped nor written to.
    pub fn attach(self, pid: u32) -> Result<Target> {
        let pid = raw::process_id(pid);
        // SAFETY: the options live as long as the call.
        self.open(|options, target| unsafe { sys::ty_attach(pid, options, target) })
    }

    /// Opens a capture: each sample gives the same snapshot.
    pub fn open_capture(self, path: impl AsRef<Path>) -> Result<Target> {
        let path = raw::c_path(path.as_ref())?;
        // SAFETY: as above, and so does the path.
        self.open(|options, target| unsafe { sys::ty_open_capture(path.as_ptr(), options, target) })
    }

    /// Opens a recording: each sample gives the next snapshot. Of the options the log alone is used.
    pub fn open_recording(self, path: impl AsRef<Path>) -> Result<Target> {
        let path = raw::c_path(path.as_ref())?;
        // SAFETY: as above.
        self.open(|options, target| unsafe { sys::ty_open_recording(path.as_ptr(), options, target) })
    }

    fn open(
        mut self,
        call: impl FnOnce(*const sys::ty_attach_options, *mut *mut sys::ty_target) -> c_int,
    ) -> Result<Target> {
        let log = self.log.take().map(Hook::new);
        if let Some(log) = &log {
            self.raw.log = Some(forward_log);
            self.raw.log_user_data = log.user_data();
        }
        let raw = self.raw;
        Target::open(log, |target| call(&raw, target))
    }
}

impl Default for AttachOptions {
    fn default() -> Self {
        Self::new()
    }
}

impl std::fmt::Debug for AttachOptions {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.raw.fmt(formatter)
    }
}

unsafe extern "C" fn forward_log(level: c_int, message: *const c_char, user_data: *mut c_void) {
    // SAFETY: the hook is that of the target; the message lives during the call.
    let (log, message) = unsafe { (raw::content_of::<Log>(user_data), raw::text(message)) };
    // Nobody waits for what a log has to say: its panic was printed, and that is all. What it panicked with is not even
    // dropped here, which may panic as well.
    if let Err(panic) = catch_unwind(AssertUnwindSafe(|| log(LogLevel::from_raw(level), message))) {
        std::mem::forget(panic);
    }
}
