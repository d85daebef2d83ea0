//! Formats, keys, sealing, records, tree and heads of a Crystallum vault. No I/O, no clock, no randomness of its own.
//!
//! `FORMAT.md` beside this crate is the specification; every module here is one of its sections.
//!
//! | need | take |
//! | --- | --- |
//! | make or open a way in | [`PrfOutput`], [`KeyEncryptionKey`], [`Wrap`] |
//! | keys of an open vault | [`Root::unlock`] → [`VaultKeys`], [`VaultSigner`] |
//! | seal or open a record | [`Overview`], [`Secret`], [`RecordContext`], [`VaultKeys`] |
//! | know what a state contains | [`VaultState`], [`Leaf`], [`Tree`] |
//! | sign and verify states | [`HeadBody`], [`SignedHead`], [`VaultState::genesis`], [`VaultState::advance`] |
#![forbid(unsafe_code)]

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
mod seal;
mod state;
mod tree;

pub use encoding::Malformed;
pub use head::{HeadBody, Op, SignedHead, Unverified};
pub use ids::{DeviceId, RecordId, SlotId, VaultId};
pub use keys::{ColdRoot, Entropy, Root, VaultKeys, VaultSigner, VaultVerifier};
pub use keyslot::{KeyEncryptionKey, PrfOutput, PrfRejected, Scope, SlotContext, SlotKind, Wrap, prf_input};
pub use leaf::{DeviceLeaf, KeyslotLeaf, Leaf, LeafId, RecordLeaf, blob_hash};
pub use record::{Environment, ExchangeCode, KeyOverview, KeySecret, Overview, RecordContext, Secret};
pub use seal::{Blob, NotOpened};
pub use state::{Change, Refused, VaultState};
pub use tree::Tree;

/// The format that this crate writes, and the highest it reads.
pub const FORMAT: u8 = 1;
/// AES-256-GCM, HKDF-SHA256, Ed25519.
pub const SUITE: u8 = 1;
/// The first value of `min format` and `max format`: a genesis has it, a device reads at least it.
pub const FIRST_FORMAT: u16 = 1;
/// `min format` of the heads that this crate writes, and the highest it reads.
pub const MAX_FORMAT: u16 = 1;
/// The first key epoch.
pub const FIRST_EPOCH: u32 = 1;

#[cfg(test)]
mod tests;
