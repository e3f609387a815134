// SPDX-License-Identifier: Apache-2.0
//! Lines of the target's sources, for reports that show them.

use std::collections::HashMap;
use std::fs;
use std::os::raw::{c_char, c_void};
use std::path::{Path, PathBuf};
use std::ptr;

use crate::raw::{self, Hook};

pub(super) type ReadLine<'w> = Box<dyn FnMut(&str, u32) -> Option<String> + Send + 'w>;

pub(super) struct Source<'w> {
    read: ReadLine<'w>,
    /// The last one, which the library looks at until the next.
    line: String,
}

pub(super) fn source_hook(read: Option<ReadLine<'_>>) -> Option<Hook<Source<'_>>> {
    read.map(|read| Hook::new(Source { read, line: String::new() }))
}

pub(super) fn user_data(source: &Option<Hook<Source<'_>>>) -> *mut c_void {
    source.as_ref().map_or(ptr::null_mut(), Hook::user_data)
}

pub(super) unsafe extern "C" fn read_line(
    filename: *const c_char,
    line: i32,
    size_bytes: *mut usize,
    user_data: *mut c_void,
) -> *const c_char {
    // SAFETY: the hook is that of the report, the rest lives during the call.
    unsafe {
        raw::call_back(user_data, ptr::null(), |source: &mut Source<'_>| {
            let found = u32::try_from(line).ok().and_then(|line| (source.read)(raw::text(filename), line));
            Ok(match found {
                Some(found) => {
                    source.line = found;
                    size_bytes.write(source.line.trim_end_matches(&['\n', '\r'][..]).len());
                    source.line.as_ptr().cast::<c_char>()
                }
                None => ptr::null(),
            })
        })
    }
}

/// Largest file that is taken for a source.
const SOURCE_BYTES_MAX: u64 = 16 << 20;

/// Reads the sources of a target from its files; each is read once.
#[derive(Debug, Clone, Default)]
pub struct SourceFiles {
    root: Option<PathBuf>,
    files: HashMap<String, Vec<String>>,
}

impl SourceFiles {
    /// Files by the names that the target has for them.
    pub fn new() -> Self {
        Self::default()
    }

    /// Files as a process sees them, which may be in a container.
    pub fn of(pid: u32) -> Self {
        Self { root: Some(format!("/proc/{pid}/root").into()), ..Self::default() }
    }

    fn read(&self, filename: &str) -> Option<String> {
        let path = match &self.root {
            Some(root) => root.join(Path::new(filename).strip_prefix("/").ok()?),
            None => filename.into(),
        };
        // What a target calls its file may be a pipe that never ends.
        let about = fs::metadata(&path).ok()?;
        if !about.is_file() || about.len() > SOURCE_BYTES_MAX {
            return None;
        }
        Some(String::from_utf8_lossy(&fs::read(path).ok()?).into_owned())
    }

    /// A line of a file, from 1.
    pub fn line(&mut self, filename: &str, line: u32) -> Option<&str> {
        if !self.files.contains_key(filename) {
            let text = self.read(filename).unwrap_or_default();
            self.files.insert(filename.to_owned(), text.lines().map(str::to_owned).collect());
        }
        let index = usize::try_from(line).ok()?.checked_sub(1)?;
        self.files[filename].get(index).map(String::as_str)
    }
}
