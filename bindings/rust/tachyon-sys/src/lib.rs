// SPDX-License-Identifier: Apache-2.0
//! Raw bindings to libtachyon: the C functions, structs and constants of `tachyon/tachyon.h` under their own names. The
//! crate `tachyon` has the same for people.
//!
//! What each does, who owns what, and which threads may call it stands in the comments of the C headers and in the man
//! page `libtachyon(3)`. Three rules hold for all of them:
//!
//! - The first member of a struct is its `size`: set it to `size_of` of the struct. So a library that knows more or fewer
//!   members than these bindings writes no more than there is room for.
//! - A negative result is an error: `-errno`, or one of the constants `TY_E…`, negated.
//! - A handle may be used by one thread at a time.
//!
//! ```
//! let mut opcode: tachyon_sys::ty_opcode = unsafe { std::mem::zeroed() };
//! opcode.size = std::mem::size_of_val(&opcode);
//! let result = unsafe { tachyon_sys::ty_decode_opcode(tachyon_sys::TY_PYTHON_3_14, 0, &mut opcode) };
//! assert_eq!(result, 0);
//! ```
//!
//! The library is found with pkg-config when this crate is built; programs load it (`libtachyon.so.0`) when they start.

#[allow(non_camel_case_types, non_upper_case_globals, non_snake_case, missing_docs)]
mod bindings;

pub use bindings::*;

/// The oldest library that has every function of these bindings, as [`ty_version_number`] gives it.
pub const LIBRARY_NEEDED: u32 = 1 << 8;

/// Major version of the libraries that these bindings are for. The loader asks for the library by its ABI, so that another
/// one is not met where the library is installed as it should be.
pub const LIBRARY_MAJOR: u32 = 0;
