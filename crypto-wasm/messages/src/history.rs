//! Earlier versions and the trash.

use serde::{Deserialize, Serialize};

use crate::{DeviceId, Exchange, RecordId};

/// One version of a record's secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// Counts the writes of the secret from 1.
    pub number: u64,
    /// When its writer says it was made, in milliseconds since 1970.
    pub time: u64,
    /// Which device wrote it.
    pub device: DeviceId,
    /// Whether it is the one in use.
    pub current: bool,
}

/// A record in the trash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrashRow {
    /// The record.
    pub id: RecordId,
    /// What it is.
    pub kind: TrashKind,
    /// What it was called.
    pub label: String,
    /// When it was put there, in milliseconds since 1970.
    pub since: u64,
    /// When it is deleted for good, in milliseconds since 1970.
    pub until: u64,
}

/// What a record in the trash is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrashKind {
    /// An exchange key.
    Key(Exchange),
    /// A wallet.
    Wallet,
}
