// SPDX-License-Identifier: Apache-2.0
//! The built-in collectors: one builder a format, each of which makes a [`Report`] for one run.
//!
//! ```no_run
//! use std::time::Duration;
//! use tachyon::{reports, AttachOptions, SamplerOptions};
//!
//! let mut target = AttachOptions::new().opcodes(true).attach(1234)?;
//! let mut graph = reports::Flamegraph::new().opcodes(true).source_files(reports::SourceFiles::of(1234));
//! let mut graph = graph.to_file("profile.html")?;
//! let mut table = reports::Pstats::new().limit(Some(30)).to_writer(std::io::stdout())?;
//! let options = SamplerOptions::new().duration(Duration::from_secs(10)).opcodes(true);
//! target.sampler(options)?.run(&mut [&mut graph, &mut table])?;
//! # Ok::<(), tachyon::Error>(())
//! ```

mod source;

use std::ffi::CString;
use std::fmt;
use std::io::Write;
use std::os::raw::{c_char, c_int};
use std::path::Path;
use std::ptr::{self, NonNull};

use tachyon_sys as sys;

use crate::collector::{sealed::Connect, Connected, Connection, Receiver, Settle};
use crate::error::{Error, Result};
use crate::macros::asked;
use crate::raw::{self, Failure, Hook};
use crate::recording::Compression;
use crate::sink::{self, Rest, Sink};
use crate::target::Target;
use crate::version;

pub use source::SourceFiles;
use source::{read_line, source_hook, user_data, ReadLine, Source};

asked! {
    /// Stacks that a report counts.
    Trust {
        /// Verified and repaired ones; the others are counted only.
        Proven = TY_TRUST_PROVEN,
        /// All that have frames.
        All = TY_TRUST_ALL,
    }
}

asked! {
    /// Order of the rows of a table of functions.
    Sort {
        /// By samples in which it was executing.
        Samples = TY_SORT_NSAMPLES,
        /// By the time of these.
        TotalTime = TY_SORT_TOTTIME,
        /// By the time on the stack.
        CumulativeTime = TY_SORT_CUMTIME,
        /// By the share of samples in which it was executing.
        SamplePercent = TY_SORT_SAMPLE_PCT,
        /// By the share of samples in which it was on the stack.
        CumulativePercent = TY_SORT_CUMUL_PCT,
        /// By samples in which it was on the stack.
        CumulativeSamples = TY_SORT_NSAMPLES_CUMUL,
        /// By name.
        Name = TY_SORT_NAME,
    }
}

asked! {
    /// Form of a [`Pstats`] table.
    PstatsFormat {
        /// The table that people read.
        Text = TY_PSTATS_TEXT,
        /// The file that `pstats.Stats` of CPython 3.15 loads.
        Marshal = TY_PSTATS_MARSHAL,
    }
}

asked! {
    /// Form of an [`Annotation`].
    AnnotationFormat {
        /// For people.
        Text = TY_ANNOTATION_TEXT,
        /// One JSON object, for editors and scripts.
        Json = TY_ANNOTATION_JSON,
    }
}

asked! {
    /// Parts of an [`Annotation`].
    AnnotationParts {
        /// How much of the time ran specialized, and what could and does not.
        Specialization = TY_ANNOTATION_SPECIALIZATION,
        /// Source lines, below each its instructions.
        Listing = TY_ANNOTATION_LISTING,
    }
}

/// A built-in collector of one run. Where it writes is complete when the run has returned.
pub struct Report<'w> {
    raw: NonNull<sys::ty_collector>,
    /// The collector's; NULL: it has none.
    sink: *mut sys::ty_sink,
    rest: Rest<'w>,
    source: Option<Hook<Source<'w>>>,
}

// SAFETY: the handle may be used by one thread at a time, whichever that is, and so may what it calls.
unsafe impl Send for Report<'_> {}

impl Report<'_> {
    /// The result, if it goes to memory: all of it after the run.
    pub fn data(&self) -> Option<&[u8]> {
        // SAFETY: the sink lives as long as the collector, which writes to it in a run alone, and that needs it mutable.
        unsafe { sink::data(NonNull::new(self.sink)?.as_ptr()) }
    }
}

impl Connect for Report<'_> {
    fn connect(&mut self) -> Result<Connected<'_>> {
        Ok(Connected(Connection::built_in(self.raw, self)))
    }
}

impl Receiver for Report<'_> {}

impl Settle for Report<'_> {
    fn settle(&mut self) -> Option<Failure> {
        let of_source = self.source.as_mut().and_then(Hook::take_failure);
        let failure = of_source.or_else(|| self.rest.take_failure());
        failure.or_else(|| self.rest.flush().err().map(|error| Failure::Error(error.into())))
    }
}

