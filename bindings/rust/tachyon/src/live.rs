// SPDX-License-Identifier: Apache-2.0
//! A profile to look at while it grows: the model behind a live view.
//!
//! It has two halves. The [`Feed`] receives samples in one thread; another thread asks the [`View`], which never makes the
//! first one wait for long. Nothing is to be said about who ends first: both may outlive the target, and each other.
//!
//! ```
//! use tachyon::live::{self, Query};
//! use tachyon::SamplerOptions;
//!
//! let (mut feed, mut view) = live::Options::new().opcodes(true).open()?;
//! let sampling = std::thread::spawn(move || {
//!     let mut target = tachyon::open_recording("examples/data/recording.bin")?;
//!     let mut sampler = target.sampler(SamplerOptions::new().opcodes(true))?;
//!     sampler.run(&mut [&mut feed])
//! });
//!
//! while !sampling.is_finished() {
//!     view.update()?;
//!     println!("{} samples", view.overview(None)?.samples);
//!     # std::thread::yield_now();
//! }
//! view.update()?;
//! for row in view.functions(&Query::default())? {
//!     println!("{:6} {:6} {}", row.leaf, row.on_stack, row.name);
//! }
//! # Ok::<(), tachyon::Error>(())
//! ```

use std::fmt;
use std::marker::PhantomData;
use std::os::raw::{c_char, c_int};
use std::ptr::{self, NonNull};
use std::sync::Arc;
use std::time::Duration;

use tachyon_sys as sys;

use crate::collector::{sealed::Connect, Connected, Connection, Receiver, Settle};
use crate::error::{Error, Result};
use crate::macros::{asked, told};
use crate::raw::{self, Failure};
use crate::reports::{Sort, Trust};
use crate::resolve::InstructionFlags;
use crate::version;

asked! {
    /// What makes a row of a list of functions.
    Group {
        /// A function: file, qualified name and first line.
        Functions = TY_LIVE_FUNCTIONS,
        /// A line of a function.
        Lines = TY_LIVE_LINES,
        /// An asyncio task, by its name.
        Tasks = TY_LIVE_TASKS,
        /// A source file: for editors, as the next one.
        Files = TY_LIVE_FILES,
        /// A line of a source file, whatever functions have code on it: a sample counts once.
        FileLines = TY_LIVE_FILE_LINES,
    }
}

asked! {
    /// Direction of a tree of calls.
    Direction {
        /// Who calls the function, and who calls them.
        Callers = TY_LIVE_CALLERS,
        /// What the function calls, and what that calls.
        Callees = TY_LIVE_CALLEES,
    }
}

told! {
    /// What the adaptive interpreter made of an instruction.
    Form {
        /// Could not be told.
        Unknown = TY_LIVE_FORM_UNKNOWN,
        /// It runs in a form for certain types.
        Specialized = TY_LIVE_FORM_SPECIALIZED,
        /// It could be specialized and is not.
        Generic = TY_LIVE_FORM_GENERIC,
        /// It has no specialized forms.
        Fixed = TY_LIVE_FORM_FIXED,
        /// A JIT trace runs here: what runs inside is not visible.
        Trace = TY_LIVE_FORM_TRACE,
    }
}

/// Options of a model.
#[derive(Debug, Clone, Copy)]
pub struct Options(sys::ty_live_options);

impl Options {
    /// The defaults.
    pub fn new() -> Self {
        Self(raw::record())
    }

    /// Whether instructions are gathered; default: no. The target is attached with
    /// [`AttachOptions::opcodes`](crate::AttachOptions::opcodes).
    pub fn opcodes(mut self, opcodes: bool) -> Self {
        self.0.opcodes = c_int::from(opcodes);
        self
    }

    /// Whether every function that is seen is disassembled, with opcodes; default: no, only those that were executing,
    /// and the one that is asked for. In others the instructions that wait for what they called have no name.
    pub fn listings(mut self, listings: bool) -> Self {
        self.0.listings = c_int::from(listings);
        self
    }

    /// Stacks that count; default: those that are proven.
    pub fn trust(mut self, trust: Trust) -> Self {
        self.0.trust = trust.raw();
        self
    }

    /// Makes a model: its two halves.
    pub fn open(self) -> Result<(Feed, View)> {
        version::check()?;
        let mut live = ptr::null_mut();
        // SAFETY: the options live as long as the call.
        let code = unsafe { sys::ty_live_new(&self.0, &mut live) };
        let model = Arc::new(Model(NonNull::new(live).ok_or_else(|| Error::of_code(code))?));
        Ok((Feed(Arc::clone(&model)), View { model, one_thread: PhantomData }))
    }
}

