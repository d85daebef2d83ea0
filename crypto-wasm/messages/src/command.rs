use serde::{Deserialize, Serialize};

use crate::{
    Credentials, Exchange, Outcome, OverviewVersion, RecordId, SecretText, Split, VaultId, WalletDraft,
    WalletEdit, WayId,
};

/// A numbered command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    /// Chosen by the page, unique while the worker lives.
    pub id: u32,
    /// What is wanted.
    pub command: Command,
}

/// What a screen can ask. The answer to each is named behind the arrow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Goes on after a [`Notice`](crate::Notice): this device joins the vault -> [`Opened`](crate::Reply::Opened).
    AcceptNotice,
    /// Stores a new exchange key -> [`Saved`](crate::Reply::Saved).
    Add(KeyDraft),
    /// Adds a passkey; a passkey of the vault confirms it first, then the new one is made -> [`Done`](crate::Reply::Done).
    AddPasskey {
        /// What the person calls it.
        name: String,
    },
    /// Splits a phrase into shares, puts them on their stores and stores the wallet; one touch -> [`Saved`](crate::Reply::Saved).
    AddWallet(WalletDraft),
    /// Answers a [`Ceremony`](crate::Event::Ceremony) event -> [`Done`](crate::Reply::Done).
    Answer {
        /// The event's ticket.
        ticket: u32,
        /// What came of it.
        outcome: Outcome,
    },
    /// Whether a text is a recovery code as far as this device can tell -> [`Done`](crate::Reply::Done) or `CodeRejected`.
    CheckCode {
        /// What was typed.
        code: SecretText,
    },
    /// Whether a text is a phrase -> [`PhraseChecked`](crate::Reply::PhraseChecked).
    CheckPhrase {
        /// What was typed.
        phrase: SecretText,
    },
    /// Asks every store of a wallet what it holds, without rebuilding -> [`Wallet`](crate::Reply::Wallet).
    CheckWallet {
        /// The record.
        id: RecordId,
    },
    /// The two groups that the sheet asks for: from now on it counts as a way in -> [`Done`](crate::Reply::Done).
    ConfirmSheet {
        /// The groups, in order.
        groups: [SecretText; 2],
    },
    /// Makes a vault; runs one or two ceremonies. Its recovery sheet is then there to be shown -> [`Opened`](crate::Reply::Opened).
    Create {
        /// The vault's name.
        name: String,
        /// Invitation code, where the server asks for one.
        invite: Option<String>,
    },
    /// Puts a record into the trash -> [`Saved`](crate::Reply::Saved).
    Delete {
        /// The record.
        id: RecordId,
    },
    /// Deletes the vault at the server, with everything of it, and its copy here; one touch -> [`Done`](crate::Reply::Done).
    DeleteVault,
    /// Changes an exchange key -> [`Saved`](crate::Reply::Saved).
    Edit(KeyEdit),
    /// Changes what a wallet is called -> [`Saved`](crate::Reply::Saved).
    EditWallet(WalletEdit),
    /// After `Recover`: makes a passkey here, takes this device in, and replaces the used code. The new sheet is then there to be shown
    /// -> [`Opened`](crate::Reply::Opened).
    FinishRecovery {
        /// What the person calls the new passkey.
        name: String,
    },
    /// Removes this device's copy of a vault, which is not open -> [`Done`](crate::Reply::Done).
    Forget {
        /// The vault.
        vault: VaultId,
    },
    /// What this device knows before anything is opened -> [`Welcome`](crate::Reply::Welcome).
    Hello,
    /// Rows of the list by label, those that hold every word of `query` -> [`Page`](crate::Reply::Page).
    List {
        /// Words, each in label, note, exchange or masked key; empty for all.
        query: String,
        /// First row.
        offset: u32,
        /// Number of rows, at most 200.
        limit: u32,
    },
    /// Stores or sends what is in flight and wipes every key; the page then ends the worker -> [`Done`](crate::Reply::Done).
    Lock,
    /// Ends the session at the server, then as `Lock` -> [`Done`](crate::Reply::Done).
    LogOut,
    /// A fresh phrase, stored nowhere -> [`Phrase`](crate::Reply::Phrase).
    MakePhrase {
        /// 12, 15, 18, 21 or 24.
        words: u8,
    },
    /// Makes a new recovery code in the place of the old one; one touch -> [`Sheet`](crate::Reply::Sheet).
    NewSheet,
    /// One record without its secret -> [`Detail`](crate::Reply::Detail).
    Open {
        /// The record.
        id: RecordId,
    },
    /// One wallet without its phrase -> [`Wallet`](crate::Reply::Wallet).
    OpenWallet {
        /// The record.
        id: RecordId,
    },
    /// The sheet was put away before it was confirmed: its code leaves memory -> [`Done`](crate::Reply::Done).
    PutSheetAway,
    /// Fetches a challenge so that the next click needs no network -> [`Done`](crate::Reply::Done).
    Prepare(Purpose),
    /// Deletes a record in the trash for good; a wallet wants a touch, and its stores are told at once -> [`Saved`](crate::Reply::Saved).
    Purge {
        /// The record.
        id: RecordId,
    },
    /// Collects shares and rebuilds the phrase; one touch, and an [`Event::Share`](crate::Event::Share) for each share
    /// -> [`Rebuilt`](crate::Reply::Rebuilt) or `SharesMissing`.
    RebuildWallet {
        /// The record.
        id: RecordId,
    },
    /// Signs in with the recovery code and shows what the server gives -> [`Notice`](crate::Reply::Notice), also where this device knows the vault.
    Recover {
        /// What was typed: the code, or the text of the sheet's QR code.
        code: SecretText,
        /// The change number on the sheet, when the code alone was typed and the person gave it.
        change: Option<u64>,
    },
    /// Deals new shares of a wallet, perhaps with another threshold or other stores; one touch -> [`Saved`](crate::Reply::Saved).
    RefreshWallet {
        /// The record.
        id: RecordId,
        /// How.
        split: Split,
    },
    /// Removes a way in; a passkey of the vault confirms it -> [`Done`](crate::Reply::Done).
    RemoveWay {
        /// The way.
        id: WayId,
    },
    /// Names a way in -> [`Done`](crate::Reply::Done).
    RenameWay {
        /// The way.
        id: WayId,
        /// At most [`MAX_WAY_NAME`](crate::MAX_WAY_NAME) characters.
        name: String,
    },
    /// Opens a session again while the vault is open; runs one ceremony -> [`Done`](crate::Reply::Done).
    Renew,
    /// Takes a record out of the trash -> [`Saved`](crate::Reply::Saved).
    Restore {
        /// The record.
        id: RecordId,
    },
    /// Puts an earlier secret in the place of the one in use, as a new version -> [`Saved`](crate::Reply::Saved).
    RestoreVersion {
        /// The record.
        id: RecordId,
        /// The version.
        number: u64,
    },
    /// A record's secret -> [`Revealed`](crate::Reply::Revealed).
    Reveal {
        /// The record.
        id: RecordId,
    },
    /// An earlier secret of a record -> [`Revealed`](crate::Reply::Revealed).
    RevealVersion {
        /// The record.
        id: RecordId,
        /// The version.
        number: u64,
    },
    /// The recovery sheet that was just made, until it is confirmed or the vault locks -> [`Sheet`](crate::Reply::Sheet) or `NoSheet`.
    Sheet,
    /// Who may make a vault on this server -> [`SignUp`](crate::Reply::SignUp).
    SignUp,
    /// The stores that can take shares -> [`Stores`](crate::Reply::Stores).
    Stores,
    /// Sends what waits and fetches what others wrote -> [`Done`](crate::Reply::Done).
    Sync,
    /// What is in the trash -> [`Trash`](crate::Reply::Trash).
    Trash,
    /// Opens a vault; runs one ceremony -> [`Opened`](crate::Reply::Opened) or [`Notice`](crate::Reply::Notice).
    Unlock {
        /// The vault, when this device knows more than one or the person chose; else whichever passkey answers.
        vault: Option<VaultId>,
    },
    /// The versions of a record's secret that are kept -> [`Versions`](crate::Reply::Versions).
    Versions {
        /// The record.
        id: RecordId,
    },
    /// Every wallet -> [`Wallets`](crate::Reply::Wallets).
    Wallets,
    /// Every way in -> [`Ways`](crate::Reply::Ways).
    Ways,
    /// Words of the BIP-39 list that begin like this, at most 6 -> [`Words`](crate::Reply::Words).
    Words {
        /// At least one letter.
        prefix: String,
    },
}

/// What a challenge is fetched for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Purpose {
    /// [`Command::Create`].
    Create,
    /// [`Command::Unlock`], [`Command::Renew`], and everything that a passkey of the vault confirms.
    Unlock,
}

/// A new exchange key.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyDraft {
    /// Whose it is.
    pub exchange: Exchange,
    /// What the list calls it; 1 to [`MAX_LABEL`](crate::MAX_LABEL) characters.
    pub label: String,
    /// Free text, searchable; at most [`MAX_NOTE`](crate::MAX_NOTE) bytes.
    pub note: String,
    /// The key itself.
    pub credentials: Credentials,
}

/// A change of an exchange key: what is `None` stays, and a secret that stays is not opened.
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
    /// The new credentials, all of them.
    pub credentials: Option<Credentials>,
}