impl Drop for Report<'_> {
    fn drop(&mut self) {
        // SAFETY: the handle is ours; what it calls is dropped after it.
        unsafe { sys::ty_collector_free(self.raw.as_ptr()) };
    }
}

impl fmt::Debug for Report<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Report")
    }
}

/// Makes a report with a function of the library that takes the sink.
fn with_sink<'w>(
    to: Sink<'w>,
    source: Option<Hook<Source<'w>>>,
    call: impl FnOnce(*mut sys::ty_sink, *mut *mut sys::ty_collector) -> c_int,
) -> Result<Report<'w>> {
    let (sink, rest) = to.into_parts();
    let mut collector = ptr::null_mut();
    // The collector owns the sink from here on, also after an error.
    let code = call(sink, &mut collector);
    let raw = NonNull::new(collector).ok_or_else(|| Error::of_code(code))?;
    Ok(Report { raw, sink, rest, source })
}

/// Makes a report with a function of the library that takes a path.
fn with_path<'w>(
    path: &Path,
    source: Option<Hook<Source<'w>>>,
    call: impl FnOnce(*const c_char, *mut *mut sys::ty_collector) -> c_int,
) -> Result<Report<'w>> {
    version::check()?;
    let name = raw::c_path(path)?;
    let mut collector = ptr::null_mut();
    let code = call(name.as_ptr(), &mut collector);
    let raw = NonNull::new(collector).ok_or_else(|| {
        let error = Error::of_code(code);
        Error::new(code, format!("{}: {}", path.display(), error.message()))
    })?;
    Ok(Report { raw, sink: ptr::null_mut(), rest: Rest::Nothing, source })
}

// ---- builders ----

macro_rules! options {
    ($(#[$meta:meta])* $name:ident $(<$life:lifetime>)?, $options:ident $(, $field:ident: $type:ty)*) => {
        $(#[$meta])*
        pub struct $name $(<$life>)? {
            raw: sys::$options,
            $($field: Option<$type>,)*
        }

        impl $(<$life>)? $name $(<$life>)? {
            /// The defaults.
            pub fn new() -> Self {
                Self { raw: raw::record(), $($field: None,)* }
            }

            /// Stacks that count; default: those that are proven.
            pub fn trust(mut self, trust: Trust) -> Self {
                self.raw.trust = trust.raw();
                self
            }
        }

        impl $(<$life>)? Default for $name $(<$life>)? {
            fn default() -> Self {
                Self::new()
            }
        }

        impl $(<$life>)? fmt::Debug for $name $(<$life>)? {
            fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
                self.raw.fmt(formatter)
            }
        }
    };
}

/// Where to write to.
macro_rules! destinations {
    ($life:lifetime) => {
        /// To a file, which is there when it is complete.
        pub fn to_file(self, path: impl AsRef<Path>) -> Result<Report<$life>> {
            self.to(Sink::file(path)?)
        }

        /// To memory: [`Report::data`].
        pub fn to_memory(self) -> Result<Report<$life>> {
            self.to(Sink::memory()?)
        }

        /// To anything that can be written to.
        pub fn to_writer(self, writer: impl Write + Send + $life) -> Result<Report<$life>> {
            self.to(Sink::writer(writer)?)
        }
    };
}

/// A format that goes to a sink and needs nothing else.
macro_rules! formats {
    ($($(#[$meta:meta])* $name:ident, $options:ident, $new:ident;)+) => {
        $(
            options! { $(#[$meta])* $name, $options }

            impl $name {
                /// To a sink.
                pub fn to<'w>(self, sink: Sink<'w>) -> Result<Report<'w>> {
                    // SAFETY: the options live as long as the call.
                    with_sink(sink, None, |sink, collector| unsafe { sys::$new(&self.raw, sink, collector) })
                }

                /// To a file, which is there when it is complete.
                pub fn to_file(self, path: impl AsRef<Path>) -> Result<Report<'static>> {
                    self.to(Sink::file(path)?)
                }

                /// To memory: [`Report::data`].
                pub fn to_memory(self) -> Result<Report<'static>> {
                    self.to(Sink::memory()?)
                }

                /// To anything that can be written to.
                pub fn to_writer<'w>(self, writer: impl Write + Send + 'w) -> Result<Report<'w>> {
                    self.to(Sink::writer(writer)?)
                }
            }
        )+
    };
}

