use serde::{Deserialize, Serialize};

use crate::{
    Ceremony, Credentials, DeviceId, Exchange, Failure, PhraseProblem, Rebuilt, RecordId, SecretText,
    ShareView, Sheet, StoreView, TrashRow, VaultId, Version, WalletDetail, WalletRow, Way,
};

/// Everything that the engine posts to the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromEngine {
    /// By itself.
    Event(Event),
    /// To a [`Request`](crate::Request).
    Response(Response),
}

/// The answer to one request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// The request's number.
    pub id: u32,
    /// What came of it.
    pub result: Result<Reply, Failure>,
}

/// What a command answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// To `Open`.
    Detail(KeyDetail),
    /// It was done.
    Done,
    /// To `Unlock` on a device that does not know the vault: nothing is shown before the person goes on.
    Notice(Notice),
    /// The vault is open.
    Opened(Opened),
    /// To `List`.
    Page(Page),
    /// To `MakePhrase`.
    Phrase(SecretText),
    /// To `CheckPhrase`; `None` when it is a good phrase.
    PhraseChecked(Option<PhraseProblem>),
    /// To `RebuildWallet`.
    Rebuilt(Rebuilt),
    /// To `Reveal` and `RevealVersion`.
    Revealed(Credentials),
    /// To everything that writes one record.
    Saved(Saved),
    /// To `Sheet` and `NewSheet`.
    Sheet(Sheet),
    /// To `Stores`.
    Stores(Vec<StoreView>),
    /// To `SignUp`; `None` when the server does not answer.
    SignUp(Option<SignUp>),
    /// To `Trash`, newest first.
    Trash(Vec<TrashRow>),
    /// To `Versions`, newest first.
    Versions(Vec<Version>),
    /// To `OpenWallet` and `CheckWallet`.
    Wallet(WalletDetail),
    /// To `Wallets`, by label.
    Wallets(Vec<WalletRow>),
    /// To `Ways`, passkeys first.
    Ways(Vec<Way>),
    /// To `Hello`.
    Welcome(Welcome),
    /// To `Words`.
    Words(Vec<String>),
}

/// What the engine says by itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Event {
    /// A verified state followed the one before.
    Advanced {
        /// Its number.
        change: u64,
        /// Whether another device changed the ways in on the way to it.
        ways: bool,
    },
    /// The server or the local store offered something that was refused. The vault stays as it was.
    Alarm(Alarm),
    /// A ceremony to run now; answered by [`Command::Answer`](crate::Command::Answer).
    Ceremony {
        /// Names it in the answer.
        ticket: u32,
        /// What to run.
        ceremony: Ceremony,
    },
    /// Records changed: lists and details are to be read again.
    Changed,
    /// The keys are gone.
    Locked(LockReason),
    /// A share was asked for, and this is what came of it.
    Share(ShareView),
    /// How this device stands to the server.
    Sync(SyncState),
}

/// Why the vault locked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LockReason {
    /// The person asked.
    Asked,
    /// The engine ended unexpectedly.
    Ended,
    /// Nobody used it.
    Idle,
    /// Another tab of this browser locked.
    OtherTab,
}

/// Facts before anything is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// The vaults that this device has opened before, last used first.
    pub vaults: Vec<KnownVault>,
    /// Whether the browser promised to keep this device's storage; `None` when it was not asked.
    pub persistent: Option<bool>,
}

/// Who may make a vault on this server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignUp {
    /// Nobody.
    Closed,
    /// Whoever has an invitation code.
    Invite,
    /// Everybody.
    Open,
}

/// A vault that this device knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownVault {
    /// The vault.
    pub id: VaultId,
    /// Its name, kept on this device.
    pub name: String,
    /// When it was last opened here, in milliseconds since 1970.
    pub last_used: u64,
}

/// An open vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The vault.
    pub id: VaultId,
    /// Its name.
    pub name: String,
    /// Number of the newest change.
    pub change: u64,
    /// Exchange keys.
    pub records: u32,
    /// Ways in that count; one means that losing it loses the vault.
    pub ways: u8,
    /// How this device stands to the server.
    pub sync: SyncState,
}

/// Shown before anything else on a device that does not know the vault: it can prove who signed this state, not that it is the newest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The vault.
    pub vault: VaultId,
    /// Number of the newest change that the server gave.
    pub change: u64,
    /// When its writer says it was made, in milliseconds since 1970.
    pub time: u64,
    /// Which device wrote it.
    pub device: DeviceId,
    /// First 8 bytes of its hash as 16 hexadecimal digits, to compare with another device.
    pub fingerprint: String,
}

/// How this device stands to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncState {
    /// The server has everything that this device has.
    Synced,
    /// A change is stored on this device only and will be sent.
    Waiting,
    /// The server does not answer; what is shown is this device's copy.
    Offline,
    /// The session has ended; a touch renews it.
    SignedOut,
}

/// One window of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// Rows that the query found in all.
    pub total: u32,
    /// First row of this window.
    pub offset: u32,
    /// The rows.
    pub rows: Vec<KeyRow>,
}

/// One row of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRow {
    /// The record.
    pub id: RecordId,
    /// Whose key.
    pub exchange: Exchange,
    /// What it is called.
    pub label: String,
    /// First and last four characters of the API key.
    pub masked: String,
    /// When it was last changed, in milliseconds since 1970.
    pub updated: u64,
}

/// One record without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyDetail {
    /// What the list shows.
    pub row: KeyRow,
    /// The note.
    pub note: String,
    /// When it was made, in milliseconds since 1970.
    pub created: u64,
    /// The overview's version, to be given back with an edit.
    pub version: OverviewVersion,
    /// Whether it has a passphrase.
    pub has_passphrase: bool,
}

/// Which overview a form was filled from: number and hash, since two devices may both have written the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverviewVersion {
    /// Counts the writes of the overview from 1.
    pub number: u64,
    /// SHA-256 of the sealed overview.
    pub hash: [u8; 32],
}

/// A change that will not be lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// The record. Another one than was edited, when it had changed elsewhere meanwhile and the edit was kept beside it.
    pub id: RecordId,
    /// Whether the server has it too.
    pub sync: SyncState,
}

/// Something offered to this device that it refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alarm {
    /// An older or other state than the recovery sheet names.
    BelowSheet {
        /// The sheet's change number.
        sheet: u64,
        /// The one offered.
        offered: u64,
    },
    /// A state that this vault signed but that does not descend from the one on this device.
    Fork {
        /// This device's change number.
        mine: u64,
        /// The one offered.
        offered: u64,
    },
    /// The copy on this device does not match the state it was stored with.
    LocalCopy,
    /// An older state than this device has seen.
    Rollback {
        /// This device's change number.
        mine: u64,
        /// The one offered.
        offered: u64,
    },
    /// Data or a state that this vault did not sign as it stands.
    Tampered {
        /// The change number it claimed, if any.
        offered: u64,
    },
    /// A state in a format newer than this version reads.
    TooNew,
}
