use serde_json::{Value, json};

use super::json::hex;
use super::{Case, good, hostile, wallet_phrases, wallet_shares};
use crate::DealtShare;
use crate::key::Key;
use crate::tests::support::{Fixed, wallet_context};
use crate::{Entropy, RecordId, ShareSetId, WalletContext, WalletKey};

pub(super) fn cases() -> Vec<Case> {
    let mut all = stores();
    all.extend(dealings());
    all.extend(combinations());
    all.extend(crowds());
    all.extend(wallet_shares::cases());
    all.extend(wallet_phrases::cases());
    all
}

pub(super) fn named(what: &str, context: &WalletContext) -> Value {
    json!({
        "wallet": what, "vault": hex(context.vault.as_bytes()), "epoch": context.epoch,
        "record": hex(context.record.as_bytes()), "set": hex(context.set.as_bytes()),
        "share_epoch": context.share_epoch, "k": context.k, "n": context.n,
        "environment": context.environment.number(),
    })
}

/// Returns the sample wallet's key, in which every byte is different.
pub(super) fn wallet_key() -> [u8; 32] {
    std::array::from_fn(|at| u8::try_from(at * 8 + 5).unwrap_or(0))
}

fn stores() -> Vec<Case> {
    let derived = |cold: u8, vault: u8, epoch: u32, store: u8| {
        json!({
            "wallet": "store", "cold_root": hex([cold; 32]), "vault": hex([vault; 16]), "epoch": epoch,
            "store": hex([store; 16]),
        })
    };
    vec![
        good("store", "the keys for one store", derived(2, 0x11, 1, 0x61)),
        good("other store", "all keys are others", derived(2, 0x11, 1, 0x62)),
        good("other cold root", "all keys are others", derived(3, 0x11, 1, 0x61)),
        good("other vault of a store", "all keys are others", derived(2, 0x12, 1, 0x61)),
        good("other epoch of a store", "all keys are others", derived(2, 0x11, 2, 0x61)),
    ]
}

fn dealings() -> Vec<Case> {
    let deal = |context: &WalletContext, coefficients: &[[u8; 32]]| {
        let mut input = named("dealing", context);
        input["key"] = hex(wallet_key());
        input["coefficients"] = coefficients.iter().map(hex).collect();
        input
    };
    let random = |count: usize| {
        let mut entropy = Fixed::new(5);
        let mut drawn = vec![[0; 32]; count];
        drawn.iter_mut().for_each(|coefficients| entropy.fill(coefficients));
        drawn
    };
    let at = wallet_context;
    vec![
        good("dealing", "3 of 5", deal(&at(3, 5), &random(2))),
        good("dealing, smallest", "2 of 2", deal(&at(2, 2), &random(1))),
        good("dealing, largest", "16 of 16", deal(&at(16, 16), &random(15))),
        good("dealing, widest", "2 of 16", deal(&at(2, 16), &random(1))),
        good(
            "zero coefficients",
            "every share is the key: a coefficient may be zero",
            deal(&at(3, 5), &[[0; 32]; 2]),
        ),
        good(
            "zero leading coefficient",
            "the highest power is zero",
            deal(&at(3, 5), &[[0x53; 32], [0; 32]]),
        ),
        good("largest coefficients", "all bits set", deal(&at(3, 5), &[[0xff; 32]; 2])),
        good(
            "dealing of another wallet",
            "shares as before, another check",
            deal(&WalletContext { record: RecordId::new([0x44; 16]), ..at(3, 5) }, &random(2)),
        ),
        good(
            "dealing of another set",
            "shares as before, another check",
            deal(&WalletContext { set: ShareSetId::new([0x52; 16]), ..at(3, 5) }, &random(2)),
        ),
        good(
            "dealing of the next epoch",
            "shares as before, another check",
            deal(&WalletContext { share_epoch: 2, ..at(3, 5) }, &random(2)),
        ),
        hostile("dealing, 1 of 5", "dealing", "k", deal(&at(1, 5), &[])),
        hostile("dealing, 0 of 5", "dealing", "k", deal(&at(0, 5), &[])),
        hostile("dealing, 6 of 5", "dealing", "k above n", deal(&at(6, 5), &random(5))),
        hostile("dealing, 3 of 17", "dealing", "n", deal(&at(3, 17), &random(2))),
        hostile(
            "dealing at epoch 0",
            "dealing",
            "share epoch",
            deal(&WalletContext { share_epoch: 0, ..at(3, 5) }, &random(2)),
        ),
    ]
}

