// SPDX-License-Identifier: Apache-2.0
//! asyncio tasks of a target: where each one runs or waits, and who awaits it.

use std::fmt;
use std::marker::PhantomData;
use std::time::Duration;

use tachyon_sys as sys;

use crate::macros::{flags, told};
use crate::raw;
use crate::snapshot::{Frame, Verdict};

told! {
    /// Whether tasks can be read.
    TaskSupport {
        /// Yes.
        Found = TY_TASKS_FOUND,
        /// The target has not imported asyncio yet; it is looked for again now and then.
        NoAsyncio = TY_TASKS_NO_ASYNCIO,
        /// This build of CPython does not let us; the message says why.
        Unsupported = TY_TASKS_UNSUPPORTED,
        /// This reading failed; the next one may not.
        Unreadable = TY_TASKS_UNREADABLE,
    }
}

flags! {
    /// Limits that were reached: what is beyond them is missing.
    TaskLimits {
        /// 100 000 tasks.
        TASKS = TY_TASK_LIMIT_TASKS,
        /// 16 384 objects looked at to find who awaits one task, or 16 futures in a row.
        WAITERS = TY_TASK_LIMIT_WAITERS,
        /// 1 024 coroutines that await one another in one task.
        COROUTINES = TY_TASK_LIMIT_COROUTINES,
        /// 64 stacks for one task, or 131 072 in all.
        PATHS = TY_TASK_LIMIT_PATHS,
        /// 256 tasks that await one another.
        DEPTH = TY_TASK_LIMIT_DEPTH,
        /// 4 096 names of tasks in the marks of one target.
        NAMES = TY_TASK_LIMIT_NAMES,
        /// 256 MiB of the target's memory.
        MEMORY = TY_TASK_LIMIT_MEMORY,
        /// The target's list of tasks changed while it was read.
        LIST = TY_TASK_LIMIT_LIST,
    }
}

flags! {
    /// Properties of a task.
    TaskFlags {
        /// A thread runs it.
        RUNNING = TY_TASK_RUNNING,
        /// It has not begun.
        NEW = TY_TASK_NEW,
        /// It awaits itself, through others: none of them will ever go on.
        CYCLE = TY_TASK_CYCLE,
    }
}

/// The tasks of one reading: [`Target::sample_tasks`](crate::Target::sample_tasks), [`Snapshot::tasks`](crate::Snapshot::tasks).
/// It borrows its target: the next sample ends it.
#[derive(Clone, Copy)]
pub struct TaskList<'a> {
    raw: *const sys::ty_task_list,
    info: sys::ty_task_list_info,
    target: PhantomData<&'a mut sys::ty_target>,
}

impl<'a> TaskList<'a> {
    /// # Safety
    ///
    /// A list that stays valid for `'a`.
    pub(crate) unsafe fn new(raw: *const sys::ty_task_list) -> Self {
        let mut info = raw::record::<sys::ty_task_list_info>();
        // SAFETY: as promised by the caller; the struct says its size, so that it cannot fail.
        unsafe { sys::ty_task_list_describe(raw, &mut info) };
        Self { raw, info, target: PhantomData }
    }

    /// Whether tasks can be read.
    pub fn support(&self) -> TaskSupport {
        TaskSupport::from_raw(self.info.support)
    }

    /// Limits that were reached.
    pub fn limits(&self) -> TaskLimits {
        TaskLimits::from_raw(self.info.limits)
    }

