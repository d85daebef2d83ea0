//! The open vault: its keys, verified state, ciphertext, lists and pending write.

pub(crate) mod catalogue;
pub(crate) mod history;
pub(crate) mod index;
pub(crate) mod objects;
pub(crate) mod open_vault;
pub(crate) mod pending;