/// Returns the shares of the sample wallet in clear.
pub(super) fn dealt(context: &WalletContext, seed: u64) -> Vec<DealtShare> {
    let key = WalletKey(Key::from_slice(&wallet_key()).expect("32 bytes"));
    key.deal(context, &mut Fixed::new(seed)).expect("possible")
}

fn combinations() -> Vec<Case> {
    let context = wallet_context(3, 5);
    let (mine, check) = (dealt(&context, 1), hex(dealt(&context, 1)[0].check));
    let said = |index: u8, value: &[u8; 32]| json!({ "index": index, "value": hex(value), "check": check });
    let own = |index: u8| said(index, &mine[usize::from(index) - 1].value);
    let combine = |shares: &[Value]| {
        let mut input = named("combine", &context);
        input["shares"] = json!(shares);
        input
    };
    let pick = |indices: &[u8]| combine(&indices.iter().map(|index| own(*index)).collect::<Vec<_>>());
    let foreign = |index: u8| {
        let next = dealt(&WalletContext { share_epoch: 2, ..context }, 2);
        let share = &next[usize::from(index) - 1];
        json!({ "index": index, "value": hex(*share.value), "check": hex(share.check) })
    };
    let flipped = |index: u8| {
        let mut value = mine[usize::from(index) - 1].value.clone();
        // In each share another byte is flipped, so that two flips never cancel out.
        value[usize::from(index)] ^= 1;
        said(index, &value)
    };
    vec![
        good("shares 1 2 3", "three of five", pick(&[1, 2, 3])),
        good("shares 5 1 4", "in another order", pick(&[5, 1, 4])),
        good("all shares", "two more than it takes", pick(&[1, 2, 3, 4, 5])),
        good(
            "a flipped share among four",
            "share 2 is left out",
            combine(&[own(1), flipped(2), own(3), own(5)]),
        ),
        good(
            "two flipped shares among five",
            "shares 1 and 4 are left out",
            combine(&[flipped(1), own(2), own(3), flipped(4), own(5)]),
        ),
        good(
            "a foreign share among four",
            "of the next epoch: share 4 is left out",
            combine(&[own(1), own(2), own(3), foreign(4)]),
        ),
        hostile("no share", "shares 1 2 3", "none", pick(&[])),
        hostile("shares 1 2", "shares 1 2 3", "one too few", pick(&[1, 2])),
        hostile("share 1 twice", "shares 1 2 3", "in the place of share 3", pick(&[1, 2, 1])),
        hostile("share 1 twice among four", "all shares", "one index twice", pick(&[1, 2, 3, 1])),
        hostile(
            "a flipped share",
            "shares 1 2 3",
            "a bit of share 2",
            combine(&[own(1), flipped(2), own(3)]),
        ),
        hostile(
            "a flipped check",
            "shares 1 2 3",
            "share 2 has another check",
            combine(&[
                own(1),
                json!({ "index": 2, "value": own(2)["value"], "check": hex([9; 32]) }),
                own(3),
            ]),
        ),
        hostile(
            "two flipped shares among four",
            "all shares",
            "two good ones",
            combine(&[flipped(1), own(2), own(3), flipped(4)]),
        ),
        hostile(
            "a foreign share",
            "shares 1 2 3",
            "one of the next epoch",
            combine(&[own(1), own(2), foreign(3)]),
        ),
        hostile(
            "another index",
            "shares 1 2 3",
            "share 3 as share 4",
            combine(&[own(1), own(2), said(4, &mine[2].value)]),
        ),
        hostile(
            "foreign shares",
            "shares 1 2 3",
            "all of the next epoch",
            combine(&[foreign(1), foreign(2), foreign(3)]),
        ),
        {
            let mut input = pick(&[1, 2]);
            input["k"] = json!(2);
            hostile("lowered threshold", "shares 1 2 3", "k is 2, and one share less", input)
        },
        {
            let mut input = pick(&[1, 2, 3]);
            input["n"] = json!(6);
            hostile("another count", "shares 1 2 3", "n is 6", input)
        },
    ]
}

