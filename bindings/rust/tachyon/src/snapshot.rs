// SPDX-License-Identifier: Apache-2.0
//! One reading of a target: threads and their frames.

use std::fmt;
use std::iter::FusedIterator;
use std::marker::PhantomData;
use std::time::Duration;

use tachyon_sys as sys;

use crate::macros::{flags, told};
use crate::raw;
use crate::target::TargetRef;
use crate::tasks::TaskList;

told! {
    /// How far a thread's stack can be trusted.
    Verdict {
        /// The bytes prove a stack that existed at one instant.
        Verified = TY_VERIFIED,
        /// A frame was caught dying or being born; the stack that existed is proven by the bytes.
        Repaired = TY_REPAIRED,
        /// The bytes contradict each other: this stack may never have existed.
        Torn = TY_TORN,
        /// The chain of frames did not reach its base; the outermost frames are missing.
        Incomplete = TY_INCOMPLETE,
        /// The thread could not be read; it has no frames.
        Failed = TY_FAILED,
    }
}

impl Verdict {
    /// Whether the stack is proven: verified or repaired.
    pub fn is_proven(self) -> bool {
        matches!(self, Self::Verified | Self::Repaired)
    }
}

flags! {
    /// What a thread is doing.
    ThreadStatus {
        /// Holds the GIL; without a GIL: is attached to its interpreter.
        HAS_GIL = TY_THREAD_HAS_GIL,
        /// Runs, or waits for a processor only.
        ON_CPU = TY_THREAD_ON_CPU,
        /// Whether it is on CPU was not asked, or could not be told.
        UNKNOWN = TY_THREAD_UNKNOWN,
        /// Waits for the GIL; CPython says so from 3.15 on.
        GIL_REQUESTED = TY_THREAD_GIL_REQUESTED,
        /// Raises or handles an exception.
        HAS_EXCEPTION = TY_THREAD_HAS_EXCEPTION,
        /// The main thread of the main interpreter.
        MAIN = TY_THREAD_MAIN,
    }
}

told! {
    /// Kind of a frame.
    FrameKind {
        /// A Python function.
        Python = TY_FRAME_PYTHON,
        /// A Python frame whose code object could not be read: named `<unreadable>`.
        Unreadable = TY_FRAME_UNREADABLE,
        /// Artificial: Python called into C here.
        Native = TY_FRAME_NATIVE,
        /// Artificial: the garbage collector runs.
        Gc = TY_FRAME_GC,
        /// Artificial: an asyncio task begins here.
        Task = TY_FRAME_TASK,
    }
}

flags! {
    /// Properties of a frame.
    FrameFlags {
        /// The opcode at its offset was read.
        HAS_OPCODE = TY_FRAME_HAS_OPCODE,
        /// That opcode was read at another time than the frame; it may have been specialized in between.
        OPCODE_LATER = TY_FRAME_OPCODE_LATER,
        /// The frame of a generator or coroutine.
        GENERATOR = TY_FRAME_GENERATOR,
        /// The interpreter loop was entered here from C.
        ENTRY = TY_FRAME_ENTRY,
        /// Of a leaf: it runs a trace that a JIT compiled, whose instructions are not visible.
        TRACE = TY_FRAME_TRACE,
    }
}

/// One frame. It is a number of a function and an offset, to be resolved by the target that it came from, also when its
/// snapshot is gone: [`TargetRef::function`], [`TargetRef::location`], [`TargetRef::instruction`].
#[derive(Clone, Copy)]
#[repr(transparent)]
pub struct Frame(pub(crate) sys::ty_frame);

impl Frame {
    /// Number of its function in its target: from 1, dense, and the same as long as the target lives.
    pub fn function_id(&self) -> u32 {
        self.0.function
    }

    /// Byte offset of its instruction in the function's bytecode; `None` if it has not begun, or is not known.
    pub fn offset(&self) -> Option<u32> {
        u32::try_from(self.0.offset).ok()
    }

    /// What kind of frame it is.
    pub fn kind(&self) -> FrameKind {
        FrameKind::from_raw(i32::from(self.0.kind))
    }

    /// Its properties.
    pub fn flags(&self) -> FrameFlags {
        FrameFlags::from_raw(u32::from(self.0.flags))
    }

    /// The opcode byte as executing, which may be specialized or instrumented: [`TargetRef::instruction`] tells the real
    /// one.
    pub fn opcode(&self) -> Option<u8> {
        self.flags().contains(FrameFlags::HAS_OPCODE).then_some(self.0.opcode)
    }

    /// The argument byte beside it, without `EXTENDED_ARG`.
    pub fn argument_byte(&self) -> Option<u8> {
        self.flags().contains(FrameFlags::HAS_OPCODE).then_some(self.0.oparg)
    }

    /// Number of the asyncio task that begins here: [`Task::serial`](crate::Task::serial).
    pub fn task(&self) -> Option<u32> {
        (self.0.task != 0).then_some(self.0.task)
    }
}

/// The same place in the same function, or the same artificial frame.
impl PartialEq for Frame {
    fn eq(&self, other: &Self) -> bool {
        (self.0.function, self.0.offset, self.0.kind, self.0.task)
            == (other.0.function, other.0.offset, other.0.kind, other.0.task)
    }
}

impl Eq for Frame {}

impl std::hash::Hash for Frame {
    fn hash<H: std::hash::Hasher>(&self, state: &mut H) {
        (self.0.function, self.0.offset, self.0.kind, self.0.task).hash(state);
    }
}

impl fmt::Debug for Frame {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = formatter.debug_struct("Frame");
        debug.field("function_id", &self.function_id()).field("offset", &self.offset());
        debug.field("kind", &self.kind()).field("flags", &self.flags()).finish()
    }
}

