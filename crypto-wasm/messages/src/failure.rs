use serde::{Deserialize, Serialize};

use crate::{Alarm, Field};

/// Why a command did nothing. The words for each stand in `app/src/words.rs`; unless a variant says otherwise nothing was changed anywhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// The offered state was refused.
    Alarm(Alarm),
    /// A vault is open already in another tab of this browser.
    AnotherTab,
    /// The person cancelled the touch, or time ran out.
    Cancelled,
    /// The record has changed since the form was filled, in a way that this edit cannot be kept beside.
    Changed,
    /// A field is empty, too long, or not text that it can hold.
    FieldRejected(Field),
    /// This page may not use passkeys at this address.
    Forbidden,
    /// The invitation code is missing, wrong or used.
    InviteRejected,
    /// The label is empty or too long.
    LabelRejected,
    /// The vault is locked.
    Locked,
    /// The name is empty or too long.
    NameRejected,
    /// The passkey belongs to no vault on this server.
    NoSuchVault,
    /// There is no such record any more.
    NoSuchRecord,
    /// The note is too long.
    NoteRejected,
    /// The passkey made has no key for the vault (`prf`); nothing was made on the server.
    PrfMissing,
    /// Space on the server is used up.
    QuotaExceeded,
    /// Too many requests; wait.
    RateLimited {
        /// How long, in seconds.
        seconds: u32,
    },
    /// The server refused the request in a way that has no other code.
    Refused,
    /// The session has ended. A touch renews it and the same command can be given again.
    SessionExpired,
    /// This server takes no new vaults.
    SignUpClosed,
    /// The challenge was too old or used; try again.
    Stale,
    /// The browser's storage failed.
    StorageFailed,
    /// The server answered something that is not its protocol.
    StrangeAnswer,
    /// The server does not answer.
    Unreachable,
    /// The authenticator or browser cannot do what is needed.
    Unsupported,
    /// An earlier change still waits for the server; this one was not stored.
    WaitingForServer,
    /// The passkey does not open this vault.
    WrongPasskey,
    /// A message between page and engine could not be read, or came when it made no sense.
    Confused,
}
