//! One secret key, the building block of every other key type.

use crystallum_format::encoding::Encoder;
use crystallum_format::entropy::Entropy;
use crystallum_format::ids::VaultId;
use hkdf::Hkdf;
use sha2::Sha256;
use subtle::ConstantTimeEq;
use zeroize::Zeroizing;

/// 32 uniform secret bytes, wiped when dropped. They never move in memory: a move would leave a
/// copy behind that nobody wipes.
#[derive(Clone)]
pub(crate) struct Key(Box<Zeroizing<[u8; 32]>>);

impl Key {
    /// Returns the key that `fill` writes.
    pub(crate) fn filled_by(fill: impl FnOnce(&mut [u8; 32])) -> Self {
        let mut key = Box::new(Zeroizing::new([0; 32]));
        fill(&mut key);
        Self(key)
    }

    pub(crate) fn random(entropy: &mut impl Entropy) -> Self {
        Self::filled_by(|key| entropy.fill(key))
    }

    pub(crate) fn from_slice(bytes: &[u8]) -> Option<Self> {
        (bytes.len() == 32).then(|| Self::filled_by(|key| key.copy_from_slice(bytes)))
    }

    /// `HKDF-Expand(self, info, N)` of RFC 5869. `N` is 32 or 64 here.
    pub(crate) fn expand<const N: usize>(&self, info: &[u8]) -> Zeroizing<[u8; N]> {
        let mut out = Zeroizing::new([0; N]);
        self.expand_into(info, out.as_mut_slice());
        out
    }

    fn expand_into(&self, info: &[u8], out: &mut [u8]) {
        Hkdf::<Sha256>::from_prk(self.0.as_slice())
            .expect("32 bytes are a full hash")
            .expand(info, out)
            .expect("at most 64 bytes are far below 255 hashes");
    }

    /// Returns the bytes. This is the only way to read them.
    pub(crate) fn expose(&self) -> &[u8; 32] {
        &self.0
    }

    /// Returns whether both are the same key, in constant time.
    pub(crate) fn is_same(&self, other: &Self) -> bool {
        self.0.ct_eq(other.0.as_slice()).into()
    }

    /// Returns whether all bytes are zero, in constant time.
    pub(crate) fn is_zero(&self) -> bool {
        self.0.ct_eq(&[0; 32]).into()
    }

    pub(crate) fn derive(&self, label: &str, vault: VaultId, epoch: u32) -> Self {
        self.derive_with(
            &Encoder::new(label).field(1, vault.as_bytes()).field(2, &epoch.to_be_bytes()).finish(),
        )
    }

    /// Derives a key with an encoded `info`.
    pub(crate) fn derive_with(&self, info: &[u8]) -> Self {
        Self::filled_by(|key| self.expand_into(info, key))
    }
}
