use std::env;

use crystallum_api::Id;
use sha2::{Digest, Sha256};

/// A random number generator seeded with the seed of the run (`CRYSTALLUM_SEED`, or 1) and a name.
pub(crate) struct SeededRng {
    seed: String,
    draws: u64,
}

impl SeededRng {
    pub(crate) fn new(name: &str) -> Self {
        let seed = env::var("CRYSTALLUM_SEED").unwrap_or_else(|_| "1".to_owned());
        Self { seed: format!("{seed}\n{name}"), draws: 0 }
    }

    pub(crate) fn bytes(&mut self) -> [u8; 32] {
        self.draws += 1;
        Sha256::digest(format!("{}\n{}", self.seed, self.draws)).into()
    }

    pub(crate) fn id(&mut self) -> Id {
        Id(*self.bytes().first_chunk().unwrap())
    }

    /// Returns a number below `limit`.
    pub(crate) fn below(&mut self, limit: u64) -> u64 {
        u64::from_be_bytes(*self.bytes().first_chunk().unwrap()) % limit
    }

    /// Returns bytes in place of a sealed blob.
    pub(crate) fn blob(&mut self, length: usize) -> Vec<u8> {
        let piece = self.bytes();
        piece.iter().copied().cycle().take(length).collect()
    }
}

/// Returns whether the long tests were requested.
pub(crate) fn deep() -> bool {
    env::var_os("CRYSTALLUM_DEEP").is_some()
}