impl Default for Options {
    fn default() -> Self {
        Self::new()
    }
}

struct Model(NonNull<sys::ty_live>);

// SAFETY: two threads may use it at once, one as `Feed` and one as `View`; there is one of each, and both are used through
// a mutable reference, or by one thread.
unsafe impl Send for Model {}
// SAFETY: as above.
unsafe impl Sync for Model {}

impl Drop for Model {
    fn drop(&mut self) {
        // SAFETY: neither half is left.
        unsafe { sys::ty_live_free(self.0.as_ptr()) };
    }
}

/// The half that receives samples, in one run.
pub struct Feed(Arc<Model>);

impl Connect for Feed {
    fn connect(&mut self) -> Result<Connected<'_>> {
        let model = self.0 .0;
        // SAFETY: the collector is the model's.
        let raw = NonNull::new(unsafe { sys::ty_live_collector(model.as_ptr()) });
        let raw = raw.ok_or_else(|| Error::of_code(-(sys::TY_ESTATE as c_int)))?;
        let mut connection = Connection::built_in(raw, self);
        connection.live = Some(model);
        Ok(Connected(connection))
    }
}

impl Receiver for Feed {}

impl Settle for Feed {
    fn settle(&mut self) -> Option<Failure> {
        None
    }
}

impl fmt::Debug for Feed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("Feed")
    }
}

/// Which rows, in which order.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Query {
    /// What makes a row; default: a function.
    pub group: Group,
    /// The order: largest first, names from a to z, files and their lines by file and line; default: by samples in which it
    /// was executing.
    pub sort: Sort,
    /// Number of a thread; default: all.
    pub thread: Option<u32>,
    /// Only where file or name has this in it, in capitals or not.
    pub filter: Option<String>,
    /// Only of the file with exactly this name.
    pub filename: Option<String>,
}

/// The half that is asked. What it gives is as of the last [`update`](Self::update).
pub struct View {
    model: Arc<Model>,
    one_thread: PhantomData<std::cell::Cell<()>>,
}

fn check(code: c_int) -> Result<usize> {
    usize::try_from(code).map_err(|_| Error::of_code(code))
}

/// A string in a row, copied: the next list takes it away.
///
/// # Safety
///
/// NULL, or a string that lives during the call.
unsafe fn owned(string: *const c_char) -> String {
    // SAFETY: as promised by the caller.
    unsafe { raw::text(string) }.to_owned()
}

impl View {
    fn live(&self) -> *mut sys::ty_live {
        self.model.0.as_ptr()
    }

    /// Brings what is asked up to date.
    pub fn update(&mut self) -> Result<()> {
        // SAFETY: this is the reading half.
        check(unsafe { sys::ty_live_update(self.live()) }).map(drop)
    }

    /// Counts from here on: everything begins again at the last update.
    pub fn reset(&mut self) {
        // SAFETY: as above.
        unsafe { sys::ty_live_reset(self.live()) };
    }

    /// The profile in numbers: of one thread, or of all.
    pub fn overview(&self, thread: Option<u32>) -> Result<Overview> {
        let mut info = raw::record::<sys::ty_live_overview_info>();
        // SAFETY: as above.
        check(unsafe { sys::ty_live_overview(self.live(), thread.unwrap_or(0), &mut info) })?;
        Ok(Overview::new(&info))
    }

    /// The threads that were seen.
    pub fn threads(&self) -> Result<Vec<ThreadRow>> {
        let count = self.overview(None)?.threads;
        (1..=count)
            .map(|thread| {
                let mut info = raw::record::<sys::ty_live_thread_info>();
                // SAFETY: as above; the name is copied.
                unsafe {
                    check(sys::ty_live_thread(self.live(), thread, &mut info))?;
                    Ok(ThreadRow {
                        thread: info.thread,
                        is_main: info.is_main != 0,
                        id: info.id,
                        interpreter: info.interpreter,
                        counted: info.counted,
                        name: owned(info.name),
                    })
                }
            })
            .collect()
    }

    /// A list of functions, of files, of lines of either, or of tasks.
    pub fn functions(&mut self, query: &Query) -> Result<Vec<FunctionRow>> {
        let filter = query.filter.as_deref().map(raw::c_string).transpose()?;
        let filename = query.filename.as_deref().map(raw::c_string).transpose()?;
        let options = sys::ty_live_query {
            group: query.group.raw(),
            sort: query.sort.raw(),
            thread: query.thread.unwrap_or(0),
            filter: filter.as_ref().map_or(ptr::null(), |filter| filter.as_ptr()),
            filename: filename.as_ref().map_or(ptr::null(), |filename| filename.as_ptr()),
            ..raw::record()
        };
        // SAFETY: as above; the query lives as long as the call.
        let count = check(unsafe { sys::ty_live_functions(self.live(), &options) })?;
        (0..count).map(|index| self.function(index)).collect()
    }

