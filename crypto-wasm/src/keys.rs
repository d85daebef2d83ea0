//! The key schedule (FORMAT.md, section 2). Each key is a type: a parent derives, a sealing key seals, none does both.

use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use hkdf::Hkdf;
use sha2::Sha256;
use zeroize::Zeroizing;

use crate::encoding::Encoder;
use crate::labels;
use crate::seal::SealingKey;
use crate::{DeviceId, RecordId, ShareId, ShareSetId, SlotId, StoreId, VaultId};

/// Where random bytes come from: the operating system's or the browser's generator.
pub trait Entropy {
    /// Fills `out`, or does not return.
    fn fill(&mut self, out: &mut [u8]);
}

/// Ids that this crate's caller makes.
macro_rules! random_id {
    ($($name:ident)*) => {$(
        impl $name {
            /// A fresh random id.
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

    /// `HKDF-Expand(self, info, N)`; N is 32 or 64 here.
    pub(crate) fn expand<const N: usize>(&self, info: &[u8]) -> Zeroizing<[u8; N]> {
        let mut out = Zeroizing::new([0; N]);
        Hkdf::<Sha256>::from_prk(self.0.as_slice())
            .expect("32 bytes are a full hash")
            .expand(info, out.as_mut_slice())
            .expect("N is far below 255 hashes");
        out
    }

    /// The one way out.
    pub(crate) fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    pub(crate) fn derive(&self, label: &str, vault: VaultId, epoch: u32) -> Self {
        let info = Encoder::new(label).field(1, vault.as_bytes()).field(2, &epoch.to_be_bytes()).finish();
        Self(self.expand(&info))
    }
}

/// The vault's root: everything but wallets follows from it. It lives only while a vault is made or opened.
pub struct Root(pub(crate) Key);

/// The root of wallets, wrapped beside the root in every way in. What the stores of shares need follows from it.
pub struct ColdRoot(pub(crate) Key);

impl Root {
    /// A new vault's root.
    pub fn random(entropy: &mut impl Entropy) -> Self {
        Self(Key::random(entropy))
    }

    /// Derives what an open vault needs and wipes the root.
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
    /// A new vault's cold root.
    pub fn random(entropy: &mut impl Entropy) -> Self {
        Self(Key::random(entropy))
    }

    /// The keys for one store of shares.
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

/// What a device needs for one store of shares: the key that seals them, and the credential that this store alone is told.
pub struct StoreKeys {
    pub(crate) store: StoreId,
    pub(crate) share: SealingKey,
    credential: Key,
}

impl StoreKeys {
    /// The store that these keys are for.
    pub fn store(&self) -> StoreId {
        self.store
    }

    /// The credential, to be told to this store and to nobody else.
    pub fn expose_credential(&self) -> &[u8; 32] {
        self.credential.expose()
    }
}

/// The sealing keys of an open vault, with the vault and epoch that they are for.
pub struct VaultKeys {
    pub(crate) vault: VaultId,
    pub(crate) epoch: u32,
    pub(crate) overview: SealingKey,
    pub(crate) secret: SealingKey,
}

impl VaultKeys {
    /// The vault that these keys are for.
    pub fn vault(&self) -> VaultId {
        self.vault
    }

    /// The key epoch that these keys are for.
    pub fn epoch(&self) -> u32 {
        self.epoch
    }
}

/// The vault's Ed25519 key: whoever has it knows the root.
pub struct VaultSigner(SigningKey);

impl VaultSigner {
    /// Its public half, which every head names.
    pub fn verifier(&self) -> VaultVerifier {
        VaultVerifier(self.0.verifying_key().to_bytes())
    }

    pub(crate) fn sign(&self, message: &[u8]) -> [u8; 64] {
        self.0.sign(message).to_bytes()
    }
}

/// The public half of a [`VaultSigner`].
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct VaultVerifier(pub(crate) [u8; 32]);

impl VaultVerifier {
    /// The public key's bytes.
    pub fn as_bytes(&self) -> &[u8; 32] {
        &self.0
    }

    pub(crate) fn verifies(&self, message: &[u8], signature: &[u8; 64]) -> bool {
        VerifyingKey::from_bytes(&self.0)
            .is_ok_and(|key| key.verify_strict(message, &Signature::from_bytes(signature)).is_ok())
    }
}
