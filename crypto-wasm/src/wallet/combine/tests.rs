use super::*;
use crate::Entropy;
use crate::ShareSetId;
use crate::tests::support::{Fixed, PROFILE, key, wallet_context};

fn dealt(context: &WalletContext, byte: u8) -> Vec<DealtShare> {
    WalletKey(key(byte)).deal(context, &mut Fixed::new(u64::from(byte))).expect("possible")
}

/// Returns a copy, which the crate itself never makes.
fn copy(share: &DealtShare) -> DealtShare {
    DealtShare { context: share.context, index: share.index, value: share.value.clone(), check: share.check }
}

fn pick(dealt: &[DealtShare], indices: &[u8]) -> Vec<DealtShare> {
    indices.iter().map(|index| copy(&dealt[usize::from(*index) - 1])).collect()
}

/// Returns the byte of the key, and which shares were left out.
fn combined(context: &WalletContext, shares: &[DealtShare]) -> Result<(u8, Vec<u8>), CombineError> {
    WalletKey::combine(context, shares).map(|combined| {
        let bytes = combined.key.0.expose();
        assert_eq!(bytes, &[bytes[0]; 32], "one of the sample keys");
        (bytes[0], combined.left_out)
    })
}

/// T64: every choice of shares of every dealing with up to six shares: `k` and more rebuild the
/// key, fewer do not.
#[test]
fn every_choice_of_k_makes_the_key_and_no_smaller_one_does() {
    let (mut made, mut refused) = (0, 0);
    for n in 2..=6_u8 {
        for k in 2..=n {
            let context = wallet_context(k, n);
            let dealt = dealt(&context, 7);
            for choice in 0_u32..1 << n {
                let indices: Vec<u8> = (1..=n).filter(|index| choice >> (index - 1) & 1 == 1).collect();
                let combined = combined(&context, &pick(&dealt, &indices));
                if indices.len() >= usize::from(k) {
                    assert_eq!(combined, Ok((7, vec![])), "{k} of {n}: {indices:?}");
                    made += 1;
                } else {
                    let (have, need) = (indices.len(), usize::from(k));
                    assert_eq!(
                        combined,
                        Err(CombineError::TooFewShares { have, need }),
                        "{k} of {n}: {indices:?}"
                    );
                    refused += 1;
                }
            }
        }
    }
    assert_eq!((made, refused), (201, 315));
}

#[test]
fn the_order_does_not_matter() {
    let context = wallet_context(3, 5);
    let dealt = dealt(&context, 7);
    for indices in [[1, 2, 3], [3, 2, 1], [5, 1, 4], [4, 5, 2]] {
        assert_eq!(combined(&context, &pick(&dealt, &indices)), Ok((7, vec![])));
    }
}

#[test]
fn the_same_share_twice_is_not_two() {
    let context = wallet_context(3, 5);
    let dealt = dealt(&context, 7);
    for indices in [[1, 1, 2].as_slice(), &[2, 1, 2], &[1, 2, 3, 3], &[5, 4, 3, 2, 1, 5]] {
        let twice =
            *indices.iter().find(|one| indices.iter().filter(|other| other == one).count() > 1).expect("one");
        assert_eq!(
            combined(&context, &pick(&dealt, indices)),
            Err(CombineError::DuplicateShare { index: twice })
        );
    }
    // One index with two values is no better.
    let mut two = pick(&dealt, &[1, 2, 2]);
    two[2].value[0] ^= 1;
    assert_eq!(combined(&context, &two), Err(CombineError::DuplicateShare { index: 2 }));
}

/// Attack T64 of `tests/ATTACKS.md`.
#[test]
fn shares_of_two_dealings_do_not_mix() {
    let context = wallet_context(3, 5);
    let mine = dealt(&context, 7);
    let others = [
        dealt(&context, 8),
        dealt(&WalletContext { share_epoch: 2, ..context }, 7),
        dealt(&WalletContext { set: ShareSetId::new([0x52; 16]), ..context }, 7),
        dealt(&WalletContext { record: PROFILE, ..context }, 7),
        dealt(&WalletContext { k: 2, ..context }, 7),
        dealt(&WalletContext { n: 6, ..context }, 7),
    ];
    for other in &others {
        let mut mixed = pick(&mine, &[1, 2]);
        mixed.extend(pick(other, &[3]));
        assert_eq!(combined(&context, &mixed), Err(CombineError::MixedDealings));
        mixed.extend(pick(other, &[5]));
        assert_eq!(combined(&context, &mixed), Err(CombineError::MixedDealings));
        mixed.extend(pick(&mine, &[4]));
        assert_eq!(combined(&context, &mixed), Ok((7, vec![3, 5])), "three good ones agree");
    }
    for other in &others[1..] {
        let all = combined(&context, &pick(other, &[1, 2, 3, 4]));
        assert_eq!(all, Err(CombineError::MixedDealings), "a whole dealing of another place");
    }
}

