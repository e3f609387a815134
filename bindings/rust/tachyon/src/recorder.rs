// SPDX-License-Identifier: Apache-2.0
//! Recordings of samples that something else took.

use std::fmt;
use std::path::Path;
use std::ptr::{self, NonNull};
use std::time::{Duration, SystemTime};

use tachyon_sys as sys;

use crate::error::{Error, Result};
use crate::raw;
use crate::recording::{Compression, RecordingFeatures};
use crate::sampler::Mode;
use crate::snapshot::{FrameKind, ThreadStatus, Verdict};
use crate::version;

/// Options of a [`Recorder`].
#[derive(Debug, Clone, Copy)]
pub struct RecorderOptions(sys::ty_recorder_options);

impl RecorderOptions {
    /// The defaults: what is not said is not known.
    pub fn new() -> Self {
        Self(sys::ty_recorder_options { mode: -1, ..raw::record() })
    }

    /// How samples are compressed; default: as well as the library can.
    pub fn compression(mut self, compression: Compression) -> Self {
        self.0.compression = compression.raw();
        self
    }

    /// Which threads were seen.
    pub fn mode(mut self, mode: Mode) -> Self {
        self.0.mode = mode.raw();
        self
    }

    /// The time between samples that was asked for.
    pub fn interval(mut self, interval: Duration) -> Self {
        self.0.interval_ns = raw::nanoseconds(interval);
        self
    }

    /// `CLOCK_MONOTONIC` at the begin.
    pub fn start_time(mut self, time: Duration) -> Self {
        self.0.start_time_ns = raw::nanoseconds(time);
        self
    }

    /// Date and time of the begin.
    pub fn start_date(mut self, date: SystemTime) -> Self {
        self.0.start_unix_ns = date.duration_since(SystemTime::UNIX_EPOCH).map_or(0, raw::nanoseconds);
        self
    }

    /// `sys.hexversion` of the program, which says what opcodes mean.
    pub fn hexversion(mut self, hexversion: u32) -> Self {
        self.0.python_hexversion = hexversion;
        self
    }

    /// What was gathered.
    pub fn features(mut self, features: RecordingFeatures) -> Self {
        self.0.features = (features | RecordingFeatures::KNOWN).bits();
        self
    }

    /// Begins a recording: a regular file, made or written over. What is in it can be read when the program is killed.
    pub fn create(self, path: impl AsRef<Path>) -> Result<Recorder> {
        version::check()?;
        let path = path.as_ref();
        let name = raw::c_path(path)?;
        let mut recorder = ptr::null_mut();
        // SAFETY: options and path live as long as the call.
        let code = unsafe { sys::ty_recorder_new(&self.0, name.as_ptr(), &mut recorder) };
        NonNull::new(recorder).map(Recorder).ok_or_else(|| {
            let error = Error::of_code(code);
            Error::new(code, format!("{}: {}", path.display(), error.message()))
        })
    }
}

impl Default for RecorderOptions {
    fn default() -> Self {
        Self::new()
    }
}

/// A place that frames stood at.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedFrame<'a> {
    /// `co_filename`.
    pub filename: &'a str,
    /// `co_qualname`.
    pub qualname: &'a str,
    /// `co_firstlineno`.
    pub first_line: Option<u32>,
    /// What kind of frame it is.
    pub kind: FrameKind,
    /// Byte offset of the instruction in the function's bytecode.
    pub offset: Option<u32>,
    /// Number of the instruction's opcode as executing.
    pub opcode: Option<u8>,
    /// First line.
    pub line: Option<u32>,
    /// Last line.
    pub end_line: Option<u32>,
    /// First column, from 0, in bytes of UTF-8.
    pub column: Option<u32>,
    /// Column after the last.
    pub end_column: Option<u32>,
}

