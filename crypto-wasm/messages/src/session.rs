//! The session of an open vault: its connection to the server, and its end.

use serde::{Deserialize, Serialize};

use crate::failures::{CeremonyFailure, ServerFailure, VaultFailure, failures};
use crate::impossible::ImpossibleState;

/// The commands about the session. The reply to each is [`Reply::Done`].
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Deletes the vault from the server and from this device. Runs one ceremony.
    DeleteVault,
    /// Wipes every key. The page then ends the worker.
    Lock,
    /// Locks the vault and ends the session at the server.
    LogOut,
    /// Renews the session while the vault is open. Runs one ceremony.
    Renew,
    /// Sends the pending write and fetches what other devices wrote.
    Sync,
}

/// The reply to every command about the session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// The command succeeded and has nothing to return.
    Done,
}

failures! {
    /// Why a command about the session failed.
    Failure {
    }
    includes Ceremony(CeremonyFailure);
    includes Vault(VaultFailure) and through it ImpossibleState, ServerFailure;
}