/// More shares than it takes, some of them made by somebody who holds the keys.
fn crowds() -> Vec<Case> {
    let context = wallet_context(3, 6);
    let shares_of = |key: &[u8; 32], seed: u64| -> Vec<([u8; 32], [u8; 32])> {
        let key = WalletKey(Key::from_slice(key).expect("32 bytes"));
        let dealt = key.deal(&context, &mut Fixed::new(seed)).expect("possible");
        dealt.iter().map(|share| (*share.value, share.check)).collect()
    };
    let (mine, other) = (shares_of(&wallet_key(), 1), shares_of(&[7; 32], 2));
    let said = |index: u8, (value, check): ([u8; 32], [u8; 32])| json!({ "index": index, "value": hex(value), "check": hex(check) });
    let own = |index: u8| said(index, mine[usize::from(index) - 1]);
    let theirs = |index: u8| said(index, other[usize::from(index) - 1]);
    let combine = |shares: &[Value]| {
        let mut input = named("combine", &context);
        input["shares"] = json!(shares);
        input
    };
    // The key is the sum of shares 1, 2 and 3, also when two of them change places.
    let swapped = [said(1, mine[1]), said(2, mine[0])];
    // The values at 1 and 5 of the polynomials that differ by x (x - 4): the same at 0 and 4.
    let beside = |index: u8| {
        let (value, check) = mine[usize::from(index) - 1];
        said(index, (value.map(|byte| byte ^ 5), check))
    };
    let with = |shares: &[Value]| combine(&[&swapped[..], shares].concat());
    // The same key, dealt by polynomials of degree 3, with the check of the threshold 3.
    let higher = |index: u8| {
        let dealt = dealt(&wallet_context(4, 6), 4);
        said(index, (*dealt[usize::from(index) - 1].value, mine[0].1))
    };
    let foreign = said(1, (mine[0].0, [9; 32]));
    let useless = |index: u8| said(index, (mine[usize::from(index) - 1].0, [9; 32]));
    vec![
        good(
            "bad shares that make the key",
            "shares 1 and 2 are exchanged and make the key with share 3; most lie on the other polynomials",
            with(&[own(3), own(4), own(5), own(6)]),
        ),
        good(
            "as many on two polynomials",
            "shares 1 2 3 and 3 4 5 make the key: the lower list is taken",
            with(&[own(3), own(4), own(5)]),
        ),
        good(
            "as many on two other polynomials",
            "shares 2 3 4 and 1 4 5 make the key: the lower list is taken, which is tried later",
            combine(&[beside(1), own(2), own(3), own(4), beside(5)]),
        ),
        good(
            "as many on two polynomials, in another order",
            "the order of the shares does not count",
            combine(&[own(5), own(4), own(3), swapped[1].clone(), swapped[0].clone()]),
        ),
        good(
            "another check in the first share",
            "share 1 is left out",
            combine(&[foreign, own(2), own(3), own(4)]),
        ),
        good(
            "two dealings of one epoch",
            "three shares of each: the group with the lowest index is taken",
            combine(&[theirs(4), theirs(5), theirs(6), own(1), own(2), own(3)]),
        ),
        good(
            "two dealings, the later one larger",
            "four shares against two: the larger group is taken",
            combine(&[own(1), own(2), theirs(3), theirs(4), theirs(5), theirs(6)]),
        ),
        good(
            "a first group that makes no key",
            "three shares with a check that is none, and three good ones",
            combine(&[useless(1), useless(2), useless(4), own(3), own(5), own(6)]),
        ),
        good(
            "a larger group after a smaller one",
            "three shares of one dealing and four of another: the larger group is taken, not the lowest index",
            {
                let context = wallet_context(3, 7);
                let seven = |key: &[u8; 32], seed: u64| {
                    let key = WalletKey(Key::from_slice(key).expect("32 bytes"));
                    key.deal(&context, &mut Fixed::new(seed)).expect("possible")
                };
                let (mine, other) = (seven(&wallet_key(), 1), seven(&[7; 32], 2));
                let shares = mine[..3].iter().chain(&other[3..]);
                let mut input = named("combine", &context);
                input["shares"] =
                    shares.map(|share| said(share.index, (*share.value, share.check))).collect();
                input
            },
        ),
        hostile(
            "a higher degree",
            "bad shares that make the key",
            "four shares of polynomials of degree 3, where 3 shares are enough",
            combine(&[higher(1), higher(2), higher(3), higher(4)]),
        ),
        hostile(
            "two dealings, too few of each",
            "two dealings of one epoch",
            "two shares of each",
            combine(&[own(1), own(2), theirs(3), theirs(4)]),
        ),
        hostile(
            "no group makes the key",
            "a first group that makes no key",
            "one good share",
            combine(&[useless(1), useless(2), useless(4), own(3)]),
        ),
    ]
}
