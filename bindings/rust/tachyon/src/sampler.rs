// SPDX-License-Identifier: Apache-2.0
//! A clock on a target: samples to pull, or to push to receivers.

use std::fmt;
use std::marker::PhantomData;
use std::os::raw::{c_int, c_void};
use std::ptr::{self, NonNull};
use std::sync::atomic::{AtomicPtr, AtomicUsize, Ordering};
use std::sync::Arc;
use std::time::Duration;

use tachyon_sys as sys;

use crate::collector::{self, Connection, Flow, Receiver, Summary};
use crate::error::{Error, Result};
use crate::macros::asked;
use crate::raw::{self, Hook};
use crate::snapshot::Snapshot;
use crate::target::{Target, TargetRef};

asked! {
    /// Which threads the snapshots of a sampler hold.
    Mode {
        /// All.
        Wall = TY_MODE_WALL,
        /// Those on CPU: running, or waiting for a processor only.
        Cpu = TY_MODE_CPU,
        /// Those that hold the GIL; in a build without it, that are attached to their interpreter.
        Gil = TY_MODE_GIL,
        /// Those that raise or handle an exception.
        Exception = TY_MODE_EXCEPTION,
    }
}

asked! {
    /// Where the sampling thread runs.
    Placement {
        /// Where the kernel puts it.
        Free = TY_PLACE_FREE,
        /// On the processor of the thread whose stack was not proven last: what ran on another one while it was read does
        /// not run then.
        Beside = TY_PLACE_BESIDE,
    }
}

type OnProgress<'a> = Box<dyn FnMut(&Summary) -> Flow + Send + 'a>;

/// Options of a sampler, with the defaults of the library.
pub struct SamplerOptions<'a> {
    raw: sys::ty_sampler_options,
    progress: Option<OnProgress<'a>>,
}

impl<'a> SamplerOptions<'a> {
    /// The defaults: 1000 samples a second, until the target ends or the sampler is stopped.
    pub fn new() -> Self {
        Self { raw: raw::record(), progress: None }
    }

    /// Time between samples; default: 1 ms. Zero: as fast as possible.
    pub fn interval(mut self, interval: Duration) -> Self {
        // 0 is the library's default, and 1 its "as fast as possible".
        self.raw.interval_ns = raw::nanoseconds(interval).max(1);
        self
    }

    /// Stop after this time; default: no limit.
    pub fn duration(mut self, duration: Duration) -> Self {
        self.raw.duration_ns = raw::nanoseconds(duration).max(1);
        self
    }

    /// Stop after this many samples; 0, the default: no limit.
    pub fn max_samples(mut self, samples: u64) -> Self {
        self.raw.max_samples = samples;
        self
    }

    /// Which threads snapshots hold; default: all.
    pub fn mode(mut self, mode: Mode) -> Self {
        self.raw.mode = mode.raw();
        self
    }

    /// Whether receivers are told that instructions are gathered; default: no. The target is attached with
    /// [`AttachOptions::opcodes`](crate::AttachOptions::opcodes).
    pub fn opcodes(mut self, opcodes: bool) -> Self {
        self.raw.opcodes = c_int::from(opcodes);
        self
    }

    /// Where the sampling thread runs; default: anywhere. Another one binds the calling thread until the sampler ends.
    pub fn placement(mut self, placement: Placement) -> Self {
        self.raw.placement = placement.raw();
        self
    }

    /// Called so far apart, also while the sampler waits for a tick, with what was counted so far.
    pub fn progress(mut self, interval: Duration, progress: impl FnMut(&Summary) -> Flow + Send + 'a) -> Self {
        self.raw.progress_interval_ns = raw::nanoseconds(interval).max(1);
        self.progress = Some(Box::new(progress));
        self
    }
}

impl Default for SamplerOptions<'_> {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for SamplerOptions<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.raw.fmt(formatter)
    }
}

/// Who hears of the progress.
struct Progress<'a> {
    closure: Option<OnProgress<'a>>,
    /// Models that are being filled.
    live: Vec<NonNull<sys::ty_live>>,
}

unsafe extern "C" fn tell_progress(so_far: *const sys::ty_run_summary, user_data: *mut c_void) -> c_int {
    // SAFETY: the hook is the sampler's, and the struct and the models live during the call.
    unsafe {
        raw::call_back(user_data, 1, |progress: &mut Progress<'_>| {
            for live in &progress.live {
                sys::ty_live_progress(so_far, live.as_ptr().cast());
            }
            let summary = Summary::new(&raw::copy_record(so_far));
            let flow = progress.closure.as_mut().map_or(Flow::Continue, |closure| closure(&summary));
            Ok(c_int::from(flow == Flow::Stop))
        })
    }
}

