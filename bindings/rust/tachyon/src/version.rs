// SPDX-License-Identifier: Apache-2.0
//! Which libtachyon runs, and whether it is one that these bindings are for.

use tachyon_sys as sys;

use crate::error::{Error, Result, UNFIT_LIBRARY};
use crate::raw;

/// Version of the library that is running, e.g. `"0.1.0"`.
///
/// ```
/// println!("libtachyon {}", tachyon::library_version());
/// ```
pub fn library_version() -> &'static str {
    // SAFETY: a static string.
    unsafe { raw::text(sys::ty_version_string()) }
}

fn dotted(version: u32) -> String {
    format!("{}.{}.{}", version >> 16, version >> 8 & 0xff, version & 0xff)
}

fn judge(version: u32) -> Result<()> {
    let wanted = if version < sys::LIBRARY_NEEDED {
        format!("{} or newer", dotted(sys::LIBRARY_NEEDED))
    } else if version >> 16 > sys::LIBRARY_MAJOR {
        format!("one of the versions {}.x", sys::LIBRARY_MAJOR)
    } else {
        return Ok(());
    };
    let message = format!(
        "this program needs libtachyon {wanted}, but runs with {}: install that, or set LD_LIBRARY_PATH to where it is",
        dotted(version)
    );
    Err(Error::new(UNFIT_LIBRARY, message))
}

/// Before anything is made: an older library may lack what these bindings rely on, one of another ABI may differ.
/// Within an ABI the sizes that all structs carry make up for the rest.
pub(crate) fn check() -> Result<()> {
    // SAFETY: gives a number.
    judge(unsafe { sys::ty_version_number() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_library_it_was_built_for_fits() {
        assert!(check().is_ok());
        assert!(judge(sys::LIBRARY_NEEDED).is_ok());
        assert!(judge(sys::LIBRARY_NEEDED + 1).is_ok());
        assert!(judge(sys::LIBRARY_NEEDED + (1 << 8)).is_ok());
    }

    #[test]
    fn an_older_one_and_one_of_another_abi_do_not() {
        let older = judge(sys::LIBRARY_NEEDED - 1).unwrap_err();
        assert!(older.message().contains("0.1.0 or newer, but runs with 0.0.255"), "{older}");
        let other = judge((sys::LIBRARY_MAJOR + 1) << 16 | 2 << 8).unwrap_err();
        assert!(other.message().contains("0.x, but runs with 1.2.0"), "{other}");
    }
}
