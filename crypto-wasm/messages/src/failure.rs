use serde::{Deserialize, Serialize};

use crate::{Alarm, CodeProblem, Field, PhraseProblem, ShareView};

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
    /// The typed code is no recovery code; nothing was sent.
    CodeRejected(CodeProblem),
    /// The code belongs to no vault on this server: it was used and replaced, or the vault is gone.
    CodeUnknown,
    /// The record has changed since the form was filled, in a way that this edit cannot be kept beside.
    Changed,
    /// An earlier change, said to be unsettled, was not made in the end; this one was not stored either. Both can be tried again.
    EarlierNotMade,
    /// A field is empty, too long, or not text that it can hold.
    FieldRejected(Field),
    /// This page may not use passkeys at this address.
    Forbidden,
    /// A group that was typed is not the one on the sheet.
    GroupsRejected,
    /// The invitation code is missing, wrong or used.
    InviteRejected,
    /// The label is empty or too long.
    LabelRejected,
    /// It is one of the last two ways in: at least two are kept.
    LastWays,
    /// The vault is locked.
    Locked,
    /// The name is empty or too long.
    NameRejected,
    /// The passkey belongs to no vault on this server.
    NoSuchVault,
    /// There is no such record any more.
    NoSuchRecord,
    /// That version is not kept any more.
    NoSuchVersion,
    /// The sheet's code is not in memory any more: make a new one.
    NoSheet,
    /// The note is too long.
    NoteRejected,
    /// Another device saved something at the same moment, so this was not done; it can be tried again at once.
    Overtaken,
    /// The authenticator holds a passkey of this vault already.
    PasskeyExists,
    /// The text is no BIP-39 phrase; nothing was sent.
    PhraseRejected(PhraseProblem),
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
    /// Too few good shares to rebuild the phrase.
    SharesMissing {
        /// How many good ones there are.
        have: u8,
        /// How many are needed.
        need: u8,
        /// Every share with what was found.
        shares: Vec<ShareView>,
    },
    /// This server takes no new vaults.
    SignUpClosed,
    /// The challenge was too old or used; try again.
    Stale,
    /// The browser's storage failed.
    StorageFailed,
    /// The threshold and the stores do not fit: 2 to all of them, each store once.
    SplitRejected,
    /// A store did not take its share, so nothing was changed.
    StoreFailed {
        /// The store's number, from 1.
        number: u8,
    },
    /// The server answered something that is not its protocol.
    StrangeAnswer,
    /// The server does not answer.
    Unreachable,
    /// The authenticator or browser cannot do what is needed.
    Unsupported,
    /// The change was sent and no answer came: it may have been made or not. This device finds out as soon as the server answers.
    Unsettled,
    /// An earlier change still waits for the server; this one was not stored.
    WaitingForServer,
    /// The passkey does not open this vault.
    WrongPasskey,
    /// A message between page and engine could not be read, or came when it made no sense.
    Confused,
}