impl<'a> RecordedFrame<'a> {
    /// A Python function of which nothing else is known.
    pub fn new(filename: &'a str, qualname: &'a str) -> Self {
        Self {
            filename,
            qualname,
            first_line: None,
            kind: FrameKind::Python,
            offset: None,
            opcode: None,
            line: None,
            end_line: None,
            column: None,
            end_column: None,
        }
    }
}

/// Number of a place in a [`Recorder`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
#[repr(transparent)]
pub struct RecordedFrameId(u32);

/// One stack of one thread.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecordedStack<'a> {
    /// `CLOCK_MONOTONIC`. Stacks of one time are one snapshot.
    pub time: Duration,
    /// Kernel thread id.
    pub native_id: u64,
    /// Id of its interpreter.
    pub interpreter: u32,
    /// What the thread was doing.
    pub status: ThreadStatus,
    /// How far the stack can be trusted.
    pub verdict: Verdict,
    /// The innermost first.
    pub frames: &'a [RecordedFrameId],
}

impl<'a> RecordedStack<'a> {
    /// A stack of the main interpreter that is right.
    pub fn new(time: Duration, native_id: u64, frames: &'a [RecordedFrameId]) -> Self {
        let (status, verdict) = (ThreadStatus::default(), Verdict::Verified);
        Self { time, native_id, interpreter: 0, status, verdict, frames }
    }
}

/// Writes a recording of samples that something else took: another profiler, a converter of another format. What is sampled
/// here goes to a [`reports::Recording`](crate::reports::Recording).
///
/// ```
/// use std::time::Duration;
/// use tachyon::{Measured, RecordedFrame, RecordedStack, RecorderOptions};
///
/// let path = std::env::temp_dir().join(format!("tachyon-recorder-{}.bin", std::process::id()));
/// let mut recorder = RecorderOptions::new().create(&path)?;
/// let main = recorder.frame(&RecordedFrame::new("app.py", "main"))?;
/// let work = recorder.frame(&RecordedFrame::new("app.py", "work"))?;
/// for millisecond in 1..=100 {
///     recorder.stack(&RecordedStack::new(Duration::from_millis(millisecond), 1, &[work, main]))?;
/// }
/// let mut measured = Measured::new(Duration::from_millis(100), 1000.0);
/// measured.missed = Some(2.0);
/// recorder.measured(&measured)?;
/// recorder.finish()?;
///
/// let mut target = tachyon::open_recording(&path)?;
/// assert_eq!(target.recording_info()?.missed, Some(2.0));
/// let snapshot = target.sample()?;
/// assert_eq!(snapshot.thread(0).unwrap().frames().len(), 2);
/// # std::fs::remove_file(path).unwrap();
/// # Ok::<(), tachyon::Error>(())
/// ```
pub struct Recorder(NonNull<sys::ty_recorder>);

// SAFETY: the object may be used by one thread at a time, whichever that is.
unsafe impl Send for Recorder {}

fn number(value: Option<u32>) -> i32 {
    value.and_then(|value| i32::try_from(value).ok()).unwrap_or(-1)
}

fn check(code: std::os::raw::c_int) -> Result<()> {
    if code < 0 {
        return Err(Error::of_code(code));
    }
    Ok(())
}

impl Recorder {
    /// Adds a place. Give each one once: one that is given again gets another number.
    pub fn frame(&mut self, frame: &RecordedFrame<'_>) -> Result<RecordedFrameId> {
        let (filename, qualname) = (raw::c_string(frame.filename)?, raw::c_string(frame.qualname)?);
        let given = sys::ty_recorded_frame {
            filename: filename.as_ptr(),
            qualname: qualname.as_ptr(),
            first_line: frame.first_line.unwrap_or(0),
            kind: frame.kind.raw(),
            offset: number(frame.offset),
            opcode: number(frame.opcode.map(u32::from)),
            line: number(frame.line),
            end_line: number(frame.end_line),
            column: number(frame.column),
            end_column: number(frame.end_column),
            ..raw::record()
        };
        let mut id = 0;
        // SAFETY: the handle is ours, the strings live as long as the call.
        check(unsafe { sys::ty_recorder_frame(self.0.as_ptr(), &given, &mut id) })?;
        Ok(RecordedFrameId(id))
    }

