//! Alarms: why a device refuses what it is offered, and what it keeps of that.

use serde::{Deserialize, Serialize};

use crate::kinds::AsideKind;

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
    /// A secret that this device still awaits is not the one that the vault signed. The state that
    /// this device has verified says which one it is.
    SecretsTampered {
        /// The number of the change that this device has.
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

/// What this device keeps of alarms: the one that it is in, and those that are over.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Alarms {
    /// The alarm, after which nothing is written. It is still there after locking and reloading.
    pub kept: Option<KeptAlarm>,
    /// The newest alarms that are over and that nobody has looked at yet, oldest first.
    pub ended: Vec<EndedAlarm>,
    /// What going over has done, if that ended an alarm and nobody has looked yet.
    pub gone_over: Option<GoneOver>,
}

/// An alarm that is not over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeptAlarm {
    /// The alarm.
    pub alarm: Alarm,
    /// When it was raised, in milliseconds since 1970.
    pub since: u64,
    /// Whether a head that the vault has signed is kept as evidence.
    pub has_evidence: bool,
}

/// An alarm that ended because the server showed the state of this device, or one that follows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EndedAlarm {
    /// The alarm.
    pub alarm: Alarm,
    /// When it was raised, in milliseconds since 1970.
    pub since: u64,
    /// When it ended, in milliseconds since 1970.
    pub ended: u64,
    /// The number of the change that the server showed then.
    pub change: u64,
}

/// Why this device cannot put back what the server has lost.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotPutBack {
    /// The server has lost more changes than this device keeps, or changes that were made before
    /// this device entered the vault.
    TooOld,
    /// The stores have lost too many shares of a wallet that was dealt since then. If the rest were
    /// put back, nobody could open its phrase any more.
    SharesLost,
    /// The changes do not fit into what the server takes at once, or this device lacks a secret
    /// that belongs to them.
    NotWhole,
}

/// Why a device does not go over to the server's history.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NotGoneOver {
    /// There is no alarm about another history, or the server shows this device's own again.
    NoOtherHistory,
    /// The server shows another history than the one that was looked at.
    Moved,
    /// What the server shows is not what the vault signed, or it does not prove a common past.
    Unproved,
    /// This device was removed in the server's history.
    RemovedThere,
    /// The passkey or code that opened the vault is not part of the server's history.
    MethodNotThere,
}

/// What going over has done, until somebody has looked at it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct GoneOver {
    /// The alarm that it ended.
    pub alarm: Alarm,
    /// When that alarm was raised, in milliseconds since 1970.
    pub since: u64,
    /// When this device went over, in milliseconds since 1970.
    pub ended: u64,
    /// The change to which it went over.
    pub change: u64,
    /// The labels of the records that were written as they were here.
    pub carried: Vec<String>,
    /// The labels of the records that were kept as copies.
    pub copied: Vec<String>,
    /// The labels of the records that are set aside on this device.
    pub set_aside: Vec<String>,
    /// How many records are still to be written.
    pub waiting: u32,
    /// What is to be made again by hand.
    pub again: Vec<MakeAgain>,
    /// Whether two signed heads are kept as evidence.
    pub has_evidence: bool,
    /// Whether everything is written that can be.
    pub is_finished: bool,
}

/// Something that this device's history had and that going over does not carry.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MakeAgain {
    /// What it is about.
    pub kind: AsideKind,
    /// Its label or name, empty if it has none or cannot be read.
    pub name: String,
    /// Whether it is to be removed again, not made.
    pub is_removal: bool,
}
