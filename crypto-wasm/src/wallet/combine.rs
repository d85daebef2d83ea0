//! Rebuilding a wallet's key from shares. Each share is authenticated before it gets here; this
//! module authenticates the key itself, whatever the shares are.

use crystallum_format::defence::Defence;
use subtle::ConstantTimeEq;

use super::context::WalletContext;
use super::key::WalletKey;
use super::shamir::{Point, interpolate};
use super::share::DealtShare;
use crate::key::Key;

/// Why shares do not rebuild the key. No byte of a wrong result is returned.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum CombineError {
    /// There are fewer shares than the threshold.
    #[error("{have} shares of the {need} that it takes")]
    TooFewShares {
        /// The number of shares given.
        have: usize,
        /// The threshold.
        need: usize,
    },
    /// The same share was given twice.
    #[error("share {index} is there twice")]
    DuplicateShare {
        /// The index of the share.
        index: u8,
    },
    /// Too few of the shares are from the same dealing.
    #[error("the shares are not of one dealing")]
    MixedDealings,
    /// The shares agree on a check value that no key rebuilt from them has.
    #[error("the shares do not make the key")]
    NoMatchingKey,
}

/// A rebuilt key, and the shares that were not used because they are not of its dealing.
pub struct Combined {
    /// The rebuilt key.
    pub key: WalletKey,
    /// Indices of the shares that are not of the dealing, in ascending order.
    pub left_out: Vec<u8>,
}

impl WalletKey {
    /// Rebuilds the key of a dealing from exactly `k` of the shares. If there are more than `k`,
    /// bad ones are left out and reported as long as `k` good ones agree.
    pub fn combine(context: &WalletContext, shares: &[DealtShare]) -> Result<Combined, CombineError> {
        let mut shares: Vec<&DealtShare> = shares.iter().collect();
        shares.sort_by_key(|share| share.index);
        if let Some(index) =
            shares.windows(2).find(|two| two[0].index == two[1].index).map(|two| two[0].index)
        {
            return Err(CombineError::DuplicateShare { index });
        }
        let need = usize::from(context.k);
        if Defence::ShareCount.holds() && shares.len() < need {
            return Err(CombineError::TooFewShares { have: shares.len(), need });
        }
        let groups = agreeing(context, &shares, need);
        let found = groups.iter().find_map(|group| from_group(context, group));
        let Some((key, used)) = found else {
            return Err(if groups.is_empty() {
                CombineError::MixedDealings
            } else {
                CombineError::NoMatchingKey
            });
        };
        let left_out = shares.iter().map(|share| share.index).filter(|index| !used.contains(index)).collect();
        Ok(Combined { key, left_out })
    }
}

/// Groups the shares by check value, largest group first. Shares of other dealings and groups below
/// the threshold are left out.
fn agreeing<'a>(context: &WalletContext, shares: &[&'a DealtShare], need: usize) -> Vec<Vec<&'a DealtShare>> {
    let mut groups: Vec<Vec<&DealtShare>> = Vec::new();
    let is_of_dealing = |share: &&&DealtShare| share.context == *context || !Defence::OneDealing.holds();
    for share in shares.iter().filter(is_of_dealing) {
        match groups.iter_mut().find(|group| group[0].check == share.check) {
            Some(group) => group.push(share),
            None => groups.push(vec![share]),
        }
    }
    groups.retain(|group| group.len() >= need);
    groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    groups
}

/// Finds `k` shares that rebuild a key with the group's check value. Returns the key and the
/// indices of all shares on its polynomials.
fn from_group(context: &WalletContext, group: &[&DealtShare]) -> Option<(WalletKey, Vec<u8>)> {
    let points: Vec<Point<'_>> = group.iter().map(|share| (share.index, &*share.value)).collect();
    let check = &group.first()?.check;
    let need = usize::from(context.k);
    let mut best: Option<(WalletKey, Vec<u8>)> = None;
    // With at most 16 shares there are at most 12870 choices. The first one is right unless
    // somebody who holds the key made bad shares.
    let choices = (0_u32..1 << points.len()).filter(|choice| choice.count_ones() == u32::from(context.k));
    for choice in choices {
        let chosen: Vec<Point<'_>> =
            (0..).zip(&points).filter(|(at, _)| choice >> at & 1 == 1).map(|(_, point)| *point).collect();
        let key = WalletKey(Key::from_slice(interpolate(&chosen, 0).as_slice())?);
        if Defence::WalletKeyCheck.holds() && !key.has_check(context, check) {
            continue;
        }
        // Bad shares can rebuild the right key together. The polynomials with the most shares on
        // them are the dealt ones, so that no good share is reported as bad.
        let on = |point: &&Point<'_>| {
            // Compares indices first, since values are secret and compared in constant time.
            chosen.iter().any(|(index, _)| *index == point.0)
                || bool::from(interpolate(&chosen, point.0).ct_eq(point.1))
        };
        let on: Vec<u8> = points.iter().filter(on).map(|point| point.0).collect();
        // Of two polynomials with as many shares, the one with the lower list of indices is taken,
        // so that all readers report the same shares.
        let is_better = |most: &Vec<u8>| (on.len(), most) > (most.len(), &on);
        if best.as_ref().is_none_or(|(_, most)| is_better(most)) {
            // Two polynomials with the same key have at most k - 2 other points in common.
            let alone = 2 * on.len() > points.len() + need - 2;
            best = Some((key, on));
            if alone {
                break;
            }
        }
    }
    best
}

#[cfg(test)]
mod tests;