    /// Adds a stack.
    pub fn stack(&mut self, stack: &RecordedStack<'_>) -> Result<()> {
        let given = sys::ty_recorded_stack {
            time_ns: raw::nanoseconds(stack.time),
            native_id: stack.native_id,
            interpreter: stack.interpreter,
            status: stack.status.bits(),
            verdict: stack.verdict.raw(),
            frame_count: u32::try_from(stack.frames.len()).unwrap_or(u32::MAX),
            frames: stack.frames.as_ptr().cast(),
            ..raw::record()
        };
        // SAFETY: the handle is ours, the frames live as long as the call; there are no 2^32 of them.
        check(unsafe { sys::ty_recorder_stack(self.0.as_ptr(), &given) })
    }

    /// Says what was measured in the run, before it is finished; without it a recording says nothing of it.
    pub fn measured(&mut self, run: &Measured) -> Result<()> {
        let errors_flag = run.error_percent.map_or(0, |_| sys::TY_MEASURED_ERRORS);
        let missed_flag = run.missed.map_or(0, |_| sys::TY_MEASURED_MISSED);
        let measured = sys::TY_MEASURED_RUN | errors_flag | missed_flag;
        let (errors, missed) = (run.error_percent.unwrap_or_default(), run.missed.unwrap_or_default());
        let duration_s = run.duration.as_secs_f64();
        // SAFETY: the handle is ours.
        check(unsafe { sys::ty_recorder_measured(self.0.as_ptr(), measured, duration_s, run.rate_hz, errors, missed) })
    }

    /// What was written so far.
    pub fn statistics(&self) -> Result<RecorderStatistics> {
        let mut counters = raw::record::<sys::ty_recorder_counters>();
        // SAFETY: the handle is ours.
        check(unsafe { sys::ty_recorder_statistics(self.0.as_ptr(), &mut counters) })?;
        Ok(RecorderStatistics {
            stacks: counters.stacks,
            repeated_stacks: counters.repeat_stacks,
            frames_written: counters.frames_written,
            frames_saved: counters.frames_saved,
            bytes_written: counters.bytes_written,
        })
    }

    /// Writes what is missing, and what CPython reads.
    pub fn finish(self) -> Result<()> {
        // SAFETY: the handle is ours.
        check(unsafe { sys::ty_recorder_finish(self.0.as_ptr()) })
    }
}

impl Drop for Recorder {
    fn drop(&mut self) {
        // SAFETY: the handle is ours.
        unsafe { sys::ty_recorder_free(self.0.as_ptr()) };
    }
}

impl fmt::Debug for Recorder {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Recorder")
    }
}

/// What was measured in a run: see [`Recorder::measured`].
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct Measured {
    /// How long it took.
    pub duration: Duration,
    /// Samples a second.
    pub rate_hz: f64,
    /// The share of samples that failed; `None`: it is not known.
    pub error_percent: Option<f64>,
    /// Times for a sample that went by without one; `None`: it is not known.
    pub missed: Option<f64>,
}

impl Measured {
    /// Without errors and missed samples.
    pub fn new(duration: Duration, rate_hz: f64) -> Self {
        Self { duration, rate_hz, error_percent: None, missed: None }
    }
}

/// What a [`Recorder`] wrote so far.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct RecorderStatistics {
    /// Stacks given.
    pub stacks: u64,
    /// Stacks that did not change.
    pub repeated_stacks: u64,
    /// Frames in records.
    pub frames_written: u64,
    /// Frames that were left out because they had not changed.
    pub frames_saved: u64,
    /// Bytes in the file so far.
    pub bytes_written: u64,
}
