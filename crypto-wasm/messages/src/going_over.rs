//! Going over: a device that knows one history of its vault takes the one that the server shows,
//! and carries over what only its own has.

use serde::{Deserialize, Serialize};

use crate::alarm::NotGoneOver;
use crate::kinds::{AsideKind, SignInMethodKind};

/// The newest change of a history, by which the engine recognises it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SeenHead {
    /// The number of the change.
    pub change: u64,
    /// The hash of its head.
    pub hash: [u8; 32],
}

/// What differs between the history of this device and the one that the server shows. Both carry
/// the vault's signature.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Differences {
    /// The newest change of the server's history, to be named when going over to it.
    pub server: SeenHead,
    /// When that change was made, by the clock of its writer, in milliseconds since 1970.
    pub server_time: u64,
    /// The number of the newest change of this device.
    pub mine: u64,
    /// When that change was made, likewise.
    pub mine_time: u64,
    /// The newest change that both have, if this device has ever seen it.
    pub common: Option<u64>,
    /// The first of the keys, wallets and unreadable records that differ.
    pub records: Vec<RecordDifference>,
    /// How many there are besides.
    pub more_records: u32,
    /// The sign-in methods that only one history has.
    pub methods: Vec<MethodDifference>,
    /// The devices that only one history has.
    pub devices: Vec<DeviceDifference>,
    /// Why this device cannot go over, if it cannot.
    pub hindrance: Option<NotGoneOver>,
}

/// Which history has something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Place {
    /// That of this device only.
    Here,
    /// That of the server only.
    Server,
    /// Both, each in another version.
    Both,
}

/// What becomes of this device's version of a record when it goes over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fate {
    /// It is written as it is here.
    ComesAlong,
    /// It is kept as a copy beside what the server's history has.
    Copied,
    /// It stays on this device, set aside.
    SetAside,
    /// It cannot be carried over and is to be made again: a wallet's shares, or a secret that this
    /// device never had.
    MakeAgain,
    /// What the server's history has counts, which may be that the record was deleted.
    ServersCounts,
}

/// A record that differs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RecordDifference {
    /// The kind of record.
    pub kind: AsideKind,
    /// Its label, empty for one that cannot be read.
    pub label: String,
    /// Where it is.
    pub place: Place,
    /// What becomes of it.
    pub fate: Fate,
}

/// A sign-in method that only one history has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MethodDifference {
    /// The kind of method.
    pub kind: SignInMethodKind,
    /// Its name, empty if it has none.
    pub name: String,
    /// Which history has it.
    pub place: Place,
}

/// A device that only one history has.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DeviceDifference {
    /// Its name, empty if it has none.
    pub name: String,
    /// Browser and system, as the device named itself.
    pub platform: String,
    /// Whether it is this device.
    pub this: bool,
    /// Which history has it.
    pub place: Place,
    /// Whether this device's history has removed it, so that it is removed again.
    pub is_removed_again: bool,
}
