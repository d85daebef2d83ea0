//! What every record has in common.

use serde::{Deserialize, Serialize};

use crate::ids::RecordId;
use crate::sync::SyncState;

/// The longest label of a record, in characters.
pub const MAX_LABEL: usize = 64;
/// The longest note, in bytes of UTF-8.
pub const MAX_NOTE: usize = 1200;

/// The version of the overview that a form was filled from. It has a number and a hash, since two
/// devices may have written the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverviewVersion {
    /// The number of the version, from 1.
    pub number: u64,
    /// SHA-256 of the sealed overview.
    pub hash: [u8; 32],
}

/// A change that was saved and will not be lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// The record. It is not the edited one if another device had changed that in the meantime and
    /// the edit was kept beside it.
    pub id: RecordId,
    /// Whether the server has it too.
    pub sync: SyncState,
}

/// Why a record cannot be read, although the vault has signed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum UnreadableReason {
    /// It opens, and its content has a form that only a newer version knows.
    Newer,
    /// It does not open.
    Sealed,
}

/// A record that cannot be read. It is kept, and may be deleted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadableRow {
    /// The record.
    pub id: RecordId,
    /// Why it cannot be read.
    pub why: UnreadableReason,
}
