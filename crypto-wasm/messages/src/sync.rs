//! How far this device and the server agree.

use serde::{Deserialize, Serialize};

/// Whether this device and the server are in sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncState {
    /// The server has everything that this device has.
    Synced,
    /// A change is stored on this device only and will be sent.
    Waiting,
    /// The server refuses the change that is stored on this device, so nothing can follow it until
    /// it is sent or set aside.
    Refused {
        /// Whether it is refused because the account has no space left.
        full: bool,
    },
    /// The server does not answer, so this device's copy is shown.
    Offline,
    /// The session has ended. A ceremony renews it.
    SignedOut,
    /// The server has lost what it knew of the passkey that opened the vault. This device has
    /// signed in with the vault's key, and sign-in methods are to be made again before anything
    /// else is written.
    PasskeyLost,
}
