// SPDX-License-Identifier: Apache-2.0
//! What the frames of a target mean: functions, places in the source, instructions, and names of threads.

use std::os::raw::{c_int, c_void};

use tachyon_sys as sys;

use crate::error::{Error, Result};
use crate::macros::flags;
use crate::opcode::OpcodeFlags;
use crate::raw::{self, Hook};
use crate::snapshot::Frame;
use crate::target::TargetRef;

/// A function: what a code object says of itself.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Function<'a> {
    /// As in [`Frame::function_id`].
    pub id: u32,
    name: &'a str,
    qualname: &'a str,
    filename: &'a str,
    /// First line; 0 for artificial frames.
    pub first_line: u32,
    /// Address of the code object in the target; it may have been reused since.
    pub address: u64,
    /// Size of its bytecode in bytes.
    pub bytecode_bytes: u32,
}

impl<'a> Function<'a> {
    /// `co_name`.
    pub fn name(&self) -> &'a str {
        self.name
    }

    /// `co_qualname`.
    pub fn qualname(&self) -> &'a str {
        self.qualname
    }

    /// `co_filename`; `"~"` for artificial frames, as CPython's profiler has it.
    pub fn filename(&self) -> &'a str {
        self.filename
    }
}

/// A place in a source file, as `co_positions()` gives it. `None`: not known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default)]
#[non_exhaustive]
pub struct Location {
    /// First line, from 1.
    pub line: Option<u32>,
    /// Last line, from 1.
    pub end_line: Option<u32>,
    /// First column, from 0, in bytes of UTF-8.
    pub column: Option<u32>,
    /// Column after the last, from 0, in bytes of UTF-8.
    pub end_column: Option<u32>,
}

impl Location {
    fn new(info: &sys::ty_location_info) -> Self {
        Self {
            line: u32::try_from(info.line).ok(),
            end_line: u32::try_from(info.end_line).ok(),
            column: u32::try_from(info.column).ok(),
            end_column: u32::try_from(info.end_column).ok(),
        }
    }
}

flags! {
    /// Properties of an instruction.
    InstructionFlags {
        /// The bytecode was read at another time than the frame.
        LATER = TY_INSTRUCTION_LATER,
        /// `sys.monitoring` or `sys.settrace` had replaced it; the opcode is the real one.
        INSTRUMENTED = TY_INSTRUCTION_INSTRUMENTED,
        /// A JIT or tier-2 trace was entered here, or runs here: what runs inside is not visible.
        TRACE = TY_INSTRUCTION_TRACE,
        /// The real opcode could not be told; it is the one as executing.
        UNRESOLVED = TY_INSTRUCTION_UNRESOLVED,
    }
}

/// One instruction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Instruction {
    /// Byte offset in the bytecode.
    pub offset: u32,
    /// Opcode number as executing.
    pub executing: u16,
    /// The real opcode: instrumentation and executors resolved, specialization kept.
    pub opcode: u16,
    /// Its generic form.
    pub base: u16,
    /// Its properties.
    pub flags: InstructionFlags,
    /// Argument with `EXTENDED_ARG` folded in; 0 if it has none.
    pub argument: u32,
    /// Name of the opcode.
    pub name: &'static str,
    /// Name of its generic form.
    pub base_name: &'static str,
    /// Properties of the opcode.
    pub opcode_flags: OpcodeFlags,
}

impl Instruction {
    fn new(info: &sys::ty_instruction_info) -> Self {
        // SAFETY: names of opcodes are static.
        let (name, base_name) = unsafe { (raw::text(info.name), raw::text(info.base_name)) };
        Self {
            offset: u32::try_from(info.offset).unwrap_or(0),
            executing: info.executing,
            opcode: info.opcode,
            base: info.base,
            flags: InstructionFlags::from_raw(u32::from(info.flags)),
            argument: info.argument,
            name,
            base_name,
            opcode_flags: OpcodeFlags::from_raw(info.opcode_flags),
        }
    }

    /// Whether it runs in a form for certain types.
    pub fn is_specialized(&self) -> bool {
        self.opcode_flags.contains(OpcodeFlags::SPECIALIZED)
    }
}

/// One instruction of a disassembly.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Disassembled {
    /// The instruction.
    pub instruction: Instruction,
    /// Its place in the source.
    pub location: Location,
    /// What the target's own `dis` shows in parentheses behind the argument; `""` for nothing.
    pub argument_text: String,
    /// Offset of the instruction that its argument refers to, by a jump or otherwise.
    pub target: Option<u32>,
    /// Number of this instruction among the jump targets, from 1.
    pub label: Option<u32>,
    /// Where an exception that it raises is handled.
    pub handler: Option<Handler>,
}

/// The handler of an exception.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Handler {
    /// Its byte offset.
    pub offset: u32,
    /// Values on the stack that it keeps.
    pub depth: u32,
    /// Whether the offset of what raised is pushed for it.
    pub lasti: bool,
}

