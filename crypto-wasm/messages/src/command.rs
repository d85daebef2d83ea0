use crystallum_exchanges::Exchange;
use serde::{Deserialize, Serialize};

use crate::exchange::exchange_code;
use crate::{
    Credentials, Outcome, OverviewVersion, RecordId, SecretText, SignInMethodId, Split, VaultId, WalletDraft,
    WalletEdit,
};

/// A numbered command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// A number that the page chooses, unique while the worker lives.
    pub id: u32,
    /// The command to carry out.
    pub command: Command,
}

/// The commands of the page. The reply to each is named after the arrow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Joins this device to the vault after a [`Notice`](crate::Notice) ->
    /// [`Opened`](crate::Reply::Opened).
    AcceptNotice,
    /// Stores a new exchange key -> [`Saved`](crate::Reply::Saved).
    Add(KeyDraft),
    /// Adds a passkey. A passkey of the vault confirms it first; then the new one is registered ->
    /// [`Done`](crate::Reply::Done).
    AddPasskey {
        /// The name of the passkey.
        name: String,
    },
    /// Splits a phrase into shares, writes them to their stores and stores the wallet. Runs one
    /// ceremony -> [`Saved`](crate::Reply::Saved).
    AddWallet(WalletDraft),
    /// Answers a [`Ceremony`](crate::Event::Ceremony) event -> [`Done`](crate::Reply::Done).
    Answer {
        /// The event's ticket.
        ticket: u32,
        /// The outcome of the ceremony.
        outcome: Outcome,
    },
    /// Checks whether a text is a recovery code, without the server -> [`Done`](crate::Reply::Done)
    /// or `CodeRejected`.
    CheckCode {
        /// The typed text.
        code: SecretText,
    },
    /// Checks whether a text is a BIP-39 phrase -> [`PhraseChecked`](crate::Reply::PhraseChecked).
    CheckPhrase {
        /// The typed text.
        phrase: SecretText,
    },
    /// Asks every store of a wallet what it holds, without rebuilding the phrase ->
    /// [`Wallet`](crate::Reply::Wallet).
    CheckWallet {
        /// The record.
        id: RecordId,
    },
    /// Confirms the recovery sheet with two groups of its code. From then on it counts as a sign-in
    /// method -> [`Done`](crate::Reply::Done).
    ConfirmSheet {
        /// The groups, in order.
        groups: [SecretText; 2],
    },
    /// Creates a vault. Runs one or two ceremonies. Its recovery sheet can then be shown ->
    /// [`Opened`](crate::Reply::Opened).
    Create {
        /// The vault's name.
        name: String,
        /// The invitation code, if the server requires one.
        invite: Option<String>,
    },
    /// Moves a record to the trash -> [`Saved`](crate::Reply::Saved).
    Delete {
        /// The record.
        id: RecordId,
    },
    /// Deletes the vault from the server and from this device. Runs one ceremony ->
    /// [`Done`](crate::Reply::Done).
    DeleteVault,
    /// Changes an exchange key -> [`Saved`](crate::Reply::Saved).
    Edit(KeyEdit),
    /// Changes the label and the note of a wallet -> [`Saved`](crate::Reply::Saved).
    EditWallet(WalletEdit),
    /// Finishes a recovery after `Recover`: registers a passkey, joins this device, and replaces
    /// the used code. The new sheet can then be shown -> [`Opened`](crate::Reply::Opened).
    FinishRecovery {
        /// The name of the new passkey.
        name: String,
    },
    /// Removes the local copy of a vault that is not open -> [`Done`](crate::Reply::Done).
    Forget {
        /// The vault.
        vault: VaultId,
    },
    /// Returns what this device knows before a vault is opened ->
    /// [`Welcome`](crate::Reply::Welcome).
    Hello,
    /// Returns rows of the list by label, those that contain every word of `query` ->
    /// [`Page`](crate::Reply::Page).
    List {
        /// The words to find in label, note, exchange and masked key; empty for all rows.
        query: String,
        /// The first row.
        offset: u32,
        /// The number of rows, at most 200.
        limit: u32,
    },
    /// Wipes every key. The page then ends the worker -> [`Done`](crate::Reply::Done).
    Lock,
    /// Locks the vault and ends the session at the server -> [`Done`](crate::Reply::Done).
    LogOut,
    /// Generates a phrase without storing it -> [`Phrase`](crate::Reply::Phrase).
    MakePhrase {
        /// The number of words: 12, 15, 18, 21 or 24.
        words: u8,
    },
    /// Creates a recovery code that replaces the old one. Runs one ceremony ->
    /// [`Sheet`](crate::Reply::Sheet).
    NewSheet,
    /// Returns an exchange key without its secret -> [`Detail`](crate::Reply::Detail).
    Open {
        /// The record.
        id: RecordId,
    },
    /// Returns a wallet without its phrase -> [`Wallet`](crate::Reply::Wallet).
    OpenWallet {
        /// The record.
        id: RecordId,
    },
    /// Drops the code of a sheet that is put away before it was confirmed ->
    /// [`Done`](crate::Reply::Done).
    PutSheetAway,
    /// Fetches a challenge so that the next click needs no network -> [`Done`](crate::Reply::Done).
    Prepare(Purpose),
    /// Purges a record in the trash. Runs one ceremony for a wallet, whose stores then delete its
    /// shares at once -> [`Saved`](crate::Reply::Saved).
    Purge {
        /// The record.
        id: RecordId,
    },
    /// Collects shares and rebuilds the phrase. Runs one ceremony and sends an
    /// [`Event::Share`](crate::Event::Share) for each share -> [`Rebuilt`](crate::Reply::Rebuilt)
    /// or `SharesMissing`.
    RebuildWallet {
        /// The record.
        id: RecordId,
    },
    /// Signs in with the recovery code and returns which state the server offers ->
    /// [`Notice`](crate::Reply::Notice), also if this device knows the vault.
    Recover {
        /// The code, or the text of the sheet's QR code.
        code: SecretText,
        /// The change number on the sheet, if the user typed the code and this number.
        change: Option<u64>,
    },
    /// Reshares a wallet, possibly with another threshold or other stores. Runs one ceremony ->
    /// [`Saved`](crate::Reply::Saved).
    RefreshWallet {
        /// The record.
        id: RecordId,
        /// The threshold and the stores of the new shares.
        split: Split,
    },
    /// Removes a sign-in method after a passkey of the vault has confirmed it ->
    /// [`Done`](crate::Reply::Done).
    RemoveWay {
        /// The sign-in method.
        id: SignInMethodId,
    },
    /// Renames a sign-in method -> [`Done`](crate::Reply::Done).
    RenameWay {
        /// The sign-in method.
        id: SignInMethodId,
        /// The new name, at most [`MAX_SIGN_IN_METHOD_NAME`](crate::MAX_SIGN_IN_METHOD_NAME) characters.
        name: String,
    },
    /// Renews the session while the vault is open. Runs one ceremony ->
    /// [`Done`](crate::Reply::Done).
    Renew,
    /// Restores a record from the trash -> [`Saved`](crate::Reply::Saved).
    Restore {
        /// The record.
        id: RecordId,
    },
    /// Writes an earlier secret as the newest version -> [`Saved`](crate::Reply::Saved).
    RestoreVersion {
        /// The record.
        id: RecordId,
        /// The version.
        number: u64,
    },
    /// Returns an exchange key's secret -> [`Revealed`](crate::Reply::Revealed).
    Reveal {
        /// The record.
        id: RecordId,
    },
    /// Returns an earlier secret of an exchange key -> [`Revealed`](crate::Reply::Revealed).
    RevealVersion {
        /// The record.
        id: RecordId,
        /// The version.
        number: u64,
    },
    /// Returns the new recovery sheet, until it is confirmed or the vault is locked ->
    /// [`Sheet`](crate::Reply::Sheet) or `NoSheet`.
    Sheet,
    /// Returns who may create a vault on this server -> [`SignUp`](crate::Reply::SignUp).
    SignUp,
    /// Returns the stores that can hold shares -> [`Stores`](crate::Reply::Stores).
    Stores,
    /// Sends the pending write and fetches what other devices wrote ->
    /// [`Done`](crate::Reply::Done).
    Sync,
    /// Returns the records in the trash -> [`Trash`](crate::Reply::Trash).
    Trash,
    /// Opens a vault. Runs one ceremony -> [`Opened`](crate::Reply::Opened) or
    /// [`Notice`](crate::Reply::Notice).
    Unlock {
        /// The vault to open; `None` for the one that the user's passkey is for.
        vault: Option<VaultId>,
    },
    /// Returns the known versions of an exchange key's secret ->
    /// [`Versions`](crate::Reply::Versions).
    Versions {
        /// The record.
        id: RecordId,
    },
    /// Returns every wallet -> [`Wallets`](crate::Reply::Wallets).
    Wallets,
    /// Returns every sign-in method -> [`Ways`](crate::Reply::Ways).
    Ways,
    /// Returns at most 6 words of the BIP-39 list that start with a prefix ->
    /// [`Words`](crate::Reply::Words).
    Words {
        /// The prefix, at least one letter.
        prefix: String,
    },
}

/// The kind of ceremony that a challenge is fetched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// [`Command::Create`].
    Create,
    /// [`Command::Unlock`], [`Command::Renew`], and every command that a passkey of the vault
    /// confirms.
    Unlock,
}

/// A new exchange key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyDraft {
    /// The exchange that the key is for.
    #[serde(with = "exchange_code")]
    pub exchange: Exchange,
    /// The label, 1 to [`MAX_LABEL`](crate::MAX_LABEL) characters.
    pub label: String,
    /// A free, searchable text, at most [`MAX_NOTE`](crate::MAX_NOTE) bytes.
    pub note: String,
    /// The secret credentials.
    pub credentials: Credentials,
}

/// A change of an exchange key. What is `None` stays as it is; a secret that stays is not opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyEdit {
    /// The record.
    pub id: RecordId,
    /// The overview version that the form was filled from.
    pub base: OverviewVersion,
    /// The new label.
    pub label: Option<String>,
    /// The new note.
    pub note: Option<String>,
    /// The new credentials, which replace all of the old ones.
    pub credentials: Option<Credentials>,
}
