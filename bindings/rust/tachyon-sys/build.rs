// SPDX-License-Identifier: Apache-2.0
//! Finds libtachyon with pkg-config.
//!
//! pkg-config is run as it is, without the crate of that name: what is needed of it is one line, and so the crates build
//! from a distribution's own Rust, whose cargo may know no registry. Cross builds set what pkg-config itself reads:
//! PKG_CONFIG (the program), PKG_CONFIG_PATH, PKG_CONFIG_LIBDIR, PKG_CONFIG_SYSROOT_DIR.

use std::env;
use std::process::{exit, Command};

/// The oldest library that has every function of these bindings; what [`src/lib.rs`] says as a number.
const NEEDED: &str = "0.1.0";

const READ_BY_PKG_CONFIG: [&str; 4] = ["PKG_CONFIG", "PKG_CONFIG_PATH", "PKG_CONFIG_LIBDIR", "PKG_CONFIG_SYSROOT_DIR"];

fn fail(why: &str, what_to_do: &str) -> ! {
    eprintln!("\ntachyon-sys: {why}\n\n{what_to_do}\n");
    exit(1)
}

/// What pkg-config prints; the error is what it complains of.
fn pkg_config(arguments: &[&str]) -> Result<String, String> {
    let program = env::var("PKG_CONFIG").unwrap_or_else(|_| "pkg-config".into());
    let output = match Command::new(&program).args(arguments).output() {
        Ok(output) => output,
        Err(error) => fail(
            &format!("{program} does not run: {error}"),
            "Install pkg-config (Debian: apt install pkgconf), or set PKG_CONFIG to the program.",
        ),
    };
    if output.status.success() {
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_owned())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).trim().to_owned())
    }
}

fn explain_absence(complaint: &str) -> ! {
    match pkg_config(&["--modversion", "tachyon"]) {
        Ok(found) => fail(
            &format!("libtachyon {found} is installed, these bindings need {NEEDED} or newer"),
            "Install a newer libtachyon, or set PKG_CONFIG_PATH to the folder that has its tachyon.pc.",
        ),
        Err(_) => fail(
            &format!("libtachyon is not installed, or not where pkg-config looks: {complaint}"),
            "Install libtachyon with its headers (Debian: apt install libtachyon-dev; from a checkout: `meson setup build\n\
             && meson install -C build`). If it is installed elsewhere, set PKG_CONFIG_PATH to the folder that has its\n\
             tachyon.pc.",
        ),
    }
}

fn link(flags: &str) {
    for flag in flags.split_whitespace() {
        if let Some(folder) = flag.strip_prefix("-L") {
            println!("cargo:rustc-link-search=native={folder}");
        } else if let Some(name) = flag.strip_prefix("-l") {
            println!("cargo:rustc-link-lib=dylib={name}");
        }
    }
}

fn main() {
    println!("cargo:rerun-if-changed=build.rs");
    for name in READ_BY_PKG_CONFIG {
        println!("cargo:rerun-if-env-changed={name}");
    }
    // docs.rs makes documentation where no library is: nothing is linked there.
    if env::var_os("DOCS_RS").is_some() {
        return;
    }
    match pkg_config(&["--libs", &format!("tachyon >= {NEEDED}")]) {
        Ok(flags) => link(&flags),
        Err(complaint) => explain_absence(&complaint),
    }
    if let Ok(folder) = pkg_config(&["--variable=includedir", "tachyon"]) {
        println!("cargo:include={folder}");
    }
}
