// SPDX-License-Identifier: Apache-2.0
//! Several targets as one.
//!
//! The library wants to be told before a source goes away. So the sources belong to the merged target while they are part
//! of it: no order of drops, and no forgotten guard, can leave it with one that is gone.

use std::collections::HashMap;
use std::fmt;
use std::os::raw::c_int;
use std::ptr;
use std::time::{Duration, Instant, SystemTime};

use tachyon_sys as sys;

use crate::collector::{self, Connection, Flow, Receiver, Summary};
use crate::error::{Error, Result};
use crate::raw;
use crate::sampler::Mode;
use crate::snapshot::{Snapshot, Verdict};
use crate::target::{Target, TargetRef};

/// A source of a [`Merged`] target.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct SourceId(u64);

/// Several targets as one, so that one report gathers the samples of many processes. Functions of equal content are one
/// function, whatever process they were seen in.
///
/// ```
/// use tachyon::{open_capture, reports, Merged};
///
/// let mut merged = Merged::new()?;
/// let mut stacks = reports::Collapsed::new().to_memory()?;
/// let first = merged.add(open_capture("examples/data/3.15.tycap")?);
/// let mut receivers: [&mut dyn tachyon::Receiver; 1] = [&mut stacks];
/// let mut session = merged.session(Default::default(), &mut receivers)?;
/// session.sample(first)?;
/// let second = session.add(open_capture("examples/data/3.15.tycap")?);
/// session.sample(second)?;
/// assert_eq!(session.finish()?.samples, 2);
/// let stacks = String::from_utf8_lossy(stacks.data().unwrap());
/// assert!(stacks.lines().all(|line| line.ends_with(" 2")), "{stacks}");
/// # Ok::<(), tachyon::Error>(())
/// ```
pub struct Merged {
    /// Freed before its sources.
    target: Target,
    sources: HashMap<SourceId, Target>,
    next: u64,
}

impl Merged {
    /// One without sources.
    pub fn new() -> Result<Self> {
        // SAFETY: a plain call.
        let target = Target::open(None, |target| unsafe { sys::ty_merged_new(target) })?;
        Ok(Self { target, sources: HashMap::new(), next: 0 })
    }

    /// Adds a source.
    pub fn add(&mut self, source: Target) -> SourceId {
        let id = SourceId(self.next);
        self.next += 1;
        self.sources.insert(id, source);
        id
    }

    /// Takes a source out again. Its functions and counters stay known.
    pub fn remove(&mut self, id: SourceId) -> Option<Target> {
        let source = self.sources.remove(&id)?;
        // SAFETY: both handles are ours. A source that never gave a snapshot is not known, which is as good.
        unsafe { sys::ty_merged_leave(self.target.as_ptr(), source.as_ptr()) };
        Some(source)
    }

    /// One of the sources.
    pub fn source(&self, id: SourceId) -> Option<&TargetRef> {
        self.sources.get(&id).map(|source| &**source)
    }

    /// All sources, in no order.
    pub fn sources(&self) -> impl Iterator<Item = (SourceId, &TargetRef)> {
        self.sources.iter().map(|(id, source)| (*id, &**source))
    }

    /// The target that stands for all, to ask what frames mean.
    pub fn target(&self) -> &TargetRef {
        &self.target
    }

    /// Takes a sample of one source.
    pub fn sample(&mut self, id: SourceId) -> Result<Snapshot<'_>> {
        let source = self.sources.get_mut(&id).ok_or_else(|| {
            Error::new(-(sys::TY_ENOTFOUND as c_int), "the source was removed from the merged target")
        })?;
        let snapshot = source.sample()?;
        let mut merged = ptr::null();
        // SAFETY: both live; the source is not sampled again while the result is borrowed.
        let code = unsafe { sys::ty_merged_sample(self.target.as_ptr(), snapshot.as_ptr(), &mut merged) };
        self.target.check(code)?;
        // SAFETY: valid until the next sample, which takes a borrow of the merged target as well.
        Ok(unsafe { Snapshot::new(merged) })
    }

    /// Begins a run: hands what is sampled to receivers.
    pub fn session<'a>(
        &'a mut self,
        options: SessionOptions,
        receivers: &'a mut [&mut dyn Receiver],
    ) -> Result<Session<'a>> {
        Session::new(self, options, receivers)
    }
}

impl fmt::Debug for Merged {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Merged").field("sources", &self.sources).finish()
    }
}

/// What the receivers of a [`Session`] are told of it. When samples are taken is up to its user.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct SessionOptions {
    /// The time between samples of one source; default: 1 ms.
    pub interval: Duration,
    /// Whether instructions are gathered; default: no.
    pub opcodes: bool,
}

impl Default for SessionOptions {
    fn default() -> Self {
        Self { interval: Duration::from_millis(1), opcodes: false }
    }
}

/// A run over the sources of a [`Merged`] target. Without [`finish`](Self::finish) nothing is written; an error or a panic of
/// a collector comes with it.
pub struct Session<'a> {
    merged: &'a mut Merged,
    connections: Vec<Connection<'a>>,
    /// By connection: it has begun and not failed.
    open: Vec<bool>,
    started: Instant,
    raw: sys::ty_run_summary,
    error: c_int,
}

fn clock_ns(clock: Result<Duration, std::time::SystemTimeError>) -> u64 {
    clock.map_or(0, raw::nanoseconds)
}

