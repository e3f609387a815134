// SPDX-License-Identifier: Apache-2.0
//! What the garbage collector of a target did last.

use std::os::raw::{c_int, c_void};
use std::time::Duration;

use tachyon_sys as sys;

use crate::error::{Error, Result};
use crate::raw::{self, Hook};
use crate::target::TargetRef;

/// One collection. The counts are sums over all collections of its generation so far, this one included.
#[derive(Debug, Clone, Copy, PartialEq)]
#[non_exhaustive]
pub struct GcCollection {
    /// Id of its interpreter.
    pub interpreter: i64,
    /// 0 to 2.
    pub generation: u32,
    /// When it began: `CLOCK_MONOTONIC`, as `time.perf_counter()` of the target.
    pub start: Duration,
    /// When it ended.
    pub stop: Duration,
    /// Number of collections.
    pub collections: u64,
    /// Objects that were freed.
    pub collected: u64,
    /// Objects that could not be.
    pub uncollectable: u64,
    /// Objects that were looked at.
    pub candidates: u64,
    /// Objects that the collector knew when this collection began: no sum.
    pub heap_objects: u64,
    /// Time that they took, in seconds.
    pub duration_s: f64,
}

unsafe extern "C" fn receive(collection: *const sys::ty_gc_collection, user_data: *mut c_void) -> c_int {
    // SAFETY: the hook is that of the call which is under way, and so is the struct.
    unsafe {
        raw::call_back(user_data, 1, |collections: &mut Vec<GcCollection>| {
            let raw = raw::copy_record(collection);
            collections.push(GcCollection {
                interpreter: raw.interpreter,
                generation: raw.generation,
                start: Duration::from_nanos(raw.start_ns),
                stop: Duration::from_nanos(raw.stop_ns),
                collections: raw.collections,
                collected: raw.collected,
                uncollectable: raw.uncollectable,
                candidates: raw.candidates,
                heap_objects: raw.heap_objects,
                duration_s: raw.duration_s,
            });
            Ok(0)
        })
    }
}

impl TargetRef {
    /// The last collections of every generation, the oldest first: of the main interpreter, or of all. CPython keeps them
    /// from 3.15 on; an error for older ones.
    pub fn gc_collections(&self, all_interpreters: bool) -> Result<Vec<GcCollection>> {
        let mut collections = Hook::new(Vec::new());
        let all_interpreters = c_int::from(all_interpreters);
        // SAFETY: the handle lives, the hook as long as the call.
        let code =
            unsafe { sys::ty_gc_collections(self.handle(), all_interpreters, Some(receive), collections.user_data()) };
        if let Some(failure) = collections.take_failure() {
            return Err(Error::of_callback(code, raw::resume(failure)));
        }
        self.check(code)?;
        Ok(std::mem::take(collections.content()))
    }
}
