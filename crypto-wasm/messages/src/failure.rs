//! Why commands fail.

use crystallum_exchanges::Field;
use serde::{Deserialize, Serialize};

use crate::alarm::{Alarm, NotGoneOver, NotPutBack};
use crate::ceremony::PasskeyFault;
use crate::exchange::FieldName;
use crate::impossible::ImpossibleState;
use crate::shares::ShareView;
use crate::typed_text::{CodeProblem, PhraseProblem};

/// Why a command failed. Each domain's own `Failure` says which of these its commands can have. The
/// texts for the user are in the app. Nothing was changed anywhere unless a variant says otherwise.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Failure {
    /// The state that the server offered was refused.
    Alarm(Alarm),
    /// A vault is already open in another tab of this browser.
    AnotherTab,
    /// The user cancelled the ceremony, or the time ran out.
    Cancelled,
    /// The typed text is not a recovery code. Nothing was sent.
    CodeRejected(CodeProblem),
    /// The code belongs to no vault on this server. It was used and replaced, or the vault was
    /// deleted.
    CodeUnknown,
    /// The record has changed since the form was filled, and this edit cannot be kept beside the
    /// change.
    Changed,
    /// An earlier change that was reported as [`Unsettled`](Self::Unsettled) was not made after
    /// all, and this one was not stored either. Both can be tried again.
    EarlierNotMade,
    /// The server refuses an earlier change, which must be sent or set aside first. This one was
    /// not stored.
    EarlierRefused,
    /// A field is empty, too long, or has characters that it must not have.
    FieldRejected(#[serde(with = "FieldName")] Field),
    /// This page may not use passkeys at this address.
    Forbidden,
    /// A typed group is not the one on the sheet.
    GroupsRejected,
    /// The invitation code is missing, wrong or used.
    InviteRejected,
    /// The label is empty or too long.
    LabelRejected,
    /// The sign-in method is one of the last two, of which neither can be removed.
    LastSignInMethods,
    /// The vault is locked.
    Locked,
    /// The name is empty or too long.
    NameRejected,
    /// The passkey belongs to no vault on this server.
    NoSuchVault,
    /// This device did not go over to the server's history.
    NotGoneOver(NotGoneOver),
    /// What the server has lost was not put back, or only the beginning of it.
    NotPutBack(NotPutBack),
    /// The record does not exist any more.
    NoSuchRecord,
    /// The version is not stored any more.
    NoSuchVersion,
    /// The code of the sheet is not in memory any more. A new one must be created.
    NoSheet,
    /// The note is too long.
    NoteRejected,
    /// Another device was first, so this change was not made. It can be tried again at once.
    Overtaken,
    /// The server has lost the passkey that opened the vault. Sign-in methods are to be made again
    /// before anything else is written.
    PasskeyLost,
    /// Some of the devices were removed, and not all of them. The rest can be tried again at once.
    PartlyRemoved,
    /// The authenticator already holds a passkey of this vault.
    PasskeyExists,
    /// The ceremony failed for a reason that says nothing about the vault or the authenticator's
    /// abilities.
    PasskeyFault(PasskeyFault),
    /// The text is not a BIP-39 phrase. Nothing was sent.
    PhraseRejected(PhraseProblem),
    /// The passkey does not give a key for the vault (`prf` extension). Nothing was created on the
    /// server.
    PrfMissing,
    /// The account's quota on the server is used up.
    QuotaExceeded,
    /// There were too many requests.
    RateLimited {
        /// How long to wait, in seconds.
        seconds: u32,
    },
    /// The server refused the request for a reason that has no variant of its own.
    Refused,
    /// The secret of this record has not arrived on this device, which has just entered the vault,
    /// and the server does not answer.
    SecretNotHere,
    /// The session has ended. After it was renewed, the same command can be sent again.
    SessionExpired,
    /// There are too few good shares to rebuild the phrase.
    SharesMissing {
        /// The number of good shares.
        have: u8,
        /// The threshold.
        need: u8,
        /// The state of every share.
        shares: Vec<ShareView>,
    },
    /// This server does not accept new vaults.
    SignUpClosed,
    /// The challenge had expired or was used before. The command can be tried again.
    Stale,
    /// The browser's storage failed.
    StorageFailed,
    /// The threshold is not between 2 and the number of stores, or a store is given twice or
    /// unknown.
    SplitRejected,
    /// A store did not accept its share, so nothing was changed.
    StoreFailed {
        /// The store's number, from 1.
        number: u8,
    },
    /// The server's answer does not follow the protocol.
    StrangeAnswer,
    /// The vault has more sign-in methods, or is written to more while it is fetched, than a new
    /// device takes. Nothing says that the server has altered anything.
    TooMuchAtOnce,
    /// The server does not answer.
    Unreachable,
    /// The authenticator or the browser does not support what is needed.
    Unsupported,
    /// The change was sent but not answered, so whether it was made is unknown. This device finds
    /// out as soon as the server answers.
    Unsettled,
    /// An earlier change is still waiting for the server. This one was not stored.
    WaitingForServer,
    /// The passkey does not open this vault.
    WrongPasskey,
    /// The page or the engine is in a state that should not occur.
    Impossible(ImpossibleState),
}

impl Failure {
    /// The reply of the engine belongs to another command.
    pub const UNEXPECTED_REPLY: Self = Self::Impossible(ImpossibleState::UnexpectedReply);
}

impl From<ImpossibleState> for Failure {
    fn from(state: ImpossibleState) -> Self {
        Self::Impossible(state)
    }
}