/// A clock on a target, which it borrows. It belongs to the thread that made it, for [`Placement`] binds that one:
///
/// ```compile_fail,E0277
/// fn elsewhere(target: &mut tachyon::Target) {
///     let mut sampler = target.sampler(Default::default()).unwrap();
///     std::thread::scope(|scope| {
///         scope.spawn(move || sampler.run(&mut []));
///     });
/// }
/// ```
///
/// While it lives nothing else samples the target:
///
/// ```compile_fail,E0499
/// fn both(target: &mut tachyon::Target) -> tachyon::Result<()> {
///     let mut sampler = target.sampler(Default::default())?;
///     let snapshot = target.sample()?;
///     sampler.next_snapshot()?;
///     Ok(())
/// }
/// ```
pub struct Sampler<'a> {
    raw: NonNull<sys::ty_sampler>,
    target: &'a mut Target,
    progress: Hook<Progress<'a>>,
    stop: Arc<Stop>,
    one_thread: PhantomData<*mut ()>,
}

impl<'a> Sampler<'a> {
    pub(crate) fn new(target: &'a mut Target, options: SamplerOptions<'a>) -> Result<Self> {
        let progress = Hook::new(Progress { closure: options.progress, live: Vec::new() });
        let options = sys::ty_sampler_options {
            progress: Some(tell_progress),
            progress_user_data: progress.user_data(),
            ..options.raw
        };
        let mut sampler = ptr::null_mut();
        // SAFETY: target and hook live as long as the sampler.
        let code = unsafe { sys::ty_sampler_new(target.as_ptr(), &options, &mut sampler) };
        let raw = NonNull::new(sampler).ok_or_else(|| Error::of_code(code))?;
        let stop = Arc::new(Stop { sampler: AtomicPtr::new(sampler), users: AtomicUsize::new(0) });
        Ok(Self { raw, target, progress, stop, one_thread: PhantomData })
    }

    /// Waits for the next tick and takes a sample; `None` when profiling has ended. Ticks that went by while the caller was
    /// busy are counted as missed, and a reading that fails for a passing reason is counted and the next tick awaited.
    ///
    /// ```
    /// use std::time::Duration;
    ///
    /// let mut target = tachyon::open_capture("examples/data/3.15.tycap")?;
    /// let options = tachyon::SamplerOptions::new().interval(Duration::from_micros(100)).max_samples(3);
    /// let mut sampler = target.sampler(options)?;
    /// while let Some(snapshot) = sampler.next_snapshot()? {
    ///     println!("{:?}", snapshot.time());
    /// }
    /// assert_eq!(sampler.summary().samples, 3);
    /// # Ok::<(), tachyon::Error>(())
    /// ```
    ///
    /// The next one ends the one before:
    ///
    /// ```compile_fail,E0499
    /// fn keep(sampler: &mut tachyon::Sampler<'_>) -> tachyon::Result<()> {
    ///     let first = sampler.next_snapshot()?;
    ///     let second = sampler.next_snapshot()?;
    ///     println!("{first:?} {second:?}");
    ///     Ok(())
    /// }
    /// ```
    pub fn next_snapshot(&mut self) -> Result<Option<Snapshot<'_>>> {
        let mut snapshot = ptr::null();
        // SAFETY: the handle is ours.
        let code = unsafe { sys::ty_sampler_next(self.raw.as_ptr(), &mut snapshot) };
        self.resume_panic();
        // SAFETY: valid until the next sample, which takes a borrow of the sampler as well.
        Ok((self.target.check(code)? == 0).then(|| unsafe { Snapshot::new(snapshot) }))
    }

    /// Takes a sample if its tick has come, and never waits: for programs with an event loop of their own, which call it
    /// from a timer. Ticks are those of [`next_snapshot`](Self::next_snapshot); the two may be mixed.
    pub fn poll(&mut self) -> Result<Polled<'_>> {
        let (mut snapshot, mut wait_ns) = (ptr::null(), 0);
        // SAFETY: the handle is ours.
        let code = unsafe { sys::ty_sampler_poll(self.raw.as_ptr(), &mut snapshot, &mut wait_ns) };
        self.resume_panic();
        let wait = Duration::from_nanos(wait_ns);
        Ok(match self.target.check(code)? {
            // SAFETY: as above.
            0 => Polled::Sample(unsafe { Snapshot::new(snapshot) }, wait),
            1 => Polled::Ended,
            _ => Polled::Nothing(wait),
        })
    }

    /// Samples until the end and hands every snapshot to the receivers. One that fails is ended and left out from then on;
    /// the others go on. Afterwards everything is ended and written, also after an error.
    ///
    /// ```
    /// use tachyon::{reports, SamplerOptions};
    ///
    /// let mut target = tachyon::open_capture("examples/data/3.15.tycap")?;
    /// let mut table = reports::Pstats::new().to_memory()?;
    /// let mut stacks = reports::Collapsed::new().to_memory()?;
    /// let summary = target.sampler(SamplerOptions::new().max_samples(10))?.run(&mut [&mut table, &mut stacks])?;
    /// assert_eq!(summary.samples, 10);
    /// println!("{}", String::from_utf8_lossy(table.data().unwrap()));
    /// # Ok::<(), tachyon::Error>(())
    /// ```
    pub fn run(&mut self, receivers: &mut [&mut dyn Receiver]) -> Result<Summary> {
        let connections = Connection::all(receivers)?;
        let collectors: Vec<_> = connections.iter().map(Connection::as_ptr).collect();
        self.progress.content().live = connections.iter().filter_map(|connection| connection.live).collect();
        // SAFETY: the handle is ours, the collectors are the connections'.
        let code = unsafe { sys::ty_sampler_run(self.raw.as_ptr(), collectors.as_ptr(), collectors.len()) };
        self.progress.content().live.clear();
        let settled = collector::settle(connections, code, self.target);
        self.resume_panic();
        settled?;
        Ok(self.summary())
    }

    /// What was counted so far.
    pub fn summary(&self) -> Summary {
        let mut summary = raw::record::<sys::ty_run_summary>();
        // SAFETY: the handle is ours; the struct says its size, so that it cannot fail.
        unsafe { sys::ty_sampler_summary(self.raw.as_ptr(), &mut summary) };
        Summary::new(&summary)
    }

    /// The target, to ask what frames mean.
    pub fn target(&self) -> &TargetRef {
        self.target
    }

    /// A handle by which any thread ends profiling.
    pub fn stop_handle(&self) -> StopHandle {
        StopHandle(Arc::clone(&self.stop))
    }

    fn resume_panic(&mut self) {
        if let Some(failure) = self.progress.take_failure() {
            let _ = raw::resume(failure);
        }
    }
}

