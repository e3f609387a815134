// SPDX-License-Identifier: Apache-2.0
//! Profiles CPython 3.11 to 3.15 from outside the process, down to the bytecode instruction: libtachyon for Rust.
//!
//! The process that is read is neither stopped nor written to, and every stack says how far it can be [trusted](Verdict).
//!
//! ```no_run
//! use std::time::Duration;
//! use tachyon::{reports, AttachOptions, SamplerOptions, Threads};
//!
//! let mut target = AttachOptions::new().threads(Threads::All).opcodes(true).attach(1234)?;
//!
//! // Where it is now,
//! let snapshot = target.sample()?;
//! for thread in snapshot.threads() {
//!     println!("{}: {:?}", thread.name(), thread.status());
//!     for frame in thread.frames() {
//!         let function = snapshot.target().function(frame)?;
//!         let location = snapshot.target().location(frame)?;
//!         println!("  {}:{} {}", function.filename(), location.line.unwrap_or(0), function.qualname());
//!     }
//! }
//!
//! // and where it spends ten seconds.
//! let mut graph = reports::Flamegraph::new().opcodes(true).to_file("profile.html")?;
//! let options = SamplerOptions::new().duration(Duration::from_secs(10)).opcodes(true);
//! target.sampler(options)?.run(&mut [&mut graph])?;
//! # Ok::<(), tachyon::Error>(())
//! ```
//!
//! What borrows what is what the library asks of its users: a [`Snapshot`] borrows its [`Target`], so that the next sample
//! ends it; a [`Sampler`] borrows its target as well; everything with a handle may be moved to another thread, but not be
//! used by two at once. A [`Collector`] of your own may fail or panic: neither crosses the library. Errors say what to do:
//! [`Error`].
//!
//! The library is found with pkg-config when this is built, and loaded when the program starts. One that is older than
//! these bindings, or of another ABI, is an [`Error`] of whatever is opened first.

#![deny(missing_docs, missing_debug_implementations)]
#![deny(unsafe_op_in_unsafe_fn)]

mod collector;
mod error;
mod gc;
mod macros;
mod merged;
mod opcode;
mod options;
mod processes;
mod raw;
mod recorder;
mod recording;
mod resolve;
mod sampler;
mod sink;
mod snapshot;
mod target;
mod tasks;
mod version;

pub mod live;
pub mod reports;

pub use collector::{Collector, EndReason, Flow, Outcome, Receiver, Run, Summary};
pub use error::{Error, ErrorClass, ErrorKind, Phase, Result};
pub use gc::GcCollection;
pub use merged::{Merged, Session, SessionOptions, SourceId};
pub use opcode::{decode_opcode, Opcode, OpcodeArgument, OpcodeFlags, PythonVersion};
pub use options::{AttachOptions, LogLevel, StopPolicy, Tasks, Threads};
pub use processes::{ProcessEvent, ProcessEventKind, Processes};
pub use recorder::{
    Measured, RecordedFrame, RecordedFrameId, RecordedStack, Recorder, RecorderOptions, RecorderStatistics,
};
pub use recording::{Compression, RecordingFeatures, RecordingInfo};
pub use resolve::{Disassembled, Function, Handler, Instruction, InstructionFlags, Location};
pub use sampler::{Mode, Placement, Polled, Sampler, SamplerOptions, StopHandle};
pub use sink::Sink;
pub use snapshot::{Frame, FrameFlags, FrameKind, Snapshot, Thread, ThreadIter, ThreadStatus, Verdict};
pub use target::{attach, open_capture, open_recording, Statistics, Target, TargetInfo, TargetRef};
pub use tasks::{Task, TaskFlags, TaskLimits, TaskList, TaskSupport};
pub use version::library_version;

/// The examples of the README are compiled with those of the documentation.
#[cfg(doctest)]
#[doc = include_str!("../README.md")]
struct Readme;

/// What may go to another thread, and what two may use at once; what may not is shown by examples that do not compile.
const _: () = {
    const fn sent<T: Send>() {}
    const fn shared<T: Sync>() {}

    sent::<Target>();
    sent::<AttachOptions>();
    sent::<Merged>();
    sent::<Processes>();
    sent::<Recorder>();
    sent::<Sink<'_>>();
    sent::<reports::Report<'_>>();
    sent::<live::Feed>();
    sent::<live::View>();
    sent::<StopHandle>();
    shared::<StopHandle>();
    sent::<Error>();
    shared::<Error>();
    sent::<Frame>();
    shared::<Frame>();
};