    fn function(&self, index: usize) -> Result<FunctionRow> {
        let mut info = raw::record::<sys::ty_live_function_info>();
        // SAFETY: as above; the strings are copied.
        unsafe {
            check(sys::ty_live_function(self.live(), index, &mut info))?;
            Ok(FunctionRow {
                function: info.function,
                line: u32::try_from(info.line).ok().filter(|line| *line != 0),
                filename: owned(info.filename),
                name: owned(info.name),
                leaf: info.leaf,
                on_stack: info.on_stack,
                leaf_trend: info.leaf_trend.cmp(&0),
                on_stack_trend: info.on_stack_trend.cmp(&0),
            })
        }
    }

    /// The lines of a function, each before its instructions, sampled or not: of one thread, or of all.
    pub fn instructions(&mut self, function: u32, thread: Option<u32>) -> Result<Vec<InstructionRow>> {
        // SAFETY: as above.
        let count = check(unsafe { sys::ty_live_instructions(self.live(), function, thread.unwrap_or(0)) })?;
        (0..count).map(|index| self.instruction(index)).collect()
    }

    fn instruction(&self, index: usize) -> Result<InstructionRow> {
        let mut info = raw::record::<sys::ty_live_instruction_info>();
        // SAFETY: as above; the strings are copied.
        unsafe {
            check(sys::ty_live_instruction(self.live(), index, &mut info))?;
            let instruction = (info.is_line == 0).then(|| InstructionCounts {
                offset: u32::try_from(info.offset).ok(),
                column: u32::try_from(info.column).ok(),
                end_line: u32::try_from(info.end_line).ok(),
                end_column: u32::try_from(info.end_column).ok(),
                name: owned(info.name),
                opcode: info.opcode,
                base_name: owned(info.base_name),
                argument: (info.has_argument != 0).then_some(info.argument),
                argument_text: owned(info.argument_text),
                label: (info.label != 0).then_some(info.label),
                form: Form::from_raw(info.form),
                forms: info.forms,
                flags: InstructionFlags::from_raw(info.flags),
            });
            Ok(InstructionRow {
                line: u32::try_from(info.line).ok(),
                leaf: info.leaf,
                on_stack: info.on_stack,
                instruction,
            })
        }
    }

    /// The tree of calls of a function, a row and then those below it, the most samples first: of one thread, or of all.
    pub fn calls(&mut self, function: u32, direction: Direction, thread: Option<u32>) -> Result<Vec<CallRow>> {
        // SAFETY: as above.
        let count = check(unsafe { sys::ty_live_calls(self.live(), function, direction.raw(), thread.unwrap_or(0)) })?;
        (0..count).map(|index| self.call(index)).collect()
    }

    fn call(&self, index: usize) -> Result<CallRow> {
        let mut info = raw::record::<sys::ty_live_call_info>();
        // SAFETY: as above; the strings are copied.
        unsafe {
            check(sys::ty_live_call(self.live(), index, &mut info))?;
            Ok(CallRow {
                function: info.function,
                depth: info.depth,
                line: u32::try_from(info.line).ok().filter(|line| *line != 0),
                is_last: info.is_last != 0,
                filename: owned(info.filename),
                name: owned(info.name),
                samples: info.samples,
            })
        }
    }

    /// The last seconds of a function, the oldest first: its share of each second's samples, in thousandths. No more than
    /// 60 are known.
    pub fn history(&self, function: u32, on_stack: bool, seconds: usize) -> Result<Vec<u16>> {
        let mut shares = vec![0; seconds.min(60)];
        // SAFETY: as above; there is room for as many.
        let code = unsafe {
            sys::ty_live_history(self.live(), function, c_int::from(on_stack), shares.as_mut_ptr(), shares.len())
        };
        shares.truncate(check(code)?);
        Ok(shares)
    }
}

impl fmt::Debug for View {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str("View")
    }
}

