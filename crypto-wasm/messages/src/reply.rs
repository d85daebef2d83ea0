use crystallum_exchanges::Exchange;
use serde::{Deserialize, Serialize};

use crate::exchange::exchange_code;
use crate::{
    Ceremony, Credentials, DeviceId, Failure, PhraseProblem, Rebuilt, RecordId, SecretText, ShareView, Sheet,
    SignInMethod, StoreView, TrashRow, VaultId, Version, WalletDetail, WalletRow,
};

/// A message from the engine to the page.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum FromEngine {
    /// An event that no request asked for.
    Event(Event),
    /// The response to a [`Request`](crate::Request).
    Response(Response),
}

/// The response to one request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Response {
    /// The number of the request.
    pub id: u32,
    /// The result of the command.
    pub result: Result<Reply, Failure>,
}

/// The reply to a command.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// To `Open`.
    Detail(KeyDetail),
    /// The command succeeded and has nothing to return.
    Done,
    /// To `Recover`, and to `Unlock` on a device that does not know the vault. Nothing else is
    /// shown before the user accepts it.
    Notice(Notice),
    /// The vault is open.
    Opened(Opened),
    /// To `List`.
    Page(Page),
    /// To `MakePhrase`.
    Phrase(SecretText),
    /// To `CheckPhrase`; `None` if the phrase is valid.
    PhraseChecked(Option<PhraseProblem>),
    /// To `RebuildWallet`.
    Rebuilt(Rebuilt),
    /// To `Reveal` and `RevealVersion`.
    Revealed(Credentials),
    /// To every command that writes one record.
    Saved(Saved),
    /// To `Sheet` and `NewSheet`.
    Sheet(Sheet),
    /// To `Stores`.
    Stores(Vec<StoreView>),
    /// To `SignUp`; `None` if the server does not answer.
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
    Ways(Vec<SignInMethod>),
    /// To `Hello`.
    Welcome(Welcome),
    /// To `Words`.
    Words(Vec<String>),
}

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
    /// A ceremony that the page must run now and answer with
    /// [`Command::Answer`](crate::Command::Answer).
    Ceremony {
        /// Identifies the ceremony in the answer.
        ticket: u32,
        /// The ceremony.
        ceremony: Ceremony,
    },
    /// Records have changed, so lists and details must be read again.
    Changed,
    /// The vault was locked and its keys were wiped.
    Locked(LockReason),
    /// The state of a share, after its store was asked.
    Share(ShareView),
    /// Whether this device and the server are in sync.
    Sync(SyncState),
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

/// What is known before a vault is opened.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Welcome {
    /// The vaults that this device has opened before, last used first.
    pub vaults: Vec<KnownVault>,
    /// Whether the browser has promised to keep this device's storage; `None` if unknown.
    pub persistent: Option<bool>,
}

/// Who may create a vault on this server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SignUp {
    /// Nobody.
    Closed,
    /// Everybody with an invitation code.
    Invite,
    /// Everybody.
    Open,
}

/// A vault that this device knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KnownVault {
    /// The vault.
    pub id: VaultId,
    /// Its name, as stored on this device.
    pub name: String,
    /// When it was last opened on this device, in milliseconds since 1970.
    pub last_used: u64,
}

/// An open vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Opened {
    /// The vault.
    pub id: VaultId,
    /// Its name.
    pub name: String,
    /// The number of the newest change.
    pub change: u64,
    /// The number of exchange keys.
    pub records: u32,
    /// The number of sign-in methods that count. If it is one, losing that method loses the vault.
    pub sign_in_methods: u8,
    /// Whether this device and the server are in sync.
    pub sync: SyncState,
}

/// The state that is shown before anything else on a device that does not know the vault. The
/// device can verify who signed this state, but not that it is the newest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Notice {
    /// The vault.
    pub vault: VaultId,
    /// The number of the newest change that the server returned.
    pub change: u64,
    /// When it was written by the writer's clock, in milliseconds since 1970.
    pub time: u64,
    /// The device that wrote it.
    pub device: DeviceId,
    /// The first 8 bytes of its hash as 16 hexadecimal digits, to compare with another device.
    pub fingerprint: String,
}

/// Whether this device and the server are in sync.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncState {
    /// The server has everything that this device has.
    Synced,
    /// A change is stored on this device only and will be sent.
    Waiting,
    /// The server does not answer, so this device's copy is shown.
    Offline,
    /// The session has ended. A ceremony renews it.
    SignedOut,
}

/// A page of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Page {
    /// The total number of rows that match the query.
    pub total: u32,
    /// The index of the first row of this page.
    pub offset: u32,
    /// The rows.
    pub rows: Vec<KeyRow>,
}

/// One row of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyRow {
    /// The record.
    pub id: RecordId,
    /// The exchange that the key is for.
    #[serde(with = "exchange_code")]
    pub exchange: Exchange,
    /// The label.
    pub label: String,
    /// The first and last four characters of the API key.
    pub masked: String,
    /// When it was last changed, in milliseconds since 1970.
    pub updated: u64,
}

/// An exchange key without its secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct KeyDetail {
    /// The part that the list shows.
    pub row: KeyRow,
    /// The note.
    pub note: String,
    /// When it was created, in milliseconds since 1970.
    pub created: u64,
    /// The version of the overview, which an edit must name.
    pub version: OverviewVersion,
    /// Whether it has a passphrase.
    pub has_passphrase: bool,
}

/// The version of the overview that a form was filled from. It has a number and a hash, since two
/// devices may have written the same number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OverviewVersion {
    /// The number of the version, from 1.
    pub number: u64,
    /// SHA-256 of the sealed overview.
    pub hash: [u8; 32],
}

/// A change that was saved and will not be lost.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Saved {
    /// The record. It is not the edited one if another device had changed that meanwhile and the
    /// edit was kept beside it.
    pub id: RecordId,
    /// Whether the server has it too.
    pub sync: SyncState,
}

/// Why this device refused a state that it was offered.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alarm {
    /// The state is older than the one on the recovery sheet, or does not descend from it.
    BelowSheet {
        /// The change number on the sheet.
        sheet: u64,
        /// The change number that was offered.
        offered: u64,
    },
    /// The vault signed the state, but it does not descend from the one on this device.
    Fork {
        /// The change number on this device.
        mine: u64,
        /// The change number that was offered.
        offered: u64,
    },
    /// The local copy does not match the state that it was stored with.
    LocalCopy,
    /// The state is older than one that this device has seen.
    Rollback {
        /// The change number on this device.
        mine: u64,
        /// The change number that was offered.
        offered: u64,
    },
    /// The vault did not sign the data or the state as it was offered.
    Tampered {
        /// The change number that was claimed, or 0.
        offered: u64,
    },
    /// The state requires a newer format version than this app supports.
    TooNew,
}
