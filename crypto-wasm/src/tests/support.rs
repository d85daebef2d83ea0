//! Fixed randomness, and keys for the sample vault.

use aes_gcm::aead::AeadInOut;
use aes_gcm::{Aes256Gcm, KeyInit, Nonce};
use crystallum_format::encoding::Encoder;
pub(crate) use crystallum_format::samples::*;
use proptest::prelude::ProptestConfig;
use proptest::test_runner::{RngAlgorithm, RngSeed};
use sha2::{Digest, Sha256};

use crate::key::Key;
use crate::{
    ColdRoot, Entropy, Environment, FIRST_EPOCH, Root, StoreKeys, VaultKeys, VaultSigner, WalletContext,
};

/// Bytes that look random and are the same in every run: SHA-256 over a seed and a count.
pub(crate) struct Fixed {
    seed: u64,
    count: u64,
}

impl Fixed {
    pub(crate) fn new(seed: u64) -> Self {
        Self { seed, count: 0 }
    }
}

impl Entropy for Fixed {
    fn fill(&mut self, out: &mut [u8]) {
        for chunk in out.chunks_mut(32) {
            self.count += 1;
            let block = Sha256::new()
                .chain_update(self.seed.to_be_bytes())
                .chain_update(self.count.to_be_bytes())
                .finalize();
            chunk.copy_from_slice(&block[..chunk.len()]);
        }
    }
}

/// A source that returns these bytes in order, and no more.
pub(crate) struct Given(pub(crate) Vec<u8>);

impl Entropy for Given {
    fn fill(&mut self, out: &mut [u8]) {
        let rest = self.0.split_off(out.len());
        out.copy_from_slice(&self.0);
        self.0 = rest;
    }
}

/// A source that is stuck at one byte.
pub(crate) struct Stuck(pub(crate) u8);

impl Entropy for Stuck {
    fn fill(&mut self, out: &mut [u8]) {
        out.fill(self.0);
    }
}

pub(crate) fn key(byte: u8) -> Key {
    Key::from_slice(&[byte; 32]).expect("32 bytes")
}

/// Returns a dealing of the sample wallet.
pub(crate) fn wallet_context(k: u8, n: u8) -> WalletContext {
    WalletContext {
        vault: VAULT,
        epoch: FIRST_EPOCH,
        record: WALLET,
        set: SET,
        share_epoch: 1,
        k,
        n,
        environment: Environment::Real,
    }
}

/// Returns the keys of the store of share `index` under the cold root of 32 times 2.
pub(crate) fn store_keys(index: u8) -> StoreKeys {
    ColdRoot(key(2)).store_keys(VAULT, FIRST_EPOCH, store(index))
}

/// Keys of the sample vault; every root is 32 times one byte.
pub(crate) fn unlock(root: u8) -> (VaultKeys, VaultSigner) {
    Root(key(root)).unlock(VAULT, FIRST_EPOCH)
}

/// Seals a blob by FORMAT.md alone. The caller chooses label, associated data, salt, content and
/// class, which need not be valid.
pub(crate) fn raw_seal(
    key: &Key,
    label: &str,
    place: &[(u8, &[u8])],
    salt: &[u8; 32],
    content: &[u8],
    class: usize,
) -> Vec<u8> {
    let mut padded = u32::try_from(content.len()).expect("short").to_be_bytes().to_vec();
    padded.extend_from_slice(content);
    padded.resize(class, 0);
    raw_seal_padded(key, label, place, salt, padded)
}

/// Like [`raw_seal`], for a plaintext that is already padded.
pub(crate) fn raw_seal_padded(
    key: &Key,
    label: &str,
    place: &[(u8, &[u8])],
    salt: &[u8; 32],
    mut padded: Vec<u8>,
) -> Vec<u8> {
    let fields =
        place.iter().fold(Encoder::new(label).field(1, salt), |all, (tag, value)| all.field(*tag, value));
    let okm = key.expand::<64>(&fields.finish());
    let cipher = Aes256Gcm::new_from_slice(&okm[..32]).expect("32 bytes");
    let tag = cipher
        .encrypt_inout_detached(&Nonce::default(), b"", padded.as_mut_slice().into())
        .expect("far below the cipher's limit");
    [[1, 1].as_slice(), salt, &okm[32..], &padded, &tag].concat()
}

/// Returns the seed in `CRYSTALLUM_SEED`, or else a constant, so that a failure can be repeated.
pub(crate) fn seed() -> u64 {
    let seed = std::env::var("CRYSTALLUM_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(2);
    println!("seed {seed}");
    seed
}

/// Returns whether this is a long run.
pub(crate) fn deep() -> bool {
    std::env::var_os("CRYSTALLUM_DEEP").is_some()
}

/// Configures the runner of property tests with the seed.
pub(crate) fn config() -> ProptestConfig {
    ProptestConfig {
        cases: 256,
        failure_persistence: None,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(seed()),
        ..ProptestConfig::default()
    }
}

#[test]
fn the_sample_vault_has_the_keys_of_its_roots() {
    for root in [1, 2] {
        assert_eq!(unlock(root).1.verifier(), vault_verifier(root));
    }
}
