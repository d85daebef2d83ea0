//! Ways in: passkeys and the recovery sheet.

use serde::{Deserialize, Serialize};

use crate::{SecretText, WayId};

/// One way in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Way {
    /// The way.
    pub id: WayId,
    /// What it is.
    pub kind: WayKind,
    /// What the person calls it; empty for the sheet, and for a passkey that was never named.
    pub name: String,
    /// When it was made, in milliseconds since 1970; 0 when nobody wrote it down.
    pub created: u64,
    /// Whether it counts: a passkey always, a sheet once two groups of its code were typed.
    pub counts: bool,
    /// Whether it opened the vault this time.
    pub used_now: bool,
}

/// What a way in is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WayKind {
    /// A passkey or security key.
    Passkey,
    /// The code on the recovery sheet.
    Sheet,
}

/// Everything that stands on a recovery sheet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// The vault's name.
    pub vault: String,
    /// When the code was made, in milliseconds since 1970.
    pub created: u64,
    /// The code: 8 groups of 4 characters.
    pub groups: Vec<SecretText>,
    /// Change number of the vault when the code was made.
    pub change: u64,
    /// First 8 bytes of that head's hash as 16 hexadecimal digits.
    pub fingerprint: String,
    /// The code, vault, change number and whole hash as a QR code.
    pub qr: Qr,
    /// The two groups that are asked for, counted from 1, ascending.
    pub ask: [u8; 2],
}

/// A QR code as squares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Qr {
    /// Squares along one side, without the quiet zone.
    pub size: u8,
    /// One character for each square, row by row: `1` dark, `0` light. As secret as the code.
    pub squares: SecretText,
}

/// Why a typed code is no recovery code, found before anything is sent.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CodeProblem {
    /// An account key (`A1`): it opens nothing by itself.
    AccountKey,
    /// A character that no code has.
    Character,
    /// The check at its end does not fit: a character is wrong or two are swapped.
    Check,
    /// Some other code: it does not begin with `R`.
    Kind,
    /// Fewer or more characters than 32.
    Length {
        /// How many there are.
        found: u32,
    },
    /// A code of a later version.
    Version,
}
