//! Exchange keys and the earlier versions of their secrets.

use crystallum_exchanges::{Exchange, Field};
use serde::{Deserialize, Serialize};

use crate::exchange::exchange_code;
use crate::failures::{ServerFailure, VaultFailure, failures};
use crate::ids::{DeviceId, RecordId};
use crate::impossible::ImpossibleState;
use crate::records::{OverviewVersion, Saved, UnreadableRow};
use crate::secret::SecretText;

/// The commands about exchange keys. The reply to each is named after the arrow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Stores a new exchange key -> [`Saved`](Reply::Saved).
    Add(KeyDraft),
    /// Changes an exchange key -> [`Saved`](Reply::Saved).
    Edit(KeyEdit),
    /// Returns the rows of the list that contain every word of `query`, in label order ->
    /// [`Page`](Reply::Page).
    List {
        /// The words to find in label, note, exchange and masked key; empty for all rows.
        query: String,
        /// The first row.
        offset: u32,
        /// The number of rows, at most 200.
        limit: u32,
    },
    /// Returns an exchange key without its secret -> [`Detail`](Reply::Detail).
    Open {
        /// The record.
        id: RecordId,
    },
    /// Returns the records of any kind that this device cannot read ->
    /// [`Unreadable`](Reply::Unreadable).
    ListUnreadable,
    /// Writes an earlier secret as the newest version -> [`Saved`](Reply::Saved).
    RestoreVersion {
        /// The record.
        id: RecordId,
        /// The version.
        number: u64,
    },
    /// Returns an exchange key's secret -> [`Revealed`](Reply::Revealed).
    Reveal {
        /// The record.
        id: RecordId,
    },
    /// Returns an earlier secret of an exchange key -> [`Revealed`](Reply::Revealed).
    RevealVersion {
        /// The record.
        id: RecordId,
        /// The version.
        number: u64,
    },
    /// Returns the known versions of an exchange key's secret ->
    /// [`Versions`](Reply::Versions).
    Versions {
        /// The record.
        id: RecordId,
    },
}

/// The replies about exchange keys.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// To `Open`.
    Detail(KeyDetail),
    /// To `List`.
    Page(Page),
    /// To `Reveal` and `RevealVersion`.
    Revealed(Credentials),
    /// The record was written.
    Saved(Saved),
    /// To `ListUnreadable`.
    Unreadable(Vec<UnreadableRow>),
    /// To `Versions`, newest first.
    Versions(Vec<Version>),
}

failures! {
    /// Why a command about exchange keys failed.
    Failure {
        FieldRejected(field: Field),
        LabelRejected,
        NoSuchVersion,
        NoteRejected,
    }
    includes Vault(VaultFailure) and through it ImpossibleState, ServerFailure;
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

/// The credentials of an exchange key. [`Exchange::fields`](crystallum_exchanges::Exchange::fields)
/// returns the fields that an exchange uses.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Credentials {
    /// The API key, or Coinbase's key name.
    pub api_key: SecretText,
    /// The API secret, or a private key as PEM.
    pub api_secret: SecretText,
    /// The passphrase, if the exchange uses one.
    pub passphrase: Option<SecretText>,
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
    /// The code of the exchange, if this version does not know it. `exchange` is then
    /// [`Exchange::Other`].
    pub unknown_exchange: Option<String>,
    /// The label.
    pub label: String,
    /// The first and last four characters of the API key.
    pub masked: String,
    /// When it was last changed, in milliseconds since 1970.
    pub updated: u64,
}

impl KeyRow {
    /// Returns the name of the exchange, or its code if this version does not know it.
    pub fn exchange_name(&self) -> &str {
        self.unknown_exchange.as_deref().unwrap_or(self.exchange.name())
    }
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

/// One version of a record's secret.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Version {
    /// The number of the version, from 1.
    pub number: u64,
    /// When it was written by the writer's clock, in milliseconds since 1970. A device does not
    /// know this of what was written before it joined.
    pub time: Option<u64>,
    /// The device that wrote it, if it is known.
    pub device: Option<DeviceId>,
    /// Whether it is the current version.
    pub current: bool,
}
