//! The key of a wallet.

use crystallum_format::encoding::Encoder;
use crystallum_format::entropy::Entropy;
use crystallum_format::labels;
use subtle::ConstantTimeEq;

use super::context::WalletContext;
use crate::key::Key;

/// `W`: the key that seals one wallet's phrase. It is new for every dealing, and only its shares
/// are ever stored.
pub struct WalletKey(pub(crate) Key);

impl WalletKey {
    /// Generates a key for one dealing.
    pub fn random(entropy: &mut impl Entropy) -> Self {
        Self(Key::random(entropy))
    }

    /// Derives the value by which a rebuilt key is recognised as the right one. It depends on the
    /// key and the dealing.
    pub(super) fn check(&self, context: &WalletContext) -> [u8; 32] {
        let header = Encoder::new(labels::SHARE_CHECK)
            .field(1, context.vault.as_bytes())
            .field(2, &context.epoch.to_be_bytes())
            .field(3, context.record.as_bytes())
            .field(4, context.set.as_bytes())
            .field(5, &context.share_epoch.to_be_bytes())
            .field(6, &[context.k])
            .field(7, &[context.n])
            .finish();
        *self.0.expand(&header)
    }

    pub(super) fn has_check(&self, context: &WalletContext, check: &[u8; 32]) -> bool {
        self.check(context).ct_eq(check).into()
    }
}