/// Switches of formats: off unless asked for.
macro_rules! switches {
    ($($name:ident $(<$life:lifetime>)? { $($(#[$about:meta])* $switch:ident,)+ })+) => {
        $(impl $(<$life>)? $name $(<$life>)? {
            $($(#[$about])* pub fn $switch(mut self, on: bool) -> Self {
                self.raw.$switch = c_int::from(on);
                self
            })+
        })+
    };
}

formats! {
    /// Collapsed stacks: one line a distinct stack, outermost frame first, and its count.
    Collapsed, ty_collapsed_options, ty_collapsed_new;

    /// A table of functions by samples, as CPython's `profiling.sampling --pstats` prints it; or the same as a file.
    Pstats, ty_pstats_options, ty_pstats_new;

    /// JSON lines: one JSON object a line, for scripts.
    Jsonl, ty_jsonl_options, ty_jsonl_new;

    /// A profile over time for Firefox Profiler.
    Gecko, ty_gecko_options, ty_gecko_new;

    /// A profile for speedscope.
    Speedscope, ty_speedscope_options, ty_speedscope_new;

    /// A profile for pprof, compressed with gzip.
    Pprof, ty_pprof_options, ty_pprof_new;

    /// A profile for KCachegrind, QCachegrind and `callgrind_annotate`.
    Callgrind, ty_callgrind_options, ty_callgrind_new;

    /// A timeline as Trace Event JSON, for <https://ui.perfetto.dev> and `chrome://tracing`.
    ChromeTrace, ty_chrome_trace_options, ty_chrome_trace_new;

    /// A timeline as a Perfetto trace, with every sample's call stack.
    Perfetto, ty_perfetto_options, ty_perfetto_new;
}

options! {
    /// A flame graph: one HTML file that needs no network.
    Flamegraph<'w>, ty_flamegraph_options, source: ReadLine<'w>, baseline: &'w mut Target
}

options! {
    /// The sources with their samples by line: a folder of HTML files.
    Heatmap<'w>, ty_heatmap_options, source: ReadLine<'w>
}

options! {
    /// Annotated bytecode: functions by instruction, and how well they specialize. The target is attached with
    /// [`AttachOptions::opcodes`](crate::AttachOptions::opcodes).
    Annotation<'w>, ty_annotation_options, source: ReadLine<'w>, function: CString
}

options! {
    /// A recording of every sample, in the format of CPython 3.15's profiler: [`open_recording`](crate::open_recording)
    /// reads it.
    Recording, ty_binary_options
}

switches! {
    Collapsed {
        /// Whether the leaf's instruction is one more frame, `[BINARY_OP_ADD_INT]`.
        opcodes,
        /// Whether that says the offset as well, `[BINARY_OP_ADD_INT@24]`.
        offsets,
    }
    Pstats {
        /// Whether there are ANSI colours.
        color,
        /// Whether there is a table of hot instructions.
        opcodes,
    }
    Jsonl {
        /// Whether there are records of the instructions that leaves stood on.
        opcodes,
        /// Whether there are records of every distinct stack, by thread.
        stacks,
        /// Whether there are records of every sample with its time.
        times,
    }
    Gecko {
        /// Whether there is an interval marker for every stay of a leaf on one instruction.
        opcodes,
    }
    Speedscope {
        /// Whether the leaf's instruction is one more frame.
        opcodes,
    }
    Pprof {
        /// Whether there are labels with the leaf's instruction and its offset.
        opcodes,
    }
    Callgrind {
        /// Whether there are events for specialized instructions, and for those that could be and are not.
        opcodes,
    }
    ChromeTrace {
        /// Whether every stay of a leaf on one instruction is there.
        opcodes,
    }
    Perfetto {
        /// Whether every stay of a leaf on one instruction is there.
        opcodes,
    }
    Flamegraph<'w> {
        /// Whether the instructions of every node are there: executing, and waiting in a call.
        opcodes,
    }
    Heatmap<'w> {
        /// Whether the bytecode of every line is there.
        opcodes,
    }
    Annotation<'w> {
        /// Whether there are ANSI colours.
        color,
    }
    Recording {
        /// Whether instructions are kept, and disassemblies of the functions that run.
        opcodes,
    }
}

fn rows(limit: Option<u32>) -> u32 {
    // 0 is the library's default: no rows would be no table.
    limit.map_or(u32::MAX, |limit| limit.max(1))
}

impl Pstats {
    /// Text or a file for `pstats`; default: text.
    pub fn format(mut self, format: PstatsFormat) -> Self {
        self.raw.format = format.raw();
        self
    }

    /// Order of the rows; default: by samples.
    pub fn sort(mut self, sort: Sort) -> Self {
        self.raw.sort = sort.raw();
        self
    }

    /// How many rows; `None`: all. Default: 15.
    pub fn limit(mut self, limit: Option<u32>) -> Self {
        self.raw.limit = rows(limit);
        self
    }

    /// Whether there is a summary of interesting functions; default: yes.
    pub fn summary(mut self, summary: bool) -> Self {
        self.raw.no_summary = c_int::from(!summary);
        self
    }
}

/// Sources to show.
macro_rules! sources {
    ($($name:ident)+) => {
        $(impl<'w> $name<'w> {
            /// Gives a line, from 1, of a file as the target names it; default: no sources. It is also called when a
            /// function is first seen, so that files can be read that are gone with the target.
            pub fn source(mut self, read: impl FnMut(&str, u32) -> Option<String> + Send + 'w) -> Self {
                self.source = Some(Box::new(read));
                self
            }

            /// Sources from files.
            pub fn source_files(self, mut files: SourceFiles) -> Self {
                self.source(move |filename, line| files.line(filename, line).map(str::to_owned))
            }
        })+
    };
}

sources! { Flamegraph Heatmap Annotation }

impl<'w> Flamegraph<'w> {
    /// What the profile is compared with: a recording, which is read to its end when the report is made.
    pub fn baseline(mut self, recording: &'w mut Target) -> Self {
        self.baseline = Some(recording);
        self
    }

    /// To a sink.
    pub fn to(self, sink: Sink<'w>) -> Result<Report<'w>> {
        let source = source_hook(self.source);
        let options = sys::ty_flamegraph_options {
            source: source.as_ref().map(|_| read_line as _),
            source_user_data: user_data(&source),
            baseline: self.baseline.as_ref().map_or(ptr::null_mut(), |target| target.as_ptr()),
            ..self.raw
        };
        // SAFETY: options and baseline live as long as the call, the source as long as the report.
        with_sink(sink, source, |sink, collector| unsafe { sys::ty_flamegraph_new(&options, sink, collector) })
    }

    destinations!('w);
}

impl<'w> Heatmap<'w> {
    /// To a folder, which must not be there yet, or be empty.
    pub fn to_folder(self, path: impl AsRef<Path>) -> Result<Report<'w>> {
        let source = source_hook(self.source);
        let options = sys::ty_heatmap_options {
            source: source.as_ref().map(|_| read_line as _),
            source_user_data: user_data(&source),
            ..self.raw
        };
        // SAFETY: the options live as long as the call, the source as long as the report.
        with_path(path.as_ref(), source, |path, collector| unsafe { sys::ty_heatmap_new(&options, path, collector) })
    }
}

impl<'w> Annotation<'w> {
    /// Text or JSON; default: text.
    pub fn format(mut self, format: AnnotationFormat) -> Self {
        self.raw.format = format.raw();
        self
    }

    /// Only this part; default: all.
    pub fn only(mut self, part: AnnotationParts) -> Self {
        self.raw.parts = part.raw();
        self
    }

    /// Only functions whose qualified name has this in it; default: the hottest. A NUL ends it.
    pub fn function(mut self, name: &str) -> Self {
        let name = name.split('\0').next().unwrap_or_default();
        self.function = CString::new(name).ok();
        self
    }

    /// How many functions; `None`: all. Default: 5, or all that match [`function`](Self::function).
    pub fn limit(mut self, limit: Option<u32>) -> Self {
        self.raw.limit = rows(limit);
        self
    }

    /// To a sink.
    pub fn to(self, sink: Sink<'w>) -> Result<Report<'w>> {
        let source = source_hook(self.source);
        let options = sys::ty_annotation_options {
            function: self.function.as_ref().map_or(ptr::null(), |name| name.as_ptr()),
            source: source.as_ref().map(|_| read_line as _),
            source_user_data: user_data(&source),
            ..self.raw
        };
        // SAFETY: the options live as long as the call, the source as long as the report.
        with_sink(sink, source, |sink, collector| unsafe { sys::ty_annotation_new(&options, sink, collector) })
    }

    destinations!('w);
}

impl Recording {
    /// How samples are compressed; default: as well as the library can.
    pub fn compression(mut self, compression: Compression) -> Self {
        self.raw.compression = compression.raw();
        self
    }

    /// To a regular file, made or written over when profiling begins. If the program is killed it can be read up to there.
    pub fn to_file(self, path: impl AsRef<Path>) -> Result<Report<'static>> {
        // SAFETY: the options live as long as the call.
        with_path(path.as_ref(), None, |path, collector| unsafe { sys::ty_binary_new(&self.raw, path, collector) })
    }
}