/// What [`Sampler::poll`] gives; with it, how long it is until the next tick: when to call again.
#[derive(Debug, Clone, Copy)]
pub enum Polled<'a> {
    /// A sample.
    Sample(Snapshot<'a>, Duration),
    /// No sample now; profiling goes on.
    Nothing(Duration),
    /// Profiling has ended.
    Ended,
}

impl Drop for Sampler<'_> {
    fn drop(&mut self) {
        self.stop.retire();
        // SAFETY: the handle is ours, and no stop handle uses it any more.
        unsafe { sys::ty_sampler_free(self.raw.as_ptr()) };
    }
}

impl fmt::Debug for Sampler<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Sampler").field("target", &self.target).field("summary", &self.summary()).finish()
    }
}

/// A sampler that may be gone. Without a lock, for a signal handler must not take one: a user counts itself before it
/// looks at the pointer, and who takes the pointer away waits until no user is left.
struct Stop {
    sampler: AtomicPtr<sys::ty_sampler>,
    users: AtomicUsize,
}

impl Stop {
    fn stop(&self) {
        self.users.fetch_add(1, Ordering::SeqCst);
        let sampler = self.sampler.load(Ordering::SeqCst);
        if !sampler.is_null() {
            // SAFETY: it is not freed while we are counted.
            unsafe { sys::ty_sampler_stop(sampler) };
        }
        self.users.fetch_sub(1, Ordering::SeqCst);
    }

    fn retire(&self) {
        self.sampler.store(ptr::null_mut(), Ordering::SeqCst);
        while self.users.load(Ordering::SeqCst) != 0 {
            std::thread::yield_now();
        }
    }
}

/// Ends profiling at the next tick, from any thread and from a signal handler. It may outlive its sampler, and then does
/// nothing. (Cloning or dropping it is not for a signal handler.)
///
/// ```
/// let mut target = tachyon::open_capture("examples/data/3.15.tycap")?;
/// let mut sampler = target.sampler(Default::default())?;
/// let stop = sampler.stop_handle();
/// let other = std::thread::spawn(move || stop.stop());
/// assert_eq!(sampler.run(&mut [])?.end_reason, tachyon::EndReason::Stopped);
/// # other.join().unwrap();
/// # Ok::<(), tachyon::Error>(())
/// ```
#[derive(Clone)]
pub struct StopHandle(Arc<Stop>);

impl StopHandle {
    /// Ends profiling at the next tick.
    pub fn stop(&self) {
        self.0.stop();
    }
}

impl fmt::Debug for StopHandle {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("StopHandle")
    }
}
