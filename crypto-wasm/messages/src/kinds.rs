//! The kinds of records and sign-in methods, as several domains name them.

use serde::{Deserialize, Serialize};

/// The kind of record in a change that was set aside.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum AsideKind {
    /// An exchange key.
    Key,
    /// A record of another kind.
    Other,
    /// The name of a sign-in method, or the confirmation of a sheet.
    SignInMethod,
    /// A wallet.
    Wallet,
}

/// The kind of a sign-in method.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignInMethodKind {
    /// A passkey or security key.
    Passkey,
    /// The code on the recovery sheet.
    Sheet,
}
