//! The kind and the scope of a keyslot (FORMAT.md, section 4). Its contents are defined in the
//! core.

use crate::encoding::Malformed;

/// Which root key a slot wraps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Scope {
    /// The root, from which everything but wallets derives.
    Root,
    /// The cold root, from which the keys for wallet shares derive.
    Cold,
}

impl Scope {
    /// Returns its number in the format.
    pub const fn number(self) -> u8 {
        match self {
            Self::Root => 1,
            Self::Cold => 2,
        }
    }

    /// Returns the scope with this number.
    pub const fn from_number(number: u8) -> Result<Self, Malformed> {
        match number {
            1 => Ok(Self::Root),
            2 => Ok(Self::Cold),
            _ => Err(Malformed),
        }
    }
}

/// The kind of sign-in method that opens a slot.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum SlotKind {
    /// The `prf` output of a passkey.
    Passkey,
    /// A recovery code.
    RecoveryCode,
}

impl SlotKind {
    /// Returns its number in the format.
    pub const fn number(self) -> u8 {
        match self {
            Self::Passkey => 1,
            Self::RecoveryCode => 3,
        }
    }

    /// Returns the kind with this number.
    pub const fn from_number(number: u8) -> Result<Self, Malformed> {
        match number {
            1 => Ok(Self::Passkey),
            3 => Ok(Self::RecoveryCode),
            _ => Err(Malformed),
        }
    }
}
