//! The trash, which keeps deleted records for 30 days.

use crystallum_exchanges::Exchange;
use serde::{Deserialize, Serialize};

use crate::exchange::exchange_code;
use crate::failures::{CeremonyFailure, ServerFailure, VaultFailure, failures};
use crate::ids::RecordId;
use crate::impossible::ImpossibleState;
use crate::records::Saved;

/// The commands about the trash. The reply to each is named after the arrow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Moves a record to the trash -> [`Saved`](Reply::Saved).
    Delete {
        /// The record.
        id: RecordId,
    },
    /// Returns the records in the trash -> [`Rows`](Reply::Rows).
    List,
    /// Purges a record in the trash. Runs one ceremony for a wallet, whose stores then delete its
    /// shares at once -> [`Saved`](Reply::Saved).
    Purge {
        /// The record.
        id: RecordId,
    },
    /// Restores a record from the trash -> [`Saved`](Reply::Saved).
    Restore {
        /// The record.
        id: RecordId,
    },
}

/// The replies about the trash.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// To `List`, newest first.
    Rows(Vec<TrashRow>),
    /// The record was written.
    Saved(Saved),
}

failures! {
    /// Why a command about the trash failed.
    Failure {
    }
    includes Ceremony(CeremonyFailure);
    includes Vault(VaultFailure) and through it ImpossibleState, ServerFailure;
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
