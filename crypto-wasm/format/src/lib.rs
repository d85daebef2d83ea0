//! The formats of a Crystallum vault as far as they need no key: ids, the encoding, leaves, the
//! tree, signed heads, and the rules for moving from one state of a vault to the next.
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
//! | hash the objects of a state | [`Leaf`](leaf::Leaf), [`LeafId`](leaf::LeafId), [`Tree`](tree::Tree) |
//! | encode and decode labelled fields | [`Encoder`](encoding::Encoder), [`Decoder`](encoding::Decoder), [`labels`] |
//! | check what a recovery code signed | [`SignIn`](recovery_login::SignIn) |
//! | know how long something may be | [`limits`] |
#![forbid(unsafe_code)]

pub mod change;
pub mod encoding;
pub mod entropy;
pub mod head;
pub mod ids;
pub mod keyslot;
pub mod labels;
pub mod leaf;
pub mod limits;
pub mod recovery_login;
#[cfg(any(test, feature = "samples"))]
pub mod samples;
pub mod state;
pub mod tree;
pub mod vault_key;
pub mod version;

#[cfg(test)]
mod tests;
