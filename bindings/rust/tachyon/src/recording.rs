// SPDX-License-Identifier: Apache-2.0
//! What a recording says of itself.

use std::time::{Duration, SystemTime};

use tachyon_sys as sys;

use crate::macros::asked;
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

/// What a recording says of itself; of several, the first one, but sums where it says so.
#[derive(Debug, Clone, PartialEq, Eq)]
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
    /// Which threads it has; `None` for a mode of a newer library.
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
}

impl RecordingInfo {
    pub(crate) fn new(info: &sys::ty_recording_information) -> Self {
        let since_epoch = Duration::from_nanos(info.start_unix_ns);
        Self {
            interval: Duration::from_nanos(info.interval_ns),
            start_time: Duration::from_nanos(info.start_time_ns),
            start_date: (info.start_unix_ns != 0).then(|| SystemTime::UNIX_EPOCH + since_epoch),
            duration: Duration::from_nanos(info.duration_ns),
            stacks: (info.stacks != 0).then_some(info.stacks),
            bytes: info.bytes,
            bytes_read: info.bytes_read,
            mode: Mode::from_raw(info.mode),
            opcodes: info.opcodes != 0,
            finished: info.finished != 0,
            by_cpython: info.by_cpython != 0,
            compression: Compression::from_raw(info.compression),
            recordings: usize::try_from(info.recordings).unwrap_or(0),
        }
    }
}
