//! Alarms: why a device refuses what it is offered.

use serde::{Deserialize, Serialize};

/// Why this device refused a state that it was offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alarm {
    /// The state is older than the one on the recovery sheet, or does not descend from it.
    BelowSheet {
        /// The change number on the sheet.
        sheet: u64,
        /// The change number that was offered.
        offered: u64,
    },
    /// Another device removed this one from the vault. Nothing was refused; this device keeps what
    /// it has, and writes nothing any more.
    DeviceRemoved,
    /// The server shows a change that this device signed and then withdrew, because the server had
    /// refused it for good.
    Disowned {
        /// The number of that change.
        offered: u64,
    },
    /// The vault signed the state, but it does not descend from the one on this device.
    Fork {
        /// The change number on this device.
        mine: u64,
        /// The change number that was offered.
        offered: u64,
    },
    /// The local copy does not match the state that it was stored with.
    LocalCopy,
    /// This device has verified a different change than the one on the recovery sheet.
    OtherSheet {
        /// The change number on the sheet.
        sheet: u64,
        /// The change number on this device, at least that of the sheet.
        mine: u64,
    },
    /// The state is older than one that this device has seen.
    Rollback {
        /// The change number on this device.
        mine: u64,
        /// The change number that was offered.
        offered: u64,
    },
    /// The vault did not sign the data or the state as it was offered.
    Tampered {
        /// The change number that was claimed, or 0.
        offered: u64,
    },
    /// The state requires a newer format version than this app supports.
    TooNew,
}
