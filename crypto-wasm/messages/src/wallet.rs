//! Wallets: phrases that exist as shares on separate stores.

use serde::{Deserialize, Serialize};

use crate::{OverviewVersion, RecordId, SecretText, StoreId};

/// A new wallet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WalletDraft {
    /// What the list calls it; 1 to [`MAX_LABEL`](crate::MAX_LABEL) characters.
    pub label: String,
    /// Free text; at most [`MAX_NOTE`](crate::MAX_NOTE) bytes.
    pub note: String,
    /// The BIP-39 phrase, words in order.
    pub phrase: SecretText,
    /// How its key is split.
    pub split: Split,
}

/// How many shares there are and where they go.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// How many shares rebuild, at least 2.
    pub k: u8,
    /// One store for each share, in order; all different, at least `k`.
    pub stores: Vec<StoreId>,
}

/// A change of what a wallet is called: what is `None` stays.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WalletEdit {
    /// The record.
    pub id: RecordId,
    /// The overview version that the form was filled from.
    pub base: OverviewVersion,
    /// The new label.
    pub label: Option<String>,
    /// The new note.
    pub note: Option<String>,
}

/// One wallet in the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WalletRow {
    /// The record.
    pub id: RecordId,
    /// What it is called.
    pub label: String,
    /// Words of its phrase.
    pub words: u8,
    /// How many shares rebuild.
    pub k: u8,
    /// How many there are.
    pub n: u8,
    /// When it was last changed, in milliseconds since 1970.
    pub updated: u64,
}

/// One wallet without its phrase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WalletDetail {
    /// What the list shows.
    pub row: WalletRow,
    /// The note.
    pub note: String,
    /// When it was made, in milliseconds since 1970.
    pub created: u64,
    /// When the shares were last dealt, in milliseconds since 1970.
    pub dealt: u64,
    /// Which dealing this is, from 1.
    pub epoch: u32,
    /// The overview's version, to be given back with an edit.
    pub version: OverviewVersion,
    /// Its shares by index.
    pub shares: Vec<ShareView>,
}

/// One share and the store that should hold it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShareView {
    /// Which share, from 1.
    pub index: u8,
    /// Its store.
    pub store: StoreId,
    /// The store's number as people see it, from 1; 0 when the server does not list it.
    pub number: u8,
    /// What is known of it.
    pub state: ShareState,
}

/// What is known of a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ShareState {
    /// Read and verified on this device.
    Good,
    /// The store says that it holds exactly what it was given.
    Held,
    /// The store does not have it.
    Missing,
    /// The store does not answer.
    Unreachable,
    /// Nobody has asked.
    Unknown,
    /// What the store has is not what it was given: altered, older, cut, or another share.
    Wrong,
}

/// A store that can take shares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreView {
    /// The store.
    pub id: StoreId,
    /// Its number as people see it, from 1.
    pub number: u8,
    /// Where it is.
    pub place: StorePlace,
    /// Whether it can be used now.
    pub available: bool,
}

/// Where a store is, as far as the server says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StorePlace {
    /// A file on the server's own machine: it protects against damaged files only.
    SameMachine,
}

/// A phrase that was rebuilt, with what was seen on the way.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rebuilt {
    /// The phrase, words in order.
    pub phrase: SecretText,
    /// Every share that was asked for.
    pub shares: Vec<ShareView>,
}

/// Why a text is no BIP-39 phrase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PhraseProblem {
    /// The words are known but do not belong together: one is wrong or two are swapped.
    Checksum,
    /// Not 12, 15, 18, 21 or 24 words.
    Count {
        /// How many there are.
        found: u32,
    },
    /// A word that is not in the list.
    Word {
        /// Which one, from 1.
        position: u32,
    },
}
