//! Splitting a wallet's key into shares.

use crystallum_format::encoding::Malformed;
use crystallum_format::entropy::Entropy;
use crystallum_format::limits::is_valid_dealing;

use super::context::WalletContext;
use super::key::WalletKey;
use super::shamir::Polynomials;
use super::share::DealtShare;

impl WalletKey {
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
        let polynomials = Polynomials::random(self.0.expose(), context.k, entropy);
        Ok((1..=context.n)
            .map(|index| DealtShare { context: *context, index, value: polynomials.at(index), check })
            .collect())
    }
}

#[cfg(test)]
mod tests;
