// SPDX-License-Identifier: Apache-2.0
//! Receivers of samples: collectors of the user's own, and the way both these and the built-in reports get connected to
//! a run.

use std::error::Error as StdError;
use std::marker::PhantomData;
use std::os::raw::{c_int, c_void};
use std::ptr::{self, NonNull};
use std::time::{Duration, SystemTime};

use tachyon_sys as sys;

use crate::error::{Error, Result, CALLBACK_FAILED};
use crate::macros::told;
use crate::raw::{self, Failure, Hook};
use crate::sampler::Mode;
use crate::snapshot::Snapshot;
use crate::target::TargetRef;

/// Whether profiling goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Flow {
    /// It does.
    Continue,
    /// It ends; every collector is still told so.
    Stop,
}

/// What a collector's functions give: an error ends its part in the run, which then fails with it.
pub type Outcome = Result<Flow, Box<dyn StdError + Send + Sync>>;

/// A receiver of samples. Everything that implements it is a [`Receiver`].
///
/// ```
/// use std::collections::HashMap;
/// use tachyon::{Collector, Flow, Outcome, Run, SamplerOptions, Snapshot, Summary};
///
/// #[derive(Default)]
/// struct Hottest(HashMap<u32, u64>);
///
/// impl Collector for Hottest {
///     fn sample(&mut self, snapshot: &Snapshot<'_>) -> Outcome {
///         for leaf in snapshot.threads().filter_map(|thread| thread.frames().first()) {
///             *self.0.entry(leaf.function_id()).or_default() += 1;
///         }
///         Ok(Flow::Continue)
///     }
///
///     fn end(&mut self, run: &Run<'_>, _: &Summary) -> Outcome {
///         for (id, samples) in &self.0 {
///             println!("{samples} {}", run.target().function_by_id(*id)?.qualname());
///         }
///         Ok(Flow::Continue)
///     }
/// }
///
/// let mut target = tachyon::open_capture("examples/data/3.15.tycap")?;
/// let mut hottest = Hottest::default();
/// target.sampler(SamplerOptions::new().max_samples(10))?.run(&mut [&mut hottest])?;
/// assert_eq!(hottest.0.values().sum::<u64>(), 10);
/// # Ok::<(), tachyon::Error>(())
/// ```
///
/// A panic does not cross the library: the other collectors are ended, then it goes on from where the run was called.
pub trait Collector {
    /// Before the first sample.
    fn begin(&mut self, run: &Run<'_>) -> Outcome {
        let _ = run;
        Ok(Flow::Continue)
    }

    /// Every snapshot.
    fn sample(&mut self, snapshot: &Snapshot<'_>) -> Outcome;

    /// After the last sample, also when there was none.
    fn end(&mut self, run: &Run<'_>, summary: &Summary) -> Outcome {
        let _ = (run, summary);
        Ok(Flow::Continue)
    }
}

/// What a run hands samples to: your [`Collector`]s, the built-in [`reports`](crate::reports), a [live
/// model](crate::live).
pub trait Receiver: sealed::Connect {}

impl<C: Collector> Receiver for C {}

/// What is known of a run of samples.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    info: sys::ty_run_info,
    target: PhantomData<&'a TargetRef>,
}

impl<'a> Run<'a> {
    /// What is being profiled.
    pub fn target(&self) -> &'a TargetRef {
        // SAFETY: the target lives as long as the run.
        unsafe { TargetRef::from_ptr(self.info.target) }
    }

    /// `CLOCK_MONOTONIC` at the begin.
    pub fn start_time(&self) -> Duration {
        Duration::from_nanos(self.info.start_time_ns)
    }

    /// Date and time of the begin; `None` if a recording does not know it.
    pub fn start_date(&self) -> Option<SystemTime> {
        let since_epoch = Duration::from_nanos(self.info.start_unix_ns);
        (self.info.start_unix_ns != 0).then(|| SystemTime::UNIX_EPOCH + since_epoch)
    }

    /// The time between samples that was asked for.
    pub fn interval(&self) -> Duration {
        Duration::from_nanos(self.info.interval_ns)
    }

    /// Which threads are seen; `None` for a mode of a newer library.
    pub fn mode(&self) -> Option<Mode> {
        Mode::from_raw(self.info.mode)
    }

    /// Whether instructions are gathered.
    pub fn opcodes(&self) -> bool {
        self.info.opcodes != 0
    }
}

