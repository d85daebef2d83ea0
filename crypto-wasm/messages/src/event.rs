//! Events, which the engine sends without a request.

use serde::{Deserialize, Serialize};

use crate::alarm::Alarm;
use crate::ceremony::Ceremony;
use crate::shares::ShareView;
use crate::sync::SyncState;

/// An event of the engine.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// The vault advanced to a newer verified state.
    Advanced {
        /// The change number of the new state.
        change: u64,
        /// Whether another device changed the sign-in methods in between.
        methods_changed: bool,
    },
    /// The server or the local store offered something that was refused. The vault is unchanged.
    Alarm(Alarm),
    /// The alarm is over: the server has shown this device's state, or one that follows it, or this
    /// device went over to what the server shows. What is left of it is a note.
    AlarmEnded(Alarm),
    /// A ceremony that the page must run now and answer with
    /// [`ToEngine::Answer`](crate::ToEngine::Answer).
    Ceremony {
        /// Identifies the ceremony in the answer.
        ticket: u32,
        /// The ceremony.
        ceremony: Ceremony,
    },
    /// The engine no longer waits for a ceremony that was not answered. Its prompt is to be closed.
    CeremonyEnded {
        /// The ticket of the ceremony.
        ticket: u32,
    },
    /// Records have changed, so lists and details must be read again.
    Changed,
    /// The vault was locked and its keys were wiped.
    Locked(LockReason),
    /// How many secrets have not arrived on this device yet. They do after it has entered a vault.
    SecretsAwaited(u32),
    /// The state of a share, after its store was asked.
    Share(ShareView),
    /// Whether this device and the server are in sync.
    Sync(SyncState),
    /// A passkey that was just made belongs to no vault and never will, so the authenticator need
    /// not keep it.
    UnusedPasskey(serde_bytes::ByteBuf),
}

/// Why the vault locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LockReason {
    /// The user locked it.
    Asked,
    /// The engine stopped unexpectedly.
    Ended,
    /// The vault was not used for some time.
    Idle,
    /// Another tab of this browser was locked.
    OtherTab,
}
