// SPDX-License-Identifier: Apache-2.0
//! What every module needs to speak with C: structs that say their size, strings, and closures behind a `void *`.

use std::any::Any;
use std::ffi::{CStr, CString};
use std::os::raw::{c_char, c_int, c_void};
use std::os::unix::ffi::OsStrExt;
use std::panic::{catch_unwind, resume_unwind, AssertUnwindSafe};
use std::path::Path;
use std::ptr::{self, NonNull};
use std::time::Duration;
use std::{mem, slice};

use tachyon_sys as sys;

use crate::error::Error;

/// A struct of the C API whose first member is `size_t size`.
///
/// # Safety
///
/// It is `repr(C)`, begins with a `usize`, and is valid when all its bytes are 0.
pub(crate) unsafe trait Record: Copy {}

macro_rules! records {
    ($($name:ident)+) => {
        // SAFETY: bindgen made them of C structs of numbers, pointers and functions that may be NULL; all begin with `size`.
        $(unsafe impl Record for sys::$name {})+
    };
}

records! {
    ty_annotation_options ty_attach_options ty_binary_options ty_callgrind_options ty_chrome_trace_options
    ty_collapsed_options ty_collector_callbacks ty_disassembly_row ty_error_info ty_flamegraph_options
    ty_function_info ty_gc_collection ty_gecko_options ty_heatmap_options ty_instruction_info ty_jsonl_options
    ty_live_call_info ty_live_function_info ty_live_instruction_info ty_live_options ty_live_overview_info
    ty_live_query ty_live_thread_info ty_location_info ty_opcode ty_perfetto_options ty_pprof_options
    ty_process_event ty_pstats_options ty_recorded_frame ty_recorded_stack ty_recorder_counters ty_recorder_options
    ty_recording_information ty_run_info ty_run_summary ty_sampler_options ty_speedscope_options ty_target_counters
    ty_target_information ty_task_info ty_task_list_info ty_thread_info
}

/// An empty struct that says its size.
pub(crate) fn record<T: Record>() -> T {
    // SAFETY: the trait promises that zeros are valid, and that the size comes first.
    unsafe {
        let mut record: T = mem::zeroed();
        ptr::addr_of_mut!(record).cast::<usize>().write(mem::size_of::<T>());
        record
    }
}

/// A copy of a struct that the library made, as much of it as that library knows: an older one's may be shorter.
///
/// # Safety
///
/// `from` points to a struct that says its own size.
pub(crate) unsafe fn copy_record<T: Record>(from: *const T) -> T {
    let mut copy = record::<T>();
    // SAFETY: as many bytes as there are at either end; the size, which comes first, is set right afterwards.
    unsafe {
        let known = from.cast::<usize>().read().min(mem::size_of::<T>());
        ptr::copy_nonoverlapping(from.cast::<u8>(), ptr::addr_of_mut!(copy).cast::<u8>(), known);
        ptr::addr_of_mut!(copy).cast::<usize>().write(mem::size_of::<T>());
    }
    copy
}

/// A string of the library, which are UTF-8. NULL is "".
///
/// # Safety
///
/// NULL, or a string that lives for `'a`.
pub(crate) unsafe fn text<'a>(string: *const c_char) -> &'a str {
    if string.is_null() {
        return "";
    }
    // SAFETY: as promised by the caller.
    unsafe { CStr::from_ptr(string) }.to_str().unwrap_or("\u{fffd}")
}

/// An array of the library; NULL is an empty one.
///
/// # Safety
///
/// NULL, or `count` valid elements that live for `'a`.
pub(crate) unsafe fn array<'a, T>(items: *const T, count: usize) -> &'a [T] {
    if items.is_null() {
        return &[];
    }
    // SAFETY: as promised by the caller.
    unsafe { slice::from_raw_parts(items, count) }
}

pub(crate) fn c_string(string: impl Into<Vec<u8>>) -> Result<CString, Error> {
    CString::new(string).map_err(|_| Error::new(-(sys::TY_EOPTION as c_int), "there is a NUL in a name or a path"))
}

pub(crate) fn c_path(path: &Path) -> Result<CString, Error> {
    c_string(path.as_os_str().as_bytes())
}

/// Nanoseconds; more than 584 years are as many as there can be.
pub(crate) fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

pub(crate) fn process_id(pid: u32) -> c_int {
    // None has such a number: the library says so.
    c_int::try_from(pid).unwrap_or(c_int::MAX)
}

/// Why code of the user, called from C, did not do its work: to be told when the C function has returned.
pub(crate) enum Failure {
    Error(Box<dyn std::error::Error + Send + Sync>),
    Panic(Box<dyn Any + Send>),
}

/// Something of the user's that C calls back: it has one address, and holds the first failure.
pub(crate) struct Hook<T: ?Sized>(NonNull<Hooked<T>>);

pub(crate) struct Hooked<T: ?Sized> {
    failure: Option<Failure>,
    content: T,
}

