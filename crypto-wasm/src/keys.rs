//! The key schedule (FORMAT.md, section 2). Every key has its own type. A key either derives other
//! keys or seals blobs, never both.

use crystallum_format::encoding::{Encoder, Malformed};
use crystallum_format::entropy::Entropy;
use crystallum_format::head::{HeadBody, SignedHead};
use crystallum_format::ids::{StoreId, VaultId};
use crystallum_format::labels;
use crystallum_format::vault_key::VaultVerifier;
use crystallum_format::vault_login::VaultLogin;
use ed25519_dalek::{Signer, SigningKey};

use crate::key::Key;
use crate::seal::SealingKey;

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
            local: SealingKey::new(self.0.derive(labels::DERIVE_LOCAL, vault, epoch)),
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

    /// Returns whether it equals the root. Such roots were not made at random, and what derives
    /// from one could be derived from the other.
    pub fn equals(&self, root: &Root) -> bool {
        self.0.is_same(&root.0)
    }

    /// Derives the keys for one share store.
    pub fn store_keys(&self, vault: VaultId, epoch: u32, store: StoreId) -> StoreKeys {
        let derive = |label| {
            let info = Encoder::new(label)
                .field(1, vault.as_bytes())
                .field(2, &epoch.to_be_bytes())
                .field(3, store.as_bytes())
                .finish();
            self.0.derive_with(&info)
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
    /// Seals what this device keeps for itself.
    pub(crate) local: SealingKey,
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
        VaultVerifier::from_bytes(self.0.verifying_key().to_bytes())
    }

    /// Signs a head and adds the device's signature, which its key made over
    /// [`HeadBody::message`].
    pub fn sign_head(&self, body: HeadBody, device_signature: [u8; 64]) -> SignedHead {
        SignedHead::new(body, self.0.sign(&body.message()).to_bytes(), device_signature)
    }

    /// Signs a login with the vault's key. Returns [`Malformed`] if the host or the server's nonce
    /// exceeds its limits.
    pub fn sign_login(&self, login: &VaultLogin<'_>) -> Result<[u8; 64], Malformed> {
        Ok(self.0.sign(&login.message()?).to_bytes())
    }
}
