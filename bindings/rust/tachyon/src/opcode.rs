// SPDX-License-Identifier: Apache-2.0
//! Opcodes of CPython by number; needs no target.

use std::fmt;

use tachyon_sys as sys;

use crate::error::{Error, Result};
use crate::macros::{flags, told};
use crate::{raw, version};

/// A version of CPython: major and minor.
///
/// ```
/// use tachyon::PythonVersion;
///
/// assert_eq!(PythonVersion::V3_14, PythonVersion::new(3, 14));
/// assert!(PythonVersion::V3_14 < PythonVersion::V3_15);
/// assert_eq!(PythonVersion::V3_15.to_string(), "3.15");
/// ```
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct PythonVersion {
    major: u8,
    minor: u8,
}

impl PythonVersion {
    /// CPython 3.11.
    pub const V3_11: Self = Self::new(3, 11);
    /// CPython 3.12.
    pub const V3_12: Self = Self::new(3, 12);
    /// CPython 3.13.
    pub const V3_13: Self = Self::new(3, 13);
    /// CPython 3.14.
    pub const V3_14: Self = Self::new(3, 14);
    /// CPython 3.15.
    pub const V3_15: Self = Self::new(3, 15);

    /// Any version, also one that the library does not know.
    pub const fn new(major: u8, minor: u8) -> Self {
        Self { major, minor }
    }

    /// The 3 of 3.14.
    pub const fn major(self) -> u8 {
        self.major
    }

    /// The 14 of 3.14.
    pub const fn minor(self) -> u8 {
        self.minor
    }

    pub(crate) fn from_raw(raw: u32) -> Option<Self> {
        (raw != 0).then(|| Self::new((raw >> 8) as u8, raw as u8))
    }

    fn raw(self) -> u32 {
        u32::from(self.major) << 8 | u32::from(self.minor)
    }
}

impl fmt::Display for PythonVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}.{}", self.major, self.minor)
    }
}

impl fmt::Debug for PythonVersion {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "CPython {self}")
    }
}

flags! {
    /// Properties of an opcode.
    OpcodeFlags {
        /// Its argument means something.
        HAS_ARGUMENT = TY_OPCODE_HAS_ARGUMENT,
        /// An adaptive form for certain types; bookkeeping forms are not counted.
        SPECIALIZED = TY_OPCODE_SPECIALIZED,
        /// Put there by `sys.monitoring` or `sys.settrace`.
        INSTRUMENTED = TY_OPCODE_INSTRUMENTED,
        /// A variant that says nothing about types: `RESUME_CHECK`, `JUMP_BACKWARD_NO_JIT`, …
        BOOKKEEPING = TY_OPCODE_BOOKKEEPING,
        /// A superinstruction: two in one, e.g. `LOAD_FAST_LOAD_FAST`.
        SUPER = TY_OPCODE_SUPER,
        /// Entry of a JIT or tier-2 trace.
        EXECUTOR = TY_OPCODE_EXECUTOR,
        /// The generic form of a family that has specialized forms.
        SPECIALIZABLE = TY_OPCODE_SPECIALIZABLE,
        /// The inline-cache placeholder, never executed.
        CACHE = TY_OPCODE_CACHE,
    }
}

told! {
    /// What the argument of an opcode refers to.
    OpcodeArgument {
        /// No argument.
        None = TY_ARGUMENT_NONE,
        /// A count, a flag word, or a number with a meaning of its own.
        Number = TY_ARGUMENT_NUMBER,
        /// Index into `co_consts`.
        Constant = TY_ARGUMENT_CONSTANT,
        /// Index into `co_names`, possibly shifted by flag bits.
        Name = TY_ARGUMENT_NAME,
        /// Index of a local variable.
        Local = TY_ARGUMENT_LOCAL,
        /// Index of a cell or free variable.
        Free = TY_ARGUMENT_FREE,
        /// A relative or absolute jump.
        Jump = TY_ARGUMENT_JUMP,
        /// A comparison operator.
        Compare = TY_ARGUMENT_COMPARE,
    }
}

/// One opcode of one version.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub struct Opcode {
    /// The version.
    pub version: PythonVersion,
    /// Number as found in the bytecode.
    pub number: u16,
    /// Number of the opcode it is a form of; itself if it is none.
    pub base: u16,
    /// E.g. `"BINARY_OP_ADD_INT"`.
    pub name: &'static str,
    /// E.g. `"BINARY_OP"`.
    pub base_name: &'static str,
    /// Name of the specialization family, e.g. `"BINARY_OP"`.
    pub family: Option<&'static str>,
    /// Its properties.
    pub flags: OpcodeFlags,
    /// Inline-cache code units, of 2 bytes, that follow it.
    pub caches: u8,
    /// What its argument refers to.
    pub argument: OpcodeArgument,
}

/// Decodes one opcode byte.
///
/// ```
/// use tachyon::{decode_opcode, OpcodeFlags, PythonVersion};
///
/// let all = (0..=255).filter_map(|number| decode_opcode(PythonVersion::V3_14, number).ok());
/// let forms: Vec<_> = all.filter(|opcode| opcode.base_name == "BINARY_OP").collect();
/// assert!(forms.iter().any(|form| form.name == "BINARY_OP_ADD_INT" && form.flags.contains(OpcodeFlags::SPECIALIZED)));
///
/// assert!(decode_opcode(PythonVersion::new(2, 7), 100).is_err());
/// ```
pub fn decode_opcode(version: PythonVersion, number: u8) -> Result<Opcode> {
    version::check()?;
    let mut opcode = raw::record::<sys::ty_opcode>();
    // SAFETY: the struct says its size.
    let code = unsafe { sys::ty_decode_opcode(version.raw(), u32::from(number), &mut opcode) };
    if code < 0 {
        return Err(Error::of_code(code));
    }
    // SAFETY: the strings are static; NULL where there is no family.
    let (name, base_name, family) =
        unsafe { (raw::text(opcode.name), raw::text(opcode.base_name), raw::text(opcode.family)) };
    Ok(Opcode {
        version,
        number: opcode.number,
        base: opcode.base,
        name,
        base_name,
        family: (!family.is_empty()).then_some(family),
        flags: OpcodeFlags::from_raw(opcode.flags),
        caches: opcode.caches,
        argument: OpcodeArgument::from_raw(i32::from(opcode.argument)),
    })
}
