//! The session of an open vault: its connection to the server, and its end.

use serde::{Deserialize, Serialize};

use crate::alarm::{Alarms, NotGoneOver, NotPutBack};
use crate::failures::{CeremonyFailure, ServerFailure, VaultFailure, failures};
use crate::going_over::{Differences, SeenHead};
use crate::ids::AsideId;
use crate::impossible::ImpossibleState;
use crate::kinds::AsideKind;
use crate::secret::SecretText;

/// The commands about the session. The reply to each is [`Reply::Done`] unless another one is named
/// after the arrow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Returns the alarm that this device is in, and those that are over ->
    /// [`Alarms`](Reply::Alarms).
    Alarms,
    /// Removes the notes of alarms that are over, after somebody has looked at them.
    AcknowledgeAlarms,
    /// Returns the changes that were set aside -> [`Aside`](Reply::Aside).
    Aside,
    /// Deletes the vault from the server and from this device. Runs one ceremony.
    DeleteVault,
    /// Discards a change that was set aside.
    DiscardAside {
        /// The change.
        id: AsideId,
    },
    /// Compares the history of this device with the one that the server shows, after the same
    /// alarms. Nothing is adopted -> [`Differences`](Reply::Differences).
    Differences,
    /// Returns what was typed into a form before the vault locked -> [`Draft`](Reply::Draft).
    Draft,
    /// Returns which form that was -> [`DraftForm`](Reply::DraftForm).
    DraftForm,
    /// Returns the evidence of the alarm as the bytes of a file (`docs/EVIDENCE.md`) ->
    /// [`Evidence`](Reply::Evidence), with `None` if there is none.
    Evidence,
    /// Goes over to the history that the server shows, after an alarm of
    /// [`Fork`](crate::Alarm::Fork), [`Disowned`](crate::Alarm::Disowned) or
    /// [`Rollback`](crate::Alarm::Rollback), and carries over what only this device's has.
    GoOver {
        /// The newest change of that history, as [`Differences`](Reply::Differences) named it. The
        /// server may show later changes of the same history.
        seen: SeenHead,
    },
    /// Wipes every key. The page then ends the worker.
    Lock,
    /// Locks the vault and ends the session at the server.
    LogOut,
    /// Sends the changes that the server has lost to it again, after an alarm of
    /// [`Rollback`](crate::Alarm::Rollback).
    PutBack,
    /// Renews the session while the vault is open. Runs one ceremony.
    Renew,
    /// Saves a change that was set aside.
    SaveAside {
        /// The change.
        id: AsideId,
    },
    /// Seals what was typed into a form and keeps it on this device only, in place of an earlier
    /// draft; `None` removes it.
    SaveDraft {
        /// The draft, at most 24 kB. Its first line names the form and contains no secret. The
        /// engine reads nothing of the rest.
        draft: Option<SecretText>,
    },
    /// Sets aside the change that the server [refuses](crate::SyncState::Refused), so that later
    /// ones can be saved. Its content stays on this device.
    SetAside,
    /// Sends the pending write and fetches what other devices wrote.
    Sync,
}

/// The replies about the session.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// To `Alarms`.
    Alarms(Alarms),
    /// To `Aside`, oldest first.
    Aside(Vec<AsideRow>),
    /// To `Differences`.
    Differences(Box<Differences>),
    /// The command succeeded and has nothing to return.
    Done,
    /// To `Draft`, if there is one.
    Draft(Option<SecretText>),
    /// To `DraftForm`, if there is a draft: its first line.
    DraftForm(Option<String>),
    /// To `Evidence`, if there is some.
    Evidence(Option<serde_bytes::ByteBuf>),
}

failures! {
    /// Why a command about the session failed.
    Failure {
        NotGoneOver(why: NotGoneOver),
        NotPutBack(why: NotPutBack),
    }
    includes Ceremony(CeremonyFailure);
    includes Vault(VaultFailure) and through it ImpossibleState, ServerFailure;
}

/// A change that the server refused and that was set aside. It is stored on this device only.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AsideRow {
    /// The change.
    pub id: AsideId,
    /// The kind of record that it changes.
    pub kind: AsideKind,
    /// The record's label, or the name of the sign-in method.
    pub label: String,
    /// When the change was made, in milliseconds since 1970.
    pub time: u64,
}