impl Disassembled {
    /// # Safety
    ///
    /// A row as the library gives it to its callback.
    unsafe fn new(row: *const sys::ty_disassembly_row) -> Self {
        // SAFETY: all of it is valid during the callback.
        let (row, instruction, location) = unsafe {
            let row = raw::copy_record(row);
            (row, raw::copy_record(row.instruction), raw::copy_record(row.location))
        };
        let handler = u32::try_from(row.handler).ok();
        Self {
            instruction: Instruction::new(&instruction),
            location: Location::new(&location),
            // SAFETY: as above; copied.
            argument_text: unsafe { raw::text(row.argument_text) }.to_owned(),
            target: u32::try_from(row.target).ok(),
            label: (row.label != 0).then_some(row.label),
            handler: handler.map(|offset| Handler { offset, depth: row.handler_depth, lasti: row.handler_lasti != 0 }),
        }
    }
}

unsafe extern "C" fn receive_row(row: *const sys::ty_disassembly_row, user_data: *mut c_void) -> c_int {
    // SAFETY: the hook is that of the call which is under way, and so is the row.
    unsafe {
        raw::call_back(user_data, 1, |rows: &mut Vec<Disassembled>| {
            rows.push(Disassembled::new(row));
            Ok(0)
        })
    }
}

impl TargetRef {
    /// The function of a frame.
    pub fn function(&self, frame: &Frame) -> Result<Function<'_>> {
        self.function_by_id(frame.function_id())
    }

    /// A function by its number.
    pub fn function_by_id(&self, id: u32) -> Result<Function<'_>> {
        let mut info = raw::record::<sys::ty_function_info>();
        // SAFETY: the handle lives, and so do the strings, as long as it does.
        unsafe {
            self.checked(sys::ty_function(self.handle(), id, &mut info))?;
            Ok(Function {
                id: info.id,
                name: raw::text(info.name),
                qualname: raw::text(info.qualname),
                filename: raw::text(info.filename),
                first_line: info.first_line,
                address: info.address,
                bytecode_bytes: info.bytecode_bytes,
            })
        }
    }

    /// Where in the source a frame stands; all `None` for artificial frames.
    pub fn location(&self, frame: &Frame) -> Result<Location> {
        let mut info = raw::record::<sys::ty_location_info>();
        // SAFETY: the handle lives.
        self.checked(unsafe { sys::ty_location(self.handle(), &frame.0, &mut info) })?;
        Ok(Location::new(&info))
    }

    /// The instruction that a frame stands on; `None` for artificial frames and where no offset is known. Reads the
    /// process when the function's bytecode is not known yet.
    pub fn instruction(&self, frame: &Frame) -> Result<Option<Instruction>> {
        let mut info = raw::record::<sys::ty_instruction_info>();
        // SAFETY: the handle lives.
        match unsafe { sys::ty_instruction(self.handle(), &frame.0, &mut info) } {
            code if code == -(sys::TY_ENOTFOUND as c_int) => Ok(None),
            code => self.checked(code).map(|()| Some(Instruction::new(&info))),
        }
    }

    /// All instructions of a function, by its number, read from the target now: what `dis` gives inside of it, but with
    /// the real opcodes where instrumentation or a JIT replaced them. Inline caches are left out.
    ///
    /// ```
    /// let mut target = tachyon::open_recording("examples/data/recording.bin")?;
    /// let mut sampler = target.sampler(Default::default())?;
    /// while let Some(snapshot) = sampler.next_snapshot()? {
    ///     let leaves = snapshot.threads().filter_map(|thread| thread.frames().first());
    ///     for leaf in leaves {
    ///         println!("{}:", snapshot.target().function(leaf)?.qualname());
    ///         for row in snapshot.target().disassemble(leaf.function_id()).unwrap_or_default() {
    ///             println!("{:4} {} {}", row.instruction.offset, row.instruction.name, row.argument_text);
    ///         }
    ///     }
    /// }
    /// # Ok::<(), tachyon::Error>(())
    /// ```
    pub fn disassemble(&self, function_id: u32) -> Result<Vec<Disassembled>> {
        let mut rows = Hook::new(Vec::new());
        // SAFETY: the handle lives, the hook as long as the call.
        let code = unsafe { sys::ty_disassemble(self.handle(), function_id, Some(receive_row), rows.user_data()) };
        if let Some(failure) = rows.take_failure() {
            return Err(Error::of_callback(code, raw::resume(failure)));
        }
        self.checked(code)?;
        Ok(std::mem::take(rows.content()))
    }

    /// Name of a thread by its [`key`](crate::Thread::key); `""` if it is not known. May make system calls.
    pub fn thread_name(&self, key: u64) -> String {
        // SAFETY: the handle lives; the string does until the next such call, and is copied.
        unsafe { raw::text(sys::ty_thread_name(self.handle(), key)) }.to_owned()
    }

    fn checked(&self, code: c_int) -> Result<()> {
        self.check(code).map(drop)
    }
}