/// One reading of all sampled threads. It borrows its target: the next sample ends it.
#[derive(Clone, Copy)]
pub struct Snapshot<'a> {
    raw: *const sys::ty_snapshot,
    target: PhantomData<&'a mut sys::ty_target>,
}

impl<'a> Snapshot<'a> {
    /// # Safety
    ///
    /// A snapshot that stays valid for `'a`.
    pub(crate) unsafe fn new(raw: *const sys::ty_snapshot) -> Self {
        Self { raw, target: PhantomData }
    }

    /// The target that it was taken from, to ask what frames mean.
    pub fn target(&self) -> &'a TargetRef {
        // SAFETY: its target lives at least as long.
        unsafe { TargetRef::from_ptr(sys::ty_snapshot_target(self.raw)) }
    }

    /// When it was read: `CLOCK_MONOTONIC`, directly before the read.
    pub fn time(&self) -> Duration {
        // SAFETY: the snapshot is valid.
        Duration::from_nanos(unsafe { sys::ty_snapshot_time(self.raw) })
    }

    /// The process that it is of, as we see it: [`Merged`](crate::Merged) gives those of several. 0: not known.
    pub fn pid(&self) -> u32 {
        // SAFETY: the snapshot is valid.
        u32::try_from(unsafe { sys::ty_snapshot_pid(self.raw) }).unwrap_or(0)
    }

    /// Its threads, the newest first, as the interpreter lists them.
    pub fn threads(&self) -> ThreadIter<'a> {
        // SAFETY: the snapshot is valid.
        ThreadIter { snapshot: *self, next: 0, count: unsafe { sys::ty_snapshot_threads(self.raw) } }
    }

    /// One of its threads.
    pub fn thread(&self, index: usize) -> Option<Thread<'a>> {
        let mut info = raw::record::<sys::ty_thread_info>();
        // SAFETY: the snapshot is valid.
        let code = unsafe { sys::ty_snapshot_thread(self.raw, index, &mut info) };
        (code == 0).then_some(Thread { info, snapshot: *self })
    }

    /// The tasks that its stacks stand on, if the target was attached with [`Tasks`](crate::Tasks).
    pub fn tasks(&self) -> Option<TaskList<'a>> {
        // SAFETY: the list lives as long as the snapshot.
        unsafe {
            let list = sys::ty_snapshot_tasks(self.raw);
            (!list.is_null()).then(|| TaskList::new(list))
        }
    }

    pub(crate) fn as_ptr(&self) -> *const sys::ty_snapshot {
        self.raw
    }
}

impl<'a> IntoIterator for &Snapshot<'a> {
    type Item = Thread<'a>;
    type IntoIter = ThreadIter<'a>;

    fn into_iter(self) -> ThreadIter<'a> {
        self.threads()
    }
}

impl fmt::Debug for Snapshot<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.threads()).finish()
    }
}

/// Threads of a snapshot.
#[derive(Debug, Clone)]
pub struct ThreadIter<'a> {
    snapshot: Snapshot<'a>,
    next: usize,
    count: usize,
}

impl<'a> Iterator for ThreadIter<'a> {
    type Item = Thread<'a>;

    fn next(&mut self) -> Option<Thread<'a>> {
        let thread = self.snapshot.thread(self.next)?;
        self.next += 1;
        Some(thread)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        let left = self.count - self.next;
        (left, Some(left))
    }
}

impl ExactSizeIterator for ThreadIter<'_> {}
impl FusedIterator for ThreadIter<'_> {}

/// One thread of a snapshot.
#[derive(Clone, Copy)]
pub struct Thread<'a> {
    info: sys::ty_thread_info,
    snapshot: Snapshot<'a>,
}

impl<'a> Thread<'a> {
    /// What `threading.Thread.name` says where that can be read, else the kernel's name. May make system calls.
    pub fn name(&self) -> String {
        self.snapshot.target().thread_name(self.info.thread_key)
    }

    /// Kernel thread id as the target sees itself.
    pub fn native_id(&self) -> Option<u64> {
        (self.info.native_id != 0).then_some(self.info.native_id)
    }

    /// Kernel thread id as we see it; [`native_id`](Self::native_id) where both are the same, or it is not known.
    pub fn host_id(&self) -> Option<u64> {
        (self.info.host_id != 0).then_some(self.info.host_id)
    }

    /// `threading.get_ident()` of the thread.
    pub fn pthread_id(&self) -> u64 {
        self.info.pthread_id
    }

    /// Identifies the thread within its target while it lives.
    pub fn key(&self) -> u64 {
        self.info.thread_key
    }

    /// Id of its interpreter; 0 is the main one.
    pub fn interpreter(&self) -> i64 {
        self.info.interpreter
    }

    /// What it is doing.
    pub fn status(&self) -> ThreadStatus {
        ThreadStatus::from_raw(self.info.status)
    }

    /// How far its stack can be trusted.
    pub fn verdict(&self) -> Verdict {
        Verdict::from_raw(self.info.verdict)
    }

    /// Its stack, the innermost frame first.
    pub fn frames(&self) -> &'a [Frame] {
        // SAFETY: the frames are the snapshot's; `Frame` is a `ty_frame`.
        unsafe { raw::array(self.info.frames.cast::<Frame>(), self.info.frame_count as usize) }
    }

    /// How many of the outermost frames are those that this thread had in the snapshot before, offset included.
    pub fn unchanged_frames(&self) -> usize {
        self.info.unchanged_frames as usize
    }
}

impl fmt::Debug for Thread<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = formatter.debug_struct("Thread");
        debug.field("native_id", &self.native_id()).field("status", &self.status());
        debug.field("verdict", &self.verdict()).field("frames", &self.frames()).finish()
    }
}
