//! States that should not occur.

use serde::{Deserialize, Serialize};

/// A state that should not occur, which the types do not rule out. It means that the page, the
/// engine, or the device that wrote a record is wrong, not that the user or the server did
/// something.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ImpossibleState {
    /// Good shares of one dealing cannot be combined, or their key does not open the phrase.
    DealingUnusable,
    /// This device is not part of the state that it has joined.
    DeviceNotJoined,
    /// A counter or a version has reached its last value.
    LastVersion,
    /// Records were to be copied into a new vault, and there is none, or the other vault is in no
    /// alarm.
    NothingToCopy,
    /// A message could not be sent to the engine.
    MessageNotSent,
    /// A notice was accepted that was not given.
    NoNotice,
    /// A recovery was finished that was not started.
    NoRecovery,
    /// A vault was forgotten while it was open.
    OpenVaultForgotten,
    /// The rules of the format refuse a change that this device made.
    OwnChangeRefused,
    /// A command that needs a passkey was treated as one that needs none.
    PasskeyNeeded,
    /// A phrase of an unsupported length was requested.
    PhraseLength,
    /// A record does not open: its overview did before, or another device sealed its secret
    /// wrongly.
    RecordUnreadable,
    /// A record was checked and is too large nevertheless.
    RecordTooLarge,
    /// The overview and the secret of a record are of different kinds.
    SecretOfOtherKind,
    /// The recovery sheet does not fit into a QR code.
    SheetTooLarge,
    /// A root key does not match the scope of its keyslot.
    SlotOfOtherScope,
    /// A reply belongs to another command.
    UnexpectedReply,
    /// A message could not be read.
    UnreadableMessage,
}
