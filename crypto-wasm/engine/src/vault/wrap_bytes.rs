//! The stored bytes of keyslots.

use crystallum_core::{KeyslotLeaf, Wrap, blob_hash};

/// The bytes of a wrap, which have the hash in the keyslot's leaf. They are read when the slot is
/// opened, or when it is asked whom it is for, and not before: the leaf says nothing about what has
/// this hash, so a wrap that nobody can read concerns its own sign-in method and nothing else.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct WrapBytes(Vec<u8>);

impl WrapBytes {
    pub(crate) fn from_bytes(bytes: Vec<u8>) -> Self {
        Self(bytes)
    }

    pub(crate) fn as_bytes(&self) -> &[u8] {
        &self.0
    }

    pub(crate) fn hash(&self) -> [u8; 32] {
        blob_hash(&self.0)
    }

    /// Reads the wrap. Returns `None` if it cannot be read or is of another kind than its leaf.
    pub(crate) fn read(&self, leaf: &KeyslotLeaf) -> Option<Wrap> {
        Wrap::from_bytes(&self.0).ok().filter(|wrap| wrap.kind() == leaf.kind)
    }
}

impl From<&Wrap> for WrapBytes {
    fn from(wrap: &Wrap) -> Self {
        Self(wrap.to_bytes())
    }
}
