//! The key schedule (FORMAT.md, section 2). Every key has its own type. A key either derives other
//! keys or seals blobs, never both.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::encoding::Encoder;
use crate::labels;
use crate::seal::SealingKey;
use crate::{DeviceId, RecordId, ShareId, ShareSetId, SlotId, StoreId, VaultId};

/// A source of random bytes: the generator of the operating system or the browser.
pub trait Entropy {
    /// Fills `out` with random bytes. Does not return if it cannot.
    fn fill(&mut self, out: &mut [u8]);
}

/// Ids that clients generate.
macro_rules! random_id {
    ($($name:ident)*) => {$(
        impl $name {
            /// Generates a random id.
            pub fn random(entropy: &mut impl Entropy) -> Self {
                let mut id = [0; 16];
                entropy.fill(&mut id);
                Self::new(id)
            }
        }
    )*};
}
random_id! { DeviceId RecordId ShareId ShareSetId SlotId VaultId }

/// 32 uniform secret bytes, wiped when dropped.
#[derive(Clone)]
pub(crate) struct Key(Zeroizing<[u8; 32]>);

impl Key {
    pub(crate) fn random(entropy: &mut impl Entropy) -> Self {
        let mut key = Zeroizing::new([0; 32]);
        entropy.fill(key.as_mut_slice());
        Self(key)
    }

    pub(crate) fn from_slice(bytes: &[u8]) -> Option<Self> {
        let mut key = Zeroizing::new([0; 32]);
        if bytes.len() != key.len() {
            return None;
        }
        key.copy_from_slice(bytes);
        Some(Self(key))
    }

    /// `HKDF-Expand(self, info, N)` of RFC 5869. `N` is 32 or 64 here.
    pub(crate) fn expand<const N: usize>(&self, info: &[u8]) -> Zeroizing<[u8; N]> {
        let mut out = Zeroizing::new([0; N]);
        Hkdf::<Sha256>::from_prk(self.0.as_slice())
            .expect("32 bytes are a full hash")
            .expand(info, out.as_mut_slice())
            .expect("N is far below 255 hashes");
        out
    }

    /// Returns the bytes. This is the only way to read them.
    pub(crate) fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    pub(crate) fn derive(&self, label: &str, vault: VaultId, epoch: u32) -> Self {
        let info = Encoder::new(label).field(1, vault.as_bytes()).field(2, &epoch.to_be_bytes()).finish();
        Self(self.expand(&info))
    }
}

/// The root key of a vault, from which everything but wallets derives. It is in memory only while a
/// vault is being created or opened.
pub struct Root(pub(crate) Key);

/// The root key for wallets, which every sign-in method wraps beside the [`Root`]. The keys for the
/// share stores derive from it.
pub struct ColdRoot(pub(crate) Key);

impl Root {
    /// Generates the root of a new vault.
    pub fn random(entropy: &mut impl Entropy) -> Self {
        Self(Key::random(entropy))
    }

    /// Derives the keys of an open vault and wipes the root.
    pub fn unlock(self, vault: VaultId, epoch: u32) -> (VaultKeys, VaultSigner) {
        let items = self.0.derive(labels::DERIVE_ITEMS, vault, epoch);
        let keys = VaultKeys {
            vault,
            epoch,
            overview: SealingKey::new(items.derive(labels::DERIVE_OVERVIEW, vault, epoch)),
            secret: SealingKey::new(items.derive(labels::DERIVE_SECRET, vault, epoch)),
        };
        let seed = self.0.derive(labels::DERIVE_MANIFEST, vault, epoch);
        (keys, VaultSigner(SigningKey::from_bytes(seed.expose())))
    }
}

impl ColdRoot {
    /// Generates the cold root of a new vault.
    pub fn random(entropy: &mut impl Entropy) -> Self {
        Self(Key::random(entropy))
    }

    /// Derives the keys for one share store.
    pub fn store_keys(&self, vault: VaultId, epoch: u32, store: StoreId) -> StoreKeys {
        let derive = |label| {
            let info = Encoder::new(label)
                .field(1, vault.as_bytes())
                .field(2, &epoch.to_be_bytes())
                .field(3, store.as_bytes())
                .finish();
            Key(self.0.expand(&info))
        };
        StoreKeys {
            store,
            share: SealingKey::new(derive(labels::DERIVE_STORE_SHARE)),
            credential: derive(labels::DERIVE_STORE_CREDENTIAL),
        }
    }
}

/// The keys for one share store: the key that seals its shares, and the credential that is sent
/// only to this store.
pub struct StoreKeys {
    pub(crate) store: StoreId,
    pub(crate) share: SealingKey,
    credential: Key,
}

impl StoreKeys {
    /// Returns the store that these keys are for.
    pub fn store(&self) -> StoreId {
        self.store
    }

    /// Returns the credential. It may be sent to this store only.
    pub fn expose_credential(&self) -> &[u8; 32] {
        self.credential.expose()
    }
}

/// The sealing keys of an open vault, with the vault and the key epoch that they are for.
pub struct VaultKeys {
    pub(crate) vault: VaultId,
    pub(crate) epoch: u32,
    pub(crate) overview: SealingKey,
    pub(crate) secret: SealingKey,
}

impl VaultKeys {
    /// Returns the vault that these keys are for.
    pub fn vault(&self) -> VaultId {
        self.vault
    }

    /// Returns the key epoch that these keys are for.
    pub fn epoch(&self) -> u32 {
        self.epoch
    }
}

/// The vault's Ed25519 signing key. It derives from the root, so a signature proves knowledge of
/// the root.
pub struct VaultSigner(SigningKey);

impl VaultSigner {
    /// Returns the public key, which every head contains.
    pub fn verifier(&self) -> VaultVerifier {
        VaultVerifier(self.0.verifying_key().to_bytes())
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

/// The public key of a [`VaultSigner`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VaultVerifier(pub(crate) [u8; 32]);

impl VaultVerifier {
    /// Returns the bytes of the public key.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        VerifyingKey::from_bytes(&self.0)
            .is_ok_and(|key| key.verify_strict(message, &Signature::from_bytes(signature)).is_ok())
    }
}
