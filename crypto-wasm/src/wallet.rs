//! Wallets: recovery phrases that are sealed under a key of which only shares are stored
//! (FORMAT.md, section 8).

mod combine;
mod phrase;
mod shamir;
mod share;

use subtle::ConstantTimeEq;

pub use combine::{CombineFailed, Combined};
pub use phrase::{Language, Phrase, SealedPhrase};
pub use share::{DealtShare, SealedShare};

use crate::encoding::Encoder;
use crate::keys::{Entropy, Key};
use crate::{Environment, Malformed, RecordId, ShareSetId, VaultId, labels};

/// The largest number of shares in one dealing.
const MAX_SHARES: u8 = 16;

/// Returns whether share epoch, threshold and number of shares are within the limits of the format.
pub(crate) fn is_valid_dealing(share_epoch: u32, k: u8, n: u8) -> bool {
    share_epoch >= 1 && 2 <= k && k <= n && n <= MAX_SHARES
}

/// The associated data that binds one dealing of one wallet's key. It comes from the verified
/// record, never from a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WalletContext {
    /// The vault.
    pub vault: VaultId,
    /// The key epoch.
    pub epoch: u32,
    /// The wallet's record.
    pub record: RecordId,
    /// The wallet's set of shares.
    pub set: ShareSetId,
    /// The number of the dealing, from 1.
    pub share_epoch: u32,
    /// The threshold: how many shares rebuild the key, from 2.
    pub k: u8,
    /// The number of shares, from `k` to 16.
    pub n: u8,
    /// The environment.
    pub environment: Environment,
}

/// `W`: the key that seals one wallet's phrase. It is new for every dealing, and only its shares
/// are ever stored.
pub struct WalletKey(pub(crate) Key);

impl WalletKey {
    /// Generates a key for one dealing.
    pub fn random(entropy: &mut impl Entropy) -> Self {
        Self(Key::random(entropy))
    }

    /// Splits the key into `n` shares, any `k` of which rebuild it. Returns [`Malformed`] if the
    /// context does not describe a valid dealing.
    pub fn deal(
        &self,
        context: &WalletContext,
        entropy: &mut impl Entropy,
    ) -> Result<Vec<DealtShare>, Malformed> {
        if !is_valid_dealing(context.share_epoch, context.k, context.n) {
            return Err(Malformed);
        }
        let check = self.check(context);
        let polynomials = shamir::Polynomials::random(self.0.expose(), context.k, entropy);
        Ok((1..=context.n)
            .map(|index| DealtShare { context: *context, index, value: polynomials.at(index), check })
            .collect())
    }

    /// Derives the value by which a rebuilt key is recognised as the right one. It depends on the
    /// key and the dealing.
    fn check(&self, context: &WalletContext) -> [u8; 32] {
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

    fn has_check(&self, context: &WalletContext, check: &[u8; 32]) -> bool {
        self.check(context).ct_eq(check).into()
    }
}

#[cfg(test)]
mod tests;
