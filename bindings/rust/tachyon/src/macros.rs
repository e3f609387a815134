// SPDX-License-Identifier: Apache-2.0
//! Enums and sets of flags that mirror those of C. A library newer than these bindings may know values that they do not:
//! what comes from it has room for them.

/// An enum whose values come from the library.
macro_rules! told {
    ($(#[$meta:meta])* $name:ident { $($(#[$about:meta])* $variant:ident = $value:ident,)+ }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $($(#[$about])* $variant,)+
            /// A value of a newer library.
            Other(i32),
        }

        impl $name {
            pub(crate) fn from_raw(raw: i32) -> Self {
                $(if raw == tachyon_sys::$value as i32 {
                    return Self::$variant;
                })+
                Self::Other(raw)
            }

            #[allow(dead_code)] // Most come only from the library.
            pub(crate) fn raw(self) -> i32 {
                match self {
                    $(Self::$variant => tachyon_sys::$value as i32,)+
                    Self::Other(raw) => raw,
                }
            }
        }
    };
}

/// An enum whose values go to the library; the first one is the default.
macro_rules! asked {
    ($(#[$meta:meta])* $name:ident {
        $(#[$first_about:meta])* $first:ident = $first_value:ident,
        $($(#[$about:meta])* $variant:ident = $value:ident,)+
    }) => {
        $(#[$meta])*
        #[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
        #[non_exhaustive]
        pub enum $name {
            $(#[$first_about])* $first,
            $($(#[$about])* $variant,)+
        }

        impl $name {
            pub(crate) fn raw(self) -> i32 {
                match self {
                    Self::$first => tachyon_sys::$first_value as i32,
                    $(Self::$variant => tachyon_sys::$value as i32,)+
                }
            }

            /// `None` for a value of a newer library.
            #[allow(dead_code)] // Most go only one way.
            pub(crate) fn from_raw(raw: i32) -> Option<Self> {
                let all = [Self::$first, $(Self::$variant,)+];
                all.iter().copied().find(|value| value.raw() == raw)
            }
        }

        impl Default for $name {
            fn default() -> Self {
                Self::$first
            }
        }
    };
}

/// A set of flags.
macro_rules! flags {
    ($(#[$meta:meta])* $name:ident { $($(#[$about:meta])* $flag:ident = $value:ident,)+ }) => {
        $(#[$meta])*
        #[derive(Clone, Copy, PartialEq, Eq, Hash, Default)]
        pub struct $name(u32);

        impl $name {
            $($(#[$about])* pub const $flag: Self = Self(tachyon_sys::$value as u32);)+

            pub(crate) const fn from_raw(raw: u32) -> Self {
                Self(raw)
            }

            /// The flags as the C library has them.
            pub const fn bits(self) -> u32 {
                self.0
            }

            /// Whether all of these flags are set.
            pub const fn contains(self, flags: Self) -> bool {
                self.0 & flags.0 == flags.0
            }

            /// Whether no flag is set.
            pub const fn is_empty(self) -> bool {
                self.0 == 0
            }
        }

        impl std::ops::BitOr for $name {
            type Output = Self;

            fn bitor(self, other: Self) -> Self {
                Self(self.0 | other.0)
            }
        }

        impl std::fmt::Debug for $name {
            fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                let names = [$((stringify!($flag), Self::$flag),)+];
                let mut set = names.iter().filter(|(_, flag)| self.contains(*flag)).map(|(name, _)| *name);
                formatter.write_str(concat!(stringify!($name), "("))?;
                if let Some(first) = set.next() {
                    formatter.write_str(first)?;
                }
                set.try_for_each(|name| write!(formatter, " | {name}"))?;
                formatter.write_str(")")
            }
        }
    };
}

pub(crate) use {asked, flags, told};
