//! Earlier versions of records, and the trash.

use crystallum_exchanges::Exchange;
use serde::{Deserialize, Serialize};

use crate::exchange::exchange_code;
use crate::{DeviceId, RecordId};

/// One version of a record's secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// The number of the version, from 1.
    pub number: u64,
    /// When it was written by the writer's clock, in milliseconds since 1970.
    pub time: u64,
    /// The device that wrote it.
    pub device: DeviceId,
    /// Whether it is the current version.
    pub current: bool,
}

/// A record in the trash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TrashRow {
    /// The record.
    pub id: RecordId,
    /// The kind of record.
    pub kind: TrashKind,
    /// Its label.
    pub label: String,
    /// When it was moved to the trash, in milliseconds since 1970.
    pub since: u64,
    /// When it will be purged, in milliseconds since 1970.
    pub until: u64,
}

/// The kind of a record in the trash.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum TrashKind {
    /// An exchange key.
    Key(#[serde(with = "exchange_code")] Exchange),
    /// A wallet.
    Wallet,
}
