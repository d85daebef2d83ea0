//! The cryptographic core of a Crystallum vault: formats, keys, sealing, records, the tree of a
//! state and the signed heads over it. The crate does no I/O, reads no clock and takes all
//! randomness from its caller through [`Entropy`].
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
//! | sign and verify states | [`HeadBody`], [`SignedHead`], [`VaultState::genesis`], [`VaultState::advance`] |
#![forbid(unsafe_code)]

mod base32;
mod encoding;
#[doc(hidden)]
pub mod fuzz;
mod head;
mod ids;
mod keys;
mod keyslot;
mod labels;
mod leaf;
mod record;
mod recovery;
mod seal;
mod sheet;
mod state;
mod tree;
mod wallet;

pub use crystallum_exchanges::Exchange;
pub use encoding::Malformed;
pub use head::{HeadBody, Op, SignedHead, Unverified};
pub use ids::{DeviceId, RecordId, ShareId, ShareSetId, SlotId, StoreId, VaultId};
pub use keys::{ColdRoot, Entropy, Root, StoreKeys, VaultKeys, VaultSigner, VaultVerifier};
pub use keyslot::{
    KeyEncryptionKey, Opener, PrfOutput, PrfRejected, Scope, SlotContext, SlotKind, Wrap, prf_input,
};
pub use leaf::{DeviceLeaf, KeyslotLeaf, Leaf, LeafId, RecordLeaf, ShareLeaf, blob_hash};
pub use record::{
    Environment, KeyOverview, KeySecret, Overview, RecordContext, Secret, SignInMethodOverview,
    WalletOverview,
};
pub use recovery::{CodeRejected, Purpose, RecoveryCode, SignIn, lookup_hash};
pub use seal::{Blob, NotOpened};
pub use sheet::{SheetFloor, parse_sheet, sheet_text};
pub use state::{Change, Refused, VaultState};
pub use tree::Tree;
pub use wallet::{
    CombineFailed, Combined, DealtShare, Language, Phrase, SealedPhrase, SealedShare, WalletContext,
    WalletKey,
};

/// The format version that this crate writes, and the highest that it reads.
pub const FORMAT: u8 = 1;
/// The cipher suite: AES-256-GCM, HKDF-SHA256 and Ed25519.
pub const SUITE: u8 = 1;
/// The lowest format version: every genesis head requires it and every device reads at least this.
pub const FIRST_FORMAT: u16 = 1;
/// The `min format` of the heads that this crate writes, and the highest that it reads.
pub const MAX_FORMAT: u16 = 1;
/// The key epoch of a new vault.
pub const FIRST_EPOCH: u32 = 1;

#[cfg(test)]
mod tests;
