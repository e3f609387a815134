// SPDX-License-Identifier: Apache-2.0
//! What a recording says of itself.

use std::time::{Duration, SystemTime};

use tachyon_sys as sys;

use crate::macros::{asked, flags};
use crate::sampler::Mode;

asked! {
    /// How the samples of a recording are compressed.
    Compression {
        /// With zstd, if the library was built with it.
        Auto = TY_COMPRESSION_AUTO,
        /// With zstd.
        Zstd = TY_COMPRESSION_ZSTD,
        /// Not at all, for readers without zstd; the file is written twice.
        None = TY_COMPRESSION_NONE,
    }
}

impl Compression {
    /// Whether the running library can write and read it.
    pub fn is_available(self) -> bool {
        // SAFETY: takes and gives a number.
        unsafe { sys::ty_compression_available(self.raw()) != 0 }
    }
}

flags! {
    /// What the writer of a recording was told to gather.
    RecordingFeatures {
        /// The others are told; without it they are not.
        KNOWN = TY_FEATURES_KNOWN,
        /// All threads.
        ALL_THREADS = TY_FEATURE_ALL_THREADS,
        /// Frames where Python called into C.
        NATIVE = TY_FEATURE_NATIVE,
        /// Frames where the garbage collector ran.
        GC = TY_FEATURE_GC,
        /// Instructions.
        OPCODES = TY_FEATURE_OPCODES,
        /// Threads were stopped while they were read.
        BLOCKING = TY_FEATURE_BLOCKING,
    }
}

/// What a recording says of itself; of several, the first one, but sums where it says so.
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct RecordingInfo {
    /// The time between samples that was asked for.
    pub interval: Duration,
    /// `CLOCK_MONOTONIC` of its machine at the begin.
    pub start_time: Duration,
    /// Date and time of the begin.
    pub start_date: Option<SystemTime>,
    /// How long it is, or was so far if it was not finished.
    pub duration: Duration,
    /// Stacks of all threads in it, sum.
    pub stacks: Option<u64>,
    /// Size of the files, sum.
    pub bytes: u64,
    /// How far they have been read, sum: for showing progress.
    pub bytes_read: u64,
    /// Which threads it has; `None` if it does not say, or for a mode of a newer library.
    pub mode: Option<Mode>,
    /// Whether it has instructions.
    pub opcodes: bool,
    /// Whether its writer ended it; true until the end has been reached.
    pub finished: bool,
    /// CPython wrote it.
    pub by_cpython: bool,
    /// How it is compressed; `None` for a kind of a newer library.
    pub compression: Option<Compression>,
    /// How many recordings there are.
    pub recordings: usize,
    /// `sys.hexversion` of the program; of CPython's recordings without the release level.
    pub hexversion: Option<u32>,
    /// Threads in it; `None` if it was not finished.
    pub threads: Option<u32>,
    /// What was gathered; `None` if it does not say.
    pub features: Option<RecordingFeatures>,
    /// Samples a second, as its writer measured.
    pub rate_hz: Option<f64>,
    /// Share of samples that failed, as its writer measured.
    pub error_percent: Option<f64>,
    /// Ticks without a sample, in the unit of its writer: CPython has percent, this library their number.
    pub missed: Option<f64>,
}

impl RecordingInfo {
    pub(crate) fn new(info: &sys::ty_recording_information) -> Self {
        let since_epoch = Duration::from_nanos(info.start_unix_ns);
        let measured = |which, value| (info.measured & which != 0).then_some(value);
        Self {
            interval: Duration::from_nanos(info.interval_ns),
            start_time: Duration::from_nanos(info.start_time_ns),
            start_date: (info.start_unix_ns != 0).then(|| SystemTime::UNIX_EPOCH + since_epoch),
            duration: Duration::from_nanos(info.duration_ns),
            stacks: (info.stacks != 0).then_some(info.stacks),
            bytes: info.bytes,
            bytes_read: info.bytes_read,
            mode: (info.mode_known != 0).then(|| Mode::from_raw(info.mode)).flatten(),
            opcodes: info.opcodes != 0,
            finished: info.finished != 0,
            by_cpython: info.by_cpython != 0,
            compression: Compression::from_raw(info.compression),
            recordings: usize::try_from(info.recordings).unwrap_or(0),
            hexversion: (info.python_hexversion != 0).then_some(info.python_hexversion),
            threads: (info.threads != 0).then_some(info.threads),
            features: (info.features != 0).then(|| RecordingFeatures::from_raw(info.features)),
            rate_hz: measured(sys::TY_MEASURED_RUN, info.rate_hz),
            error_percent: measured(sys::TY_MEASURED_ERRORS, info.error_percent),
            missed: measured(sys::TY_MEASURED_MISSED, info.missed),
        }
    }
}
