// SPDX-License-Identifier: Apache-2.0
//! The tests of the crate, in one program. tests/run.sh rust builds the library for them; those in `live` run programs
//! under every interpreter that TACHYON_INTERPRETERS lists.

mod callbacks;
mod captures;
mod errors;
mod live;
mod merged;
mod model;
mod reports;
mod support;