impl std::fmt::Debug for Run<'_> {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        self.info.fmt(formatter)
    }
}

told! {
    /// Why profiling ended.
    EndReason {
        /// It did not end yet.
        None = TY_END_NONE,
        /// The time or number of samples asked for is over.
        Duration = TY_END_DURATION,
        /// It was [stopped](crate::StopHandle).
        Stopped = TY_END_STOPPED,
        /// The target ended.
        Exited = TY_END_EXITED,
        /// A collector asked for it.
        Collector = TY_END_COLLECTOR,
        /// An error that does not pass.
        Error = TY_END_ERROR,
    }
}

/// A run in numbers, when it ended or so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Summary {
    /// From begin to end.
    pub duration: Duration,
    /// Snapshots taken.
    pub samples: u64,
    /// Ticks of the clock that passed without a sample.
    pub missed: u64,
    /// Ticks at which the target could not be read at all.
    pub failed: u64,
    /// Thread stacks with the verdict [`Verified`](crate::Verdict::Verified).
    pub verified: u64,
    /// Thread stacks with the verdict [`Repaired`](crate::Verdict::Repaired).
    pub repaired: u64,
    /// Thread stacks with the verdict [`Torn`](crate::Verdict::Torn).
    pub torn: u64,
    /// Thread stacks with the verdict [`Incomplete`](crate::Verdict::Incomplete).
    pub incomplete: u64,
    /// Threads that could not be read.
    pub unreadable: u64,
    /// Why it ended.
    pub end_reason: EndReason,
}

impl Summary {
    pub(crate) fn new(raw: &sys::ty_run_summary) -> Self {
        Self {
            duration: Duration::from_nanos(raw.duration_ns),
            samples: raw.samples,
            missed: raw.missed,
            failed: raw.failed,
            verified: raw.verified,
            repaired: raw.repaired,
            torn: raw.torn,
            incomplete: raw.incomplete,
            unreadable: raw.unreadable,
            end_reason: EndReason::from_raw(raw.end_reason),
        }
    }
}

// ---- the user's collectors, as the library sees them ----

pub(crate) struct Custom<'a> {
    collector: &'a mut dyn Collector,
    /// From begin to end: the library knows the target at both.
    run: Option<sys::ty_run_info>,
}

fn number(flow: Flow) -> c_int {
    match flow {
        Flow::Continue => 0,
        Flow::Stop => 1,
    }
}

unsafe extern "C" fn begin(run: *const sys::ty_run_info, user_data: *mut c_void) -> c_int {
    // SAFETY: the hook is that of the collector, the struct lives during the call.
    unsafe {
        raw::call_back(user_data, CALLBACK_FAILED, |custom: &mut Custom<'_>| {
            let info = raw::copy_record(run);
            custom.run = Some(info);
            custom.collector.begin(&Run { info, target: PhantomData }).map(number)
        })
    }
}

unsafe extern "C" fn sample(snapshot: *const sys::ty_snapshot, user_data: *mut c_void) -> c_int {
    // SAFETY: as above; the collector sees the snapshot for the duration of the call alone.
    unsafe {
        raw::call_back(user_data, CALLBACK_FAILED, |custom: &mut Custom<'_>| {
            custom.collector.sample(&Snapshot::new(snapshot)).map(number)
        })
    }
}

