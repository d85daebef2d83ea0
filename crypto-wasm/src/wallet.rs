//! Wallets: a phrase sealed under a key that exists only as shares (FORMAT.md, section 8).

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

/// The most shares of one dealing.
const MAX_SHARES: u8 = 16;

/// Whether a dealing has numbers that a dealing can have.
pub(crate) fn dealt_well(share_epoch: u32, k: u8, n: u8) -> bool {
    share_epoch >= 1 && 2 <= k && k <= n && n <= MAX_SHARES
}

/// The place of one dealing of one wallet's key, taken from the verified record, never from a share.
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
    /// Number of the dealing, from 1.
    pub share_epoch: u32,
    /// How many shares make the key, from 2.
    pub k: u8,
    /// How many shares there are, from `k` to 16.
    pub n: u8,
    /// The environment.
    pub environment: Environment,
}

/// `W`: the key over one wallet's phrase, new for every dealing. Nothing but its shares is ever kept.
pub struct WalletKey(pub(crate) Key);

impl WalletKey {
    /// A fresh key for one dealing.
    pub fn random(entropy: &mut impl Entropy) -> Self {
        Self(Key::random(entropy))
    }

    /// Deals the key into `n` shares of which any `k` make it; [`Malformed`] when the context is of no possible dealing.
    pub fn deal(
        &self,
        context: &WalletContext,
        entropy: &mut impl Entropy,
    ) -> Result<Vec<DealtShare>, Malformed> {
        if !dealt_well(context.share_epoch, context.k, context.n) {
            return Err(Malformed);
        }
        let check = self.check(context);
        let polynomials = shamir::Polynomials::random(self.0.expose(), context.k, entropy);
        Ok((1..=context.n)
            .map(|index| DealtShare { context: *context, index, value: polynomials.at(index), check })
            .collect())
    }

    /// By which a combined key is known to be the right one: it follows from the key and names the dealing.
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