    /// What is to be said about support and limits; `""` if nothing.
    pub fn message(&self) -> &'a str {
        // SAFETY: it lives as long as the list.
        unsafe { raw::text(self.info.message) }
    }

    /// How many tasks there are.
    pub fn len(&self) -> usize {
        self.info.count as usize
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// How many of them run.
    pub fn running(&self) -> usize {
        self.info.running as usize
    }

    /// When they were read: `CLOCK_MONOTONIC`, before the read.
    pub fn time(&self) -> Duration {
        Duration::from_nanos(self.info.time_ns)
    }

    /// One task.
    pub fn get(&self, index: usize) -> Option<Task<'a>> {
        let mut info = raw::record::<sys::ty_task_info>();
        // SAFETY: the list is valid.
        let code = unsafe { sys::ty_task_list_get(self.raw, index, &mut info) };
        (code == 0).then_some(Task { info, list: *self })
    }

    /// All tasks.
    pub fn iter(&self) -> impl Iterator<Item = Task<'a>> + 'a {
        let list = *self;
        (0..list.len()).filter_map(move |index| list.get(index))
    }

    /// The task that a frame of [`FrameKind::Task`](crate::FrameKind::Task) marks: [`Frame::task`].
    pub fn find(&self, serial: u32) -> Option<Task<'a>> {
        // SAFETY: the list is valid.
        let index = unsafe { sys::ty_task_list_find(self.raw, serial) };
        self.get(usize::try_from(index).ok()?)
    }
}

impl fmt::Debug for TaskList<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.debug_list().entries(self.iter()).finish()
    }
}

/// One task of a list.
#[derive(Clone, Copy)]
pub struct Task<'a> {
    info: sys::ty_task_info,
    list: TaskList<'a>,
}

impl<'a> Task<'a> {
    /// `task.get_name()`, at most 255 bytes.
    pub fn name(&self) -> &'a str {
        // SAFETY: it lives as long as the list.
        unsafe { raw::text(self.info.name) }
    }

    /// Number of the task in its target; never used again.
    pub fn serial(&self) -> u32 {
        self.info.serial
    }

    /// `id(task)` in the target; used again when the task is gone.
    pub fn address(&self) -> u64 {
        self.info.address
    }

    /// Its properties.
    pub fn flags(&self) -> TaskFlags {
        TaskFlags::from_raw(self.info.flags)
    }

    /// [`Thread::key`](crate::Thread::key) of the thread whose loop it belongs to.
    pub fn thread_key(&self) -> Option<u64> {
        (self.info.thread_key != 0).then_some(self.info.thread_key)
    }

    /// Kernel thread id of that thread as the target sees it.
    pub fn native_id(&self) -> Option<u64> {
        (self.info.native_id != 0).then_some(self.info.native_id)
    }

    /// Id of its interpreter.
    pub fn interpreter(&self) -> i64 {
        self.info.interpreter
    }

    /// Address of its event loop.
    pub fn event_loop(&self) -> u64 {
        self.info.loop_
    }

    /// Address of the future or task that it waits for.
    pub fn future(&self) -> Option<u64> {
        (self.info.future != 0).then_some(self.info.future)
    }

    /// How far its frames can be trusted.
    pub fn verdict(&self) -> Verdict {
        Verdict::from_raw(self.info.verdict)
    }

    /// Of the coroutine where it runs or waits first, its own last; while it runs also of the functions that they called.
    pub fn frames(&self) -> &'a [Frame] {
        // SAFETY: they live as long as the list; `Frame` is a `ty_frame`.
        unsafe { raw::array(self.info.frames.cast::<Frame>(), self.info.frame_count as usize) }
    }

    /// The tasks that await it.
    pub fn awaited_by(&self) -> impl Iterator<Item = Task<'a>> + 'a {
        // SAFETY: they live as long as the list.
        let indices = unsafe { raw::array::<u32>(self.info.awaited_by, self.info.awaited_by_count as usize) };
        let list = self.list;
        indices.iter().filter_map(move |index| list.get(*index as usize))
    }

    /// How many tasks of the list it awaits.
    pub fn awaits(&self) -> usize {
        self.info.awaits_count as usize
    }

    /// `CLOCK_MONOTONIC` of the first reading since which it was seen in the same place in every reading.
    pub fn seen_since(&self) -> Duration {
        Duration::from_nanos(self.info.seen_since_ns)
    }
}

impl fmt::Debug for Task<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = formatter.debug_struct("Task");
        debug.field("name", &self.name()).field("serial", &self.serial()).field("flags", &self.flags());
        debug.field("verdict", &self.verdict()).field("frames", &self.frames()).finish()
    }
}