unsafe extern "C" fn end(summary: *const sys::ty_run_summary, user_data: *mut c_void) -> c_int {
    // SAFETY: as above; the target lives until the run is over.
    unsafe {
        raw::call_back(user_data, CALLBACK_FAILED, |custom: &mut Custom<'_>| {
            let summary = Summary::new(&raw::copy_record(summary));
            match custom.run.take() {
                Some(info) => custom.collector.end(&Run { info, target: PhantomData }, &summary).map(number),
                None => Ok(0),
            }
        })
    }
}

// ---- connections: receivers for the time of a run ----

/// What a built-in receiver has to say after a run.
pub(crate) trait Settle {
    fn settle(&mut self) -> Option<Failure>;
}

pub(crate) struct Connection<'a> {
    raw: NonNull<sys::ty_collector>,
    owner: Owner<'a>,
    pub(crate) live: Option<NonNull<sys::ty_live>>,
}

enum Owner<'a> {
    Custom(Hook<Custom<'a>>),
    BuiltIn(&'a mut dyn Settle),
}

pub(crate) mod sealed {
    /// Connects a receiver to a run. Nobody else can name it.
    pub trait Connect {
        #[doc(hidden)]
        fn connect(&mut self) -> crate::Result<super::Connected<'_>>;
    }
}

/// What [`sealed::Connect`] gives; opaque.
#[doc(hidden)]
#[allow(missing_debug_implementations)]
pub struct Connected<'a>(pub(crate) Connection<'a>);

impl<C: Collector> sealed::Connect for C {
    fn connect(&mut self) -> Result<Connected<'_>> {
        let hook = Hook::new(Custom { collector: self, run: None });
        let callbacks =
            sys::ty_collector_callbacks { begin: Some(begin), sample: Some(sample), end: Some(end), ..raw::record() };
        let mut collector = ptr::null_mut();
        // SAFETY: the hook lives as long as the connection, which frees the collector before.
        let code = unsafe { sys::ty_collector_new(&callbacks, hook.user_data(), &mut collector) };
        let raw = NonNull::new(collector).ok_or_else(|| Error::of_code(code))?;
        Ok(Connected(Connection { raw, owner: Owner::Custom(hook), live: None }))
    }
}

impl<'a> Connection<'a> {
    pub(crate) fn built_in(raw: NonNull<sys::ty_collector>, settle: &'a mut dyn Settle) -> Self {
        Self { raw, owner: Owner::BuiltIn(settle), live: None }
    }

    pub(crate) fn all(receivers: &'a mut [&mut dyn Receiver]) -> Result<Vec<Self>> {
        receivers.iter_mut().map(|receiver| receiver.connect().map(|connected| connected.0)).collect()
    }

    pub(crate) fn as_ptr(&self) -> *mut sys::ty_collector {
        self.raw.as_ptr()
    }

    fn take_failure(&mut self) -> Option<Failure> {
        match &mut self.owner {
            Owner::Custom(hook) => hook.take_failure(),
            Owner::BuiltIn(settle) => settle.settle(),
        }
    }
}

impl Drop for Connection<'_> {
    fn drop(&mut self) {
        if matches!(self.owner, Owner::Custom(_)) {
            // SAFETY: it is ours; its hook is dropped after it.
            unsafe { sys::ty_collector_free(self.raw.as_ptr()) };
        }
    }
}

/// After a run: a panic of any receiver goes on here. Of errors the first that a receiver's own code gave is the one,
/// then what the library returned.
pub(crate) fn settle(mut connections: Vec<Connection<'_>>, code: c_int, target: &TargetRef) -> Result<()> {
    let failures = connections.iter_mut().filter_map(Connection::take_failure);
    let (panics, errors): (Vec<_>, Vec<_>) = failures.partition(|failure| matches!(failure, Failure::Panic(_)));
    drop(connections);
    if let Some(failure) = panics.into_iter().chain(errors).next() {
        return Err(Error::of_callback(if code < 0 { code } else { CALLBACK_FAILED }, raw::resume(failure)));
    }
    target.check(code).map(drop)
}
