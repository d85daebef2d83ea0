//! Wallets: recovery phrases whose key exists only as shares on separate stores.

use serde::{Deserialize, Serialize};

use crate::failures::{CeremonyFailure, ServerFailure, VaultFailure, failures};
use crate::ids::{RecordId, StoreId};
use crate::impossible::ImpossibleState;
use crate::records::{OverviewVersion, Saved};
use crate::secret::SecretText;
use crate::shares::ShareView;
use crate::typed_text::PhraseProblem;

/// The largest number of shares of a wallet.
pub const MAX_SHARES: usize = 16;

/// The commands about wallets. The reply to each is named after the arrow.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Command {
    /// Splits a phrase into shares, writes them to their stores and stores the wallet. Runs one
    /// ceremony -> [`Saved`](Reply::Saved).
    Add(WalletDraft),
    /// Asks every store of a wallet what it holds, without rebuilding the phrase ->
    /// [`Wallet`](Reply::Wallet).
    Check {
        /// The record.
        id: RecordId,
    },
    /// Checks whether a text is a BIP-39 phrase -> [`PhraseChecked`](Reply::PhraseChecked).
    CheckPhrase {
        /// The typed text.
        phrase: SecretText,
    },
    /// Changes the label and the note of a wallet -> [`Saved`](Reply::Saved).
    Edit(WalletEdit),
    /// Generates a phrase without storing it -> [`Phrase`](Reply::Phrase).
    GeneratePhrase {
        /// The number of words: 12, 15, 18, 21 or 24.
        words: u8,
    },
    /// Returns every wallet -> [`Wallets`](Reply::Wallets).
    List,
    /// Returns a wallet without its phrase -> [`Wallet`](Reply::Wallet).
    Open {
        /// The record.
        id: RecordId,
    },
    /// Collects shares and rebuilds the phrase. Runs one ceremony and sends an
    /// [`Event::Share`](crate::Event::Share) for each share -> [`Rebuilt`](Reply::Rebuilt)
    /// or `SharesMissing`.
    Rebuild {
        /// The record.
        id: RecordId,
    },
    /// Reshares a wallet, possibly with another threshold or other stores. Runs one ceremony ->
    /// [`Saved`](Reply::Saved).
    Reshare {
        /// The record.
        id: RecordId,
        /// The threshold and the stores of the new shares.
        split: Split,
    },
    /// Returns the stores that can hold shares -> [`Stores`](Reply::Stores).
    Stores,
    /// Returns at most 6 words of the BIP-39 list that start with a prefix ->
    /// [`Words`](Reply::Words).
    SuggestWords {
        /// The prefix, at least one letter.
        prefix: String,
    },
}

/// The replies about wallets.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Reply {
    /// To `GeneratePhrase`.
    Phrase(SecretText),
    /// To `CheckPhrase`; `None` if the phrase is valid.
    PhraseChecked(Option<PhraseProblem>),
    /// To `Rebuild`.
    Rebuilt(Rebuilt),
    /// The record was written.
    Saved(Saved),
    /// To `Stores`.
    Stores(Vec<StoreView>),
    /// To `Open` and `Check`.
    Wallet(WalletDetail),
    /// To `List`, by label.
    Wallets(Vec<WalletRow>),
    /// To `SuggestWords`.
    Words(Vec<String>),
}

failures! {
    /// Why a command about wallets failed.
    Failure {
        LabelRejected,
        NoteRejected,
        PhraseRejected(problem: PhraseProblem),
        SharesMissing { have: u8, need: u8, shares: Vec<ShareView> },
        SplitRejected,
        StoreFailed { number: u8 },
    }
    includes Ceremony(CeremonyFailure);
    includes Vault(VaultFailure) and through it ImpossibleState, ServerFailure;
}

/// A new wallet.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WalletDraft {
    /// The label, 1 to [`MAX_LABEL`](crate::MAX_LABEL) characters.
    pub label: String,
    /// A free text, at most [`MAX_NOTE`](crate::MAX_NOTE) bytes.
    pub note: String,
    /// The words of the BIP-39 phrase, in order.
    pub phrase: SecretText,
    /// How to split its key.
    pub split: Split,
}

/// The threshold of a split, and the stores of its shares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Split {
    /// The threshold: how many shares rebuild the key, at least 2.
    pub k: u8,
    /// One store for each share in the order of their indices: at least `k`, all different.
    pub stores: Vec<StoreId>,
}

/// A change of a wallet's label and note. What is `None` stays as it is.
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
    /// Its label.
    pub label: String,
    /// The number of words in its phrase.
    pub words: u8,
    /// The threshold: how many shares rebuild the key.
    pub k: u8,
    /// The number of shares.
    pub n: u8,
    /// When it was last changed, in milliseconds since 1970.
    pub updated: u64,
}

/// One wallet without its phrase.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WalletDetail {
    /// The part that the list shows.
    pub row: WalletRow,
    /// The note.
    pub note: String,
    /// When it was created, in milliseconds since 1970.
    pub created: u64,
    /// When the shares were last dealt, in milliseconds since 1970.
    pub dealt: u64,
    /// The number of the dealing, from 1.
    pub epoch: u32,
    /// The version of the overview, which an edit must name.
    pub version: OverviewVersion,
    /// Its shares by index.
    pub shares: Vec<ShareView>,
}

/// A store that can take shares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StoreView {
    /// The store.
    pub id: StoreId,
    /// Its number as the user sees it, from 1.
    pub number: u8,
    /// Where the store is.
    pub location: StoreLocation,
    /// Whether the store can be used now.
    pub available: bool,
}

/// Where a store is, according to the server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StoreLocation {
    /// The store is a file on the server's own machine. It protects against damaged files only.
    SameMachine,
}

/// A rebuilt phrase, and the state of its shares.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Rebuilt {
    /// The words of the phrase, in order.
    pub phrase: SecretText,
    /// The state of every share.
    pub shares: Vec<ShareView>,
}
