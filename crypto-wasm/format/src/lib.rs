//! The part of a Crystallum vault's formats that needs no key: ids, the encoding, leaves, the tree,
//! signed heads, and the rules for moving from one state of a vault to the next.
//!
//! The crate verifies signatures and names public keys. It holds no secret key and contains neither
//! a cipher nor a key derivation, so whoever depends on it alone (the server) can check a vault's
//! history but not open a record. Everything that holds a key is in `crystallum-core`.
//!
//! `../FORMAT.md` is the specification; each module implements one of its sections.
//!
//! | to | use |
//! | --- | --- |
//! | read and verify a head | [`SignedHead`](head::SignedHead), [`HeadBody`](head::HeadBody) |
//! | follow the history of a vault | [`VaultState::genesis`](state::VaultState::genesis), [`VaultState::advance`](state::VaultState::advance), [`Change`](change::Change) |
//! | keep the history of heads | [`History`](history::History) |
//! | hash the objects of a state | [`Leaf`](leaf::Leaf), [`LeafId`](leaf::LeafId), [`Tree`](tree::Tree) |
//! | encode and decode labelled fields | [`Encoder`](encoding::Encoder), [`Decoder`](encoding::Decoder), [`labels`] |
//! | check what a recovery code signed | [`SignIn`](recovery_login::SignIn) |
//! | know how long something may be | [`limits`] |
//! | carry out a check that tests may switch off | [`Defence`](defence::Defence) |
//!
//! # Example
//!
//! A vault's first head, as its first device signs it and every later one verifies it:
//!
//! ```
//! # use crystallum_format::{change::Change, head::SignedHead, ids::*, keyslot::*, leaf::*};
//! # use crystallum_format::{state::{HeadRefused, VaultState}, vault_key::VaultVerifier};
//! # use p256::ecdsa::signature::Signer;
//! # let vault_signer = ed25519_dalek::SigningKey::from_bytes(&[1; 32]);
//! # let device_signer = p256::ecdsa::SigningKey::from_slice(&[2; 32])?;
//! # let device_key = device_signer.verifying_key().to_sec1_point(false).as_bytes().try_into()?;
//! # let vault_key = VaultVerifier::from_bytes(vault_signer.verifying_key().to_bytes());
//! let (vault, device) = (VaultId::new([3; 16]), DeviceId::new([4; 16]));
//! let method = MethodId::new([7; 16]);
//! let (root, cold) = (SlotId::new([5; 16]), SlotId::new([6; 16]));
//! let slot = |scope| KeyslotLeaf {
//!     method,
//!     kind: SlotKind::Passkey,
//!     scope,
//!     wrap_hash: blob_hash(b"a wrap"),
//! };
//! // The profile's record has the vault's id.
//! let profile = RecordLeaf {
//!     overview_version: 1,
//!     overview_hash: blob_hash(b"a sealed name"),
//!     secret_version: 1,
//!     secret_hash: blob_hash(b"sealed nothing"),
//! };
//! let changes = [
//!     Change::Device(device, DeviceLeaf { key: device_key, max_format: 1, added_by: method }),
//!     Change::Keyslot(root, slot(Scope::Root)),
//!     Change::Keyslot(cold, slot(Scope::Cold)),
//!     Change::Record(RecordId::new(*vault.as_bytes()), profile),
//! ];
//! let body = VaultState::genesis_body(vault, vault_key, device, &changes, 1_760_000_000_000)?;
//!
//! // Both keys sign it; neither is known to this crate.
//! let device_signature: p256::ecdsa::Signature = device_signer.sign(&body.message());
//! let vault_signature = vault_signer.sign(&body.message()).to_bytes();
//! let head = SignedHead::new(body, vault_signature, device_signature.to_bytes().into());
//!
//! let state = VaultState::genesis(vault, SignedHead::from_bytes(&head.to_bytes())?, &changes)?;
//! assert_eq!(state.head().body().counter, 1);
//! // Whoever leaves a change out is found out.
//! let without_profile = VaultState::genesis(vault, head, &changes[..3]);
//! assert_eq!(without_profile.err(), Some(HeadRefused::ForbiddenChanges));
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```
#![forbid(unsafe_code)]

pub mod change;
pub mod defence;
pub mod encoding;
pub mod entropy;
pub mod head;
pub mod history;
pub mod ids;
pub mod keyslot;
pub mod labels;
pub mod leaf;
pub mod limits;
pub mod recovery_login;
#[cfg(any(test, feature = "samples"))]
pub mod samples;
mod shared_map;
pub mod state;
pub mod tree;
pub mod vault_key;
pub mod vault_login;
pub mod version;

#[cfg(test)]
mod tests;