impl<T> Hook<T> {
    pub(crate) fn new(content: T) -> Self {
        let hooked = Box::new(Hooked { failure: None, content });
        // SAFETY: a box is not NULL.
        Self(unsafe { NonNull::new_unchecked(Box::into_raw(hooked)) })
    }

    /// What C is to be given as `user_data`.
    pub(crate) fn user_data(&self) -> *mut c_void {
        self.0.as_ptr().cast()
    }

    pub(crate) fn take_failure(&mut self) -> Option<Failure> {
        // SAFETY: the hook is ours, and C calls it only while a function of the library runs.
        unsafe { (*self.0.as_ptr()).failure.take() }
    }

    pub(crate) fn content(&mut self) -> &mut T {
        // SAFETY: as above.
        unsafe { &mut (*self.0.as_ptr()).content }
    }
}

impl<T: ?Sized> Drop for Hook<T> {
    fn drop(&mut self) {
        // SAFETY: it came from a box; what C had of it is freed before.
        drop(unsafe { Box::from_raw(self.0.as_ptr()) });
    }
}

// SAFETY: it owns its content.
unsafe impl<T: ?Sized + Send> Send for Hook<T> {}

/// What is behind a `user_data`, for code that neither changes it nor tells of failures.
///
/// # Safety
///
/// `user_data` is that of a `Hook<T>` which lives for `'a`.
pub(crate) unsafe fn content_of<'a, T>(user_data: *mut c_void) -> &'a T {
    // SAFETY: as promised by the caller.
    unsafe { &(*user_data.cast::<Hooked<T>>()).content }
}

/// Calls the user's code on behalf of C. A panic stops here, and so does all that would come after a failure.
///
/// # Safety
///
/// `user_data` is that of a `Hook<T>` which lives, and no other call of it is under way.
pub(crate) unsafe fn call_back<T, R>(
    user_data: *mut c_void,
    otherwise: R,
    call: impl FnOnce(&mut T) -> Result<R, Box<dyn std::error::Error + Send + Sync>>,
) -> R {
    // SAFETY: as promised by the caller.
    let hooked = unsafe { &mut *user_data.cast::<Hooked<T>>() };
    if hooked.failure.is_some() {
        return otherwise;
    }
    let content = &mut hooked.content;
    let failure = match catch_unwind(AssertUnwindSafe(|| call(content))) {
        Ok(Ok(result)) => return result,
        Ok(Err(error)) => Failure::Error(error),
        Err(panic) => Failure::Panic(panic),
    };
    hooked.failure = Some(failure);
    otherwise
}

/// A panic goes on where C is not in between any more; an error is given back.
pub(crate) fn resume(failure: Failure) -> Box<dyn std::error::Error + Send + Sync> {
    match failure {
        Failure::Error(error) => error,
        Failure::Panic(panic) => resume_unwind(panic),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_record_is_empty_and_says_its_size() {
        let summary = record::<sys::ty_run_summary>();
        assert_eq!((summary.size, summary.samples, summary.end_reason), (mem::size_of_val(&summary), 0, 0));
    }

    /// As a library makes it that knows fewer members, or more: no byte is read that it did not write.
    #[test]
    fn a_record_of_another_library_is_copied_as_far_as_both_know_it() {
        let words: Vec<usize> = vec![3 * mem::size_of::<usize>(), 11, 22];
        // SAFETY: the vector says its own size.
        let shorter = unsafe { copy_record(words.as_ptr().cast::<sys::ty_run_summary>()) };
        assert_eq!((shorter.duration_ns, shorter.samples, shorter.missed), (11, 22, 0));
        assert_eq!(shorter.size, mem::size_of_val(&shorter));

        let mut words: Vec<usize> = (0..100).collect();
        words[0] = mem::size_of_val(&words[..]);
        // SAFETY: as above.
        let longer = unsafe { copy_record(words.as_ptr().cast::<sys::ty_run_summary>()) };
        assert_eq!((longer.duration_ns, longer.unreadable), (1, 9));
        assert_eq!(longer.size, mem::size_of_val(&longer));
    }

    #[test]
    fn strings_of_the_library_are_never_taken_on_trust() {
        // SAFETY: NULL, and strings that end.
        unsafe {
            assert_eq!(text(ptr::null()), "");
            assert_eq!(text(b"Gr\xc3\xb6\xc3\x9fe\0".as_ptr().cast()), "Größe");
            assert_eq!(text(b"half \xc3\0".as_ptr().cast()), "\u{fffd}");
            assert!(array::<u32>(ptr::null(), 7).is_empty());
        }
    }

    #[test]
    fn times_that_are_too_long_are_as_long_as_can_be() {
        assert_eq!(nanoseconds(Duration::from_micros(2)), 2000);
        assert_eq!(nanoseconds(Duration::MAX), u64::MAX);
    }
}