/// T64: the check of the right key differs for another threshold or number of shares.
#[test]
fn a_lowered_threshold_is_no_threshold() {
    let context = wallet_context(3, 5);
    let mut shares = pick(&dealt(&context, 7), &[1, 2]);
    let lower = WalletContext { k: 2, ..context };
    assert_eq!(combined(&lower, &shares), Err(CombineError::MixedDealings));
    for share in &mut shares {
        share.context = lower;
    }
    assert_eq!(combined(&lower, &shares), Err(CombineError::NoMatchingKey));
    let impossible = WalletContext { k: 0, ..context };
    assert_eq!(combined(&impossible, &shares), Err(CombineError::MixedDealings));
    assert_eq!(combined(&impossible, &[]), Err(CombineError::MixedDealings));
}

/// T64: a key holder made bad shares that claim to be of the dealing: one flipped bit, or another
/// share's value.
#[test]
fn bad_values_are_left_out_while_k_good_ones_agree() {
    let context = wallet_context(3, 6);
    let dealt = dealt(&context, 7);
    for bad in 1..=6_u8 {
        for bit in [0, 100, 255] {
            let mut shares = pick(&dealt, &[1, 2, 3, 4, 5, 6]);
            shares[usize::from(bad) - 1].value[bit / 8] ^= 0x80 >> (bit % 8);
            assert_eq!(combined(&context, &shares), Ok((7, vec![bad])));
        }
    }
    let mut shares = pick(&dealt, &[1, 2, 3, 4, 5, 6]);
    for bad in [0, 2, 5] {
        Fixed::new(99).fill(shares[bad].value.as_mut_slice());
    }
    assert_eq!(combined(&context, &shares), Ok((7, vec![1, 3, 6])));
    Fixed::new(98).fill(shares[1].value.as_mut_slice());
    assert_eq!(combined(&context, &shares), Err(CombineError::NoMatchingKey), "two good ones");
}

/// T64: the key is the sum of shares 1, 2 and 3. With the first two values swapped, these three
/// still combine to it, and they are tried first.
#[test]
fn bad_shares_that_make_the_key_together_do_not_frame_good_ones() {
    let context = wallet_context(3, 6);
    let dealt = dealt(&context, 7);
    let mut shares = pick(&dealt, &[1, 2, 3, 4, 5, 6]);
    (shares[0].value, shares[1].value) = (dealt[1].value.clone(), dealt[0].value.clone());
    assert_eq!(combined(&context, &pick(&shares, &[1, 2, 3])), Ok((7, vec![])));
    assert_eq!(combined(&context, &shares), Ok((7, vec![1, 2])));
}

#[test]
fn one_bad_share_among_exactly_k_makes_nothing() {
    let context = wallet_context(3, 5);
    let dealt = dealt(&context, 7);
    for bad in 0..3 {
        let mut shares = pick(&dealt, &[1, 3, 5]);
        shares[bad].value[31] ^= 1;
        assert_eq!(combined(&context, &shares), Err(CombineError::NoMatchingKey));
        let mut shares = pick(&dealt, &[1, 3, 5]);
        shares[bad].check[0] ^= 1;
        assert_eq!(combined(&context, &shares), Err(CombineError::MixedDealings));
        let mut shares = pick(&dealt, &[1, 3, 5]);
        shares[bad].index = 2;
        assert_eq!(
            combined(&context, &shares),
            Err(CombineError::NoMatchingKey),
            "the value of another index"
        );
    }
}

/// Two complete dealings with the same context: the larger group is used, and the other is
/// reported.
#[test]
fn of_two_groups_the_larger_one_is_taken() {
    let context = wallet_context(2, 6);
    let mut shares = pick(&dealt(&context, 7), &[1, 2]);
    shares.extend(pick(&dealt(&context, 8), &[3, 4, 6]));
    assert_eq!(combined(&context, &shares), Ok((8, vec![1, 2])));
    for share in &mut shares[2..] {
        share.check = [9; 32];
    }
    assert_eq!(combined(&context, &shares), Ok((7, vec![3, 4, 6])), "the larger group makes no key");
}

/// The largest amount of work that bad shares can cause.
#[test]
fn sixteen_shares_with_eight_bad_ones_still_make_the_key() {
    let context = wallet_context(8, 16);
    let mut shares = dealt(&context, 7);
    for share in &mut shares[..8] {
        Fixed::new(u64::from(share.index)).fill(share.value.as_mut_slice());
    }
    assert_eq!(combined(&context, &shares), Ok((7, (1..=8).collect())));
}
