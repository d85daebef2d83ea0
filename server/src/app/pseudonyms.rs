//! Pseudonyms of accounts for the log.

use crystallum_api::Id;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};

/// The number of bytes of a pseudonym.
const PSEUDONYM_BYTES: usize = 8;

/// Replaces the ids of accounts by pseudonyms. The key is random and exists only in memory, so a
/// pseudonym cannot be computed from an id. Times can still lead from one to the other: the
/// database records when a session or a commit was made.
pub(crate) struct Pseudonyms {
    key: [u8; 32],
}

impl Pseudonyms {
    /// Generates a key. Returns `None` if the system provides no randomness.
    pub(crate) fn new() -> Option<Self> {
        let mut key = [0; 32];
        getrandom::fill(&mut key).ok()?;
        Some(Self { key })
    }

    /// Returns the account's pseudonym in the log of this run.
    pub(crate) fn of(&self, account: Id) -> String {
        let hash = Sha256::new().chain_update(self.key).chain_update(account.0).finalize();
        HEXLOWER.encode(hash.get(..PSEUDONYM_BYTES).unwrap_or_default())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pseudonym_holds_for_one_run() {
        let (one, other) = (Pseudonyms::new().unwrap(), Pseudonyms::new().unwrap());
        let (anna, otto) = (Id([1; 16]), Id([2; 16]));
        assert_eq!(one.of(anna), one.of(anna));
        assert_ne!(one.of(anna), one.of(otto));
        assert_ne!(one.of(anna), other.of(anna));
        assert_eq!(one.of(anna).len(), 2 * PSEUDONYM_BYTES);
    }
}
