//! The cryptographic core of a Crystallum vault: everything that holds a key. It seals and opens
//! records, wraps roots in keyslots, splits wallets into shares and signs heads. The crate does no
//! I/O, reads no clock and takes all randomness from its caller through [`Entropy`].
//!
//! What needs no key (ids, leaves, the tree, heads, states and their rules) is in
//! `crystallum-format`. This crate exports those types too, so that its users need only one crate.
//!
//! `FORMAT.md` beside this crate is the specification; each module implements one of its sections.
//!
//! | to | use |
//! | --- | --- |
//! | make or open a sign-in method's keyslots | [`PrfOutput`], [`RecoveryCode`], [`KeyEncryptionKey`], [`Wrap`] |
//! | read or make a recovery sheet | [`parse_sheet`], [`sheet_text`] |
//! | derive the keys of an open vault | [`Root::unlock`] → [`VaultKeys`], [`VaultSigner`] |
//! | seal or open a record | [`Overview`], [`Secret`], [`RecordContext`], [`VaultKeys`] |
//! | split or open a wallet | [`WalletKey`], [`DealtShare`], [`SealedShare`], [`Phrase`], [`ColdRoot::store_keys`] |
//! | read what a state contains | [`VaultState`], [`Leaf`], [`Tree`] |
//! | sign and verify states | [`HeadBody`], [`VaultSigner::sign_head`], [`VaultState::genesis`], [`VaultState::advance`] |
//!
//! # Example
//!
//! ```
//! use crystallum_core::{Environment, FIRST_EPOCH, Overview, RecordContext, RecordId, Root, VaultId};
//! # struct Counter(u8);
//! # impl crystallum_core::Entropy for Counter {
//! #     fn fill(&mut self, out: &mut [u8]) {
//! #         for byte in out { *byte = self.0; self.0 = self.0.wrapping_add(1); }
//! #     }
//! # }
//! # let mut entropy = Counter(1);
//! // `entropy` is the generator of the browser or the operating system.
//! let vault = VaultId::random(&mut entropy);
//! let (keys, _signer) = Root::random(&mut entropy).unlock(vault, FIRST_EPOCH);
//!
//! let record = RecordId::random(&mut entropy);
//! let context = RecordContext { record, version: 1, environment: Environment::Real };
//! let profile = Overview::Profile { name: "Savings".to_owned() };
//! let blob = keys.seal_overview(context, &profile, &mut entropy)?;
//!
//! assert!(keys.open_overview(context, &blob)? == profile);
//! // A server that offers the blob as another version is found out.
//! assert!(keys.open_overview(RecordContext { version: 2, ..context }, &blob).is_err());
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

mod base32;
mod draft;
mod environment;
#[cfg(feature = "fuzzing")]
pub mod fuzz;
mod key;
mod keys;
mod keyslot;
mod record;
mod recovery;
mod seal;
mod sheet;
mod snapshot;
mod wallet;

pub use crystallum_exchanges::Exchange;
pub use crystallum_format::change::Change;
pub use crystallum_format::defence::Defence;
pub use crystallum_format::encoding::Malformed;
pub use crystallum_format::entropy::Entropy;
pub use crystallum_format::head::{HeadBody, HeadRejected, InvalidSignature, NewerHead, Op, SignedHead};
pub use crystallum_format::history::History;
pub use crystallum_format::ids::{
    DeviceId, MethodId, RecordId, ShareId, ShareSetId, SlotId, StoreId, VaultId,
};
pub use crystallum_format::keyslot::{Scope, SlotKind};
pub use crystallum_format::leaf::{
    DeviceLeaf, KeyslotLeaf, Leaf, LeafId, RecordLeaf, ShareLeaf, blob_hash, copy_id,
};
pub use crystallum_format::limits;
pub use crystallum_format::recovery_login::{Purpose, SignIn, lookup_hash};
pub use crystallum_format::state::{HeadRefused, VaultState};
pub use crystallum_format::tree::Tree;
pub use crystallum_format::vault_key::VaultVerifier;
pub use crystallum_format::vault_login::VaultLogin;
pub use crystallum_format::version::{FIRST_EPOCH, FIRST_FORMAT, FORMAT, MAX_FORMAT, SUITE};

pub use environment::Environment;
pub use keys::{ColdRoot, Root, StoreKeys, VaultKeys, VaultSigner};
pub use keyslot::wrap::{Opener, Wrap};
pub use keyslot::{KeyEncryptionKey, PasskeyRejected, PrfOutput, PrfRejected, SlotContext, prf_input};
pub use record::content::{Overview, Secret};
pub use record::device::DeviceOverview;
pub use record::exchange_code::ExchangeCode;
pub use record::key::{EarlierSecret, KeyOverview, KeySecret};
pub use record::sign_in_method::SignInMethodOverview;
pub use record::tags::Tags;
pub use record::wallet::WalletOverview;
pub use record::{PartUnreadable, RecordContext};
pub use recovery::RecoveryCode;
pub use recovery::text::CodeRejected;
pub use seal::{Blob, NotOpened};
pub use sheet::{SheetFloor, parse_sheet, sheet_text};
pub use snapshot::OverviewSnapshot;
pub use wallet::combine::{CombineError, Combined};
pub use wallet::context::WalletContext;
pub use wallet::key::WalletKey;
pub use wallet::phrase::{Language, Phrase, SealedPhrase};
pub use wallet::share::{DealtShare, SealedShare};

#[cfg(test)]
mod tests;