/// The profile in numbers, since the begin or the last [reset](View::reset).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Overview {
    /// How long the run is.
    pub duration: Duration,
    /// Snapshots taken.
    pub samples: u64,
    /// Ticks of the clock that passed without a sample.
    pub missed: u64,
    /// Ticks at which the target could not be read at all.
    pub failed: u64,
    /// Thread stacks seen: the sum of the next five.
    pub stacks: u64,
    /// Those that are verified.
    pub verified: u64,
    /// Those that are repaired.
    pub repaired: u64,
    /// Those that are torn.
    pub torn: u64,
    /// Those that are incomplete.
    pub incomplete: u64,
    /// Those that could not be read.
    pub unreadable: u64,
    /// Stacks that functions are counted from: what shares are shares of.
    pub counted: u64,
    /// Stacks of threads that held the GIL.
    pub has_gil: u64,
    /// Stacks of threads on CPU.
    pub on_cpu: u64,
    /// Stacks of threads of which that is not known.
    pub unknown: u64,
    /// Stacks of threads that waited for the GIL.
    pub gil_requested: u64,
    /// Stacks of threads that raised or handled an exception.
    pub has_exception: u64,
    /// Counted stacks in which the garbage collector ran.
    pub collecting: u64,
    /// Threads seen.
    pub threads: u32,
    /// Functions seen.
    pub functions: u32,
    /// Functions of them that were executing.
    pub executing: u32,
}

impl Overview {
    fn new(info: &sys::ty_live_overview_info) -> Self {
        Self {
            duration: Duration::from_nanos(info.duration_ns),
            samples: info.samples,
            missed: info.missed,
            failed: info.failed,
            stacks: info.stacks,
            verified: info.verified,
            repaired: info.repaired,
            torn: info.torn,
            incomplete: info.incomplete,
            unreadable: info.unreadable,
            counted: info.counted,
            has_gil: info.has_gil,
            on_cpu: info.on_cpu,
            unknown: info.unknown,
            gil_requested: info.gil_requested,
            has_exception: info.has_exception,
            collecting: info.collecting,
            threads: info.threads,
            functions: info.functions,
            executing: info.executing,
        }
    }
}

/// One thread that was seen. Threads that had one id after another are one.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct ThreadRow {
    /// Its number, from 1; it stays.
    pub thread: u32,
    /// The main thread.
    pub is_main: bool,
    /// Kernel thread id as the target sees itself, or what else identifies it.
    pub id: u64,
    /// Id of its interpreter.
    pub interpreter: i64,
    /// Counted stacks.
    pub counted: u64,
    /// `""` if it is not known.
    pub name: String,
}

/// A row of a list of functions.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct FunctionRow {
    /// Number of the function; it stays, and is the same in every group but that of tasks. 0 for files and their lines.
    pub function: u32,
    /// First line of the function, or the line.
    pub line: Option<u32>,
    /// `"~"` for artificial ones.
    pub filename: String,
    /// Qualified; `""` for files and their lines.
    pub name: String,
    /// Samples in which it was executing; of a task: in which what runs is of that task.
    pub leaf: u64,
    /// Samples in which it was executing, or waiting for what it called, or awaited.
    pub on_stack: u64,
    /// Whether its share of the last second is larger than of the seconds before.
    pub leaf_trend: std::cmp::Ordering,
    /// The same of samples on the stack.
    pub on_stack_trend: std::cmp::Ordering,
}

/// A source line of a function, or one of its instructions.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct InstructionRow {
    /// The line.
    pub line: Option<u32>,
    /// Samples in which it was executing.
    pub leaf: u64,
    /// Samples in which it was executing, or waiting for what it called.
    pub on_stack: u64,
    /// `None`: a source line.
    pub instruction: Option<InstructionCounts>,
}

/// What is known of an instruction and the forms that it was sampled in.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct InstructionCounts {
    /// Byte offset in the bytecode.
    pub offset: Option<u32>,
    /// First column, from 0, in bytes of UTF-8.
    pub column: Option<u32>,
    /// Last line.
    pub end_line: Option<u32>,
    /// Column after the last.
    pub end_column: Option<u32>,
    /// Of the form that most of its samples were in, else of the one it has now.
    pub name: String,
    /// Number of that form, for [`decode_opcode`](crate::decode_opcode); means nothing without a name.
    pub opcode: u16,
    /// Of its generic form.
    pub base_name: String,
    /// With `EXTENDED_ARG`.
    pub argument: Option<u32>,
    /// What the target's `dis` shows in parentheses behind it.
    pub argument_text: String,
    /// Number among the jump targets, from 1.
    pub label: Option<u32>,
    /// What the adaptive interpreter made of it.
    pub form: Form,
    /// How many forms it was sampled in.
    pub forms: u32,
    /// Its properties.
    pub flags: InstructionFlags,
}

/// A row of a tree of calls.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct CallRow {
    /// Number of the function.
    pub function: u32,
    /// 0: the function that was asked for.
    pub depth: u32,
    /// First line of the function.
    pub line: Option<u32>,
    /// No further row of this depth has the same parent.
    pub is_last: bool,
    /// `"~"` for artificial ones.
    pub filename: String,
    /// Qualified.
    pub name: String,
    /// Samples in which this path was on the stack.
    pub samples: u64,
}
