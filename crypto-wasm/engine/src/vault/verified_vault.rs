//! A vault without its keys.

use crystallum_core::{VaultId, VaultState};

use crate::vault::objects::Objects;

/// A verified state with its ciphertext, which takes no key to read.
pub(crate) struct VerifiedVault {
    pub(crate) state: VaultState,
    pub(crate) objects: Objects,
}

impl VerifiedVault {
    pub(crate) fn id(&self) -> VaultId {
        self.state.head().body().vault
    }

    /// Returns whether this is what is stored under `head`.
    pub(crate) fn is_at(&self, head: &[u8]) -> bool {
        self.state.head().to_bytes() == head
    }
}