impl<'a> Session<'a> {
    fn new(merged: &'a mut Merged, options: SessionOptions, receivers: &'a mut [&mut dyn Receiver]) -> Result<Self> {
        let connections = Connection::all(receivers)?;
        let open = vec![true; connections.len()];
        let raw = raw::record();
        let mut session = Self { merged, connections, open, started: Instant::now(), raw, error: 0 };
        let run = sys::ty_run_info {
            target: session.merged.target.as_ptr(),
            start_time_ns: monotonic_ns(),
            start_unix_ns: clock_ns(SystemTime::now().duration_since(SystemTime::UNIX_EPOCH)),
            interval_ns: raw::nanoseconds(options.interval),
            mode: Mode::Wall.raw(),
            opcodes: c_int::from(options.opcodes),
            ..raw::record()
        };
        // SAFETY: the collectors are the connections', the target is ours.
        session.tell(|collector| unsafe { sys::ty_collector_begin(collector, &run) });
        Ok(session)
    }

    /// Tells every open receiver; one that fails is closed. Whether all want to go on.
    fn tell(&mut self, call: impl Fn(*mut sys::ty_collector) -> c_int) -> Flow {
        let mut flow = Flow::Continue;
        for (connection, open) in self.connections.iter().zip(&mut self.open) {
            if !*open {
                continue;
            }
            let code = call(connection.as_ptr());
            if code > 0 {
                flow = Flow::Stop;
            }
            if code < 0 {
                *open = false;
                // SAFETY: the collector is the connection's.
                unsafe { sys::ty_collector_end(connection.as_ptr(), &self.raw) };
                self.error = if self.error == 0 { code } else { self.error };
            }
        }
        if self.open.contains(&true) {
            flow
        } else {
            Flow::Stop
        }
    }

    /// Takes a sample of one source and hands it to the receivers. An error of the source is counted and given back;
    /// [`Flow::Stop`] says that a receiver wants no more, or none is left.
    pub fn sample(&mut self, id: SourceId) -> Result<Flow> {
        let snapshot = match self.merged.sample(id) {
            Ok(snapshot) => snapshot,
            Err(error) => {
                self.raw.failed += 1;
                return Err(error);
            }
        };
        self.raw.samples += 1;
        for thread in snapshot.threads() {
            match thread.verdict() {
                Verdict::Verified => self.raw.verified += 1,
                Verdict::Repaired => self.raw.repaired += 1,
                Verdict::Torn => self.raw.torn += 1,
                Verdict::Incomplete => self.raw.incomplete += 1,
                _ => self.raw.unreadable += 1,
            }
        }
        let snapshot = snapshot.as_ptr();
        // SAFETY: the snapshot is valid until the next sample.
        let flow = self.tell(|collector| unsafe { sys::ty_collector_sample(collector, snapshot) });
        self.raw.duration_ns = raw::nanoseconds(self.started.elapsed());
        for live in self.connections.iter().filter_map(|connection| connection.live) {
            // SAFETY: the model lives as long as its connection.
            unsafe { sys::ty_live_progress(&self.raw, live.as_ptr().cast()) };
        }
        Ok(flow)
    }

    /// As [`Merged::add`].
    pub fn add(&mut self, source: Target) -> SourceId {
        self.merged.add(source)
    }

    /// As [`Merged::remove`].
    pub fn remove(&mut self, id: SourceId) -> Option<Target> {
        self.merged.remove(id)
    }

    /// As [`Merged::target`].
    pub fn target(&self) -> &TargetRef {
        self.merged.target()
    }

    /// Tells that a time for a sample went by without one.
    pub fn missed(&mut self, ticks: u64) {
        self.raw.missed += ticks;
    }

    /// Ends the run: every receiver writes its result.
    pub fn finish(mut self) -> Result<Summary> {
        self.raw.duration_ns = raw::nanoseconds(self.started.elapsed());
        self.raw.end_reason = sys::TY_END_STOPPED as c_int;
        let summary = self.raw;
        for (connection, _) in self.connections.iter().zip(&self.open).filter(|(_, open)| **open) {
            // SAFETY: the collector is the connection's; what it asks the target is in it, or in a source that is there.
            let code = unsafe { sys::ty_collector_end(connection.as_ptr(), &summary) };
            if code < 0 && self.error == 0 {
                self.error = code;
            }
        }
        collector::settle(self.connections, self.error, &self.merged.target)?;
        Ok(Summary::new(&summary))
    }
}

impl fmt::Debug for Session<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_struct("Session").field("merged", &self.merged).field("so_far", &self.raw).finish()
    }
}

/// `CLOCK_MONOTONIC`, which [`Instant`] is on Linux but does not tell.
fn monotonic_ns() -> u64 {
    #[repr(C)]
    struct Timespec {
        seconds: std::os::raw::c_long,
        nanoseconds: std::os::raw::c_long,
    }
    extern "C" {
        fn clock_gettime(clock: c_int, time: *mut Timespec) -> c_int;
    }
    const CLOCK_MONOTONIC: c_int = 1;
    let mut time = Timespec { seconds: 0, nanoseconds: 0 };
    // SAFETY: the C library's, which every Rust program on Linux is linked with; long is 64 bits wide as time_t is.
    unsafe { clock_gettime(CLOCK_MONOTONIC, &mut time) };
    Duration::new(time.seconds as u64, time.nanoseconds as u32).as_nanos() as u64
}
