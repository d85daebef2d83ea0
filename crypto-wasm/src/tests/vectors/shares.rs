//! A wallet as a reader finds it: its dealing, the leaves of its shares, and what the stores hold.

use serde_json::{Value, json};

use super::json::{array, bytes, hex, list};
use super::wallet_cases::{dealt, named, wallet_key};
use super::wallet_phrases::phrase_sealed;
use super::wallet_shares::{place, sealed_share_with, share_key};
use super::{Case, Checked, File, good, hostile};
use crate::key::Key;
use crate::tests::support::{share_id, store, wallet_context};
use crate::{
    ColdRoot, Leaf, LeafId, SealedPhrase, SealedShare, ShareLeaf, ShareSetId, WalletContext, WalletKey,
    blob_hash,
};

pub(super) const FILE: File = File { name: "shares", section: "8.3", check, cases };

/// Collects the shares of a dealing, combines them and opens the phrase.
fn check(input: &Value) -> Checked {
    let context = super::wallet::context(input)?;
    let cold = ColdRoot(Key::from_slice(&array::<32>(&input["cold_root"])).expect("32 bytes"));
    let (mut good, mut bad, mut missing) = (Vec::new(), Vec::new(), Vec::new());
    for said in list(&input["leaves"]) {
        let (LeafId::Share(id), Leaf::Share(leaf)) = super::json::leaf(said)? else {
            panic!("a share's leaf")
        };
        let dealing = (leaf.record, leaf.set, leaf.epoch, leaf.k, leaf.n);
        if dealing != (context.record, context.set, context.share_epoch, context.k, context.n) {
            continue;
        }
        let held = list(&input["held"]).iter().find(|held| {
            array(&held["id"]) == *id.as_bytes() && array(&held["store"]) == *leaf.store.as_bytes()
        });
        let Some(held) = held else {
            missing.push(leaf.index);
            continue;
        };
        let keys = cold.store_keys(context.vault, context.epoch, leaf.store);
        let share = SealedShare::from_bytes(&bytes(&held["share"])).ok().filter(|share| share.leaf() == leaf);
        match share.and_then(|share| share.open(&keys, &context, leaf.index).ok()) {
            Some(share) => good.push(share),
            None => bad.push(leaf.index),
        }
    }
    let combined = WalletKey::combine(&context, &good)?;
    bad.extend(combined.left_out);
    bad.sort_unstable();
    missing.sort_unstable();
    let sealed = SealedPhrase::from_bytes(&bytes(&input["sealed"]))?;
    let phrase = combined.key.open_phrase(&context, &sealed)?;
    Ok(json!({ "entropy": hex(phrase.expose_entropy()), "bad": bad, "missing": missing }))
}

/// A leaf of a share, and what its store holds for it.
#[derive(Clone)]
struct Held {
    id: u8,
    leaf: ShareLeaf,
    share: Option<Vec<u8>>,
}

/// Returns share `index` of a dealing, sealed with a salt of 32 times one byte.
fn sealed(context: &WalletContext, index: u8, salt: u8) -> Vec<u8> {
    let share = &dealt(context, 1)[usize::from(index) - 1];
    let at = store(index);
    sealed_share_with(&share_key(&at), &place(context, index, &at), &*share.value, &share.check, salt)
}

fn held(context: &WalletContext, index: u8) -> Held {
    let share = sealed(context, index, 9);
    let leaf = SealedShare::from_bytes(&share).expect("a share").leaf();
    Held { id: index, leaf, share: Some(share) }
}

fn input(context: &WalletContext, all: &[Held]) -> Value {
    let mut input = named("shares", context);
    input.as_object_mut().expect("an object").remove("wallet");
    input["cold_root"] = hex([2; 32]);
    input["sealed"] = hex(phrase_sealed(context));
    let id = |held: &Held| share_id(1, held.id);
    let leaf = |held: &Held| {
        super::json::said(&super::state::change(&(LeafId::Share(id(held)), Leaf::Share(held.leaf))))
    };
    input["leaves"] = all.iter().map(leaf).collect();
    let stored = |held: &Held| {
        let share = held.share.as_ref()?;
        let store = hex(held.leaf.store.as_bytes());
        Some(json!({ "id": hex(id(held).as_bytes()), "store": store, "share": hex(share) }))
    };
    input["held"] = all.iter().filter_map(stored).collect();
    input
}

fn cases() -> Vec<Case> {
    let context = wallet_context(3, 5);
    assert_eq!(wallet_key().len(), 32);
    let all: Vec<Held> = (1..=5).map(|index| held(&context, index)).collect();
    let of = |all: &[Held]| input(&context, all);
    let edited = |index: usize, edit: &dyn Fn(&mut Held)| {
        let mut all = all.clone();
        edit(&mut all[index - 1]);
        all
    };
    let missing = |held: &mut Held| held.share = None;
    let without = |indices: &[usize]| {
        let mut all = all.clone();
        indices.iter().for_each(|index| missing(&mut all[index - 1]));
        all
    };
    let resealed = |held: &mut Held| held.share = Some(sealed(&context, held.leaf.index, 8));
    // Opens, and has the fields of the leaf; only its hash is another one.
    let again = edited(2, &resealed);
    let other_set = WalletContext { set: ShareSetId::new([0x52; 16]), ..context };
    let foreign: Vec<Held> = (1..=5).map(|index| Held { id: index + 5, ..held(&other_set, index) }).collect();
    let elsewhere = |held: &mut Held| held.leaf.store = store(9);
    let exchanged = {
        let mut all = all.clone();
        let (first, second) = all.split_at_mut(1);
        std::mem::swap(&mut first[0].share, &mut second[0].share);
        all
    };
    let hashed = |held: &mut Held, share: Vec<u8>| {
        held.leaf.hash = blob_hash(&share);
        held.share = Some(share);
    };
    let mut backward = all.clone();
    backward.reverse();
    let too_few = |edit: &dyn Fn(&mut Held)| {
        let mut all = without(&[4, 5]);
        edit(&mut all[1]);
        of(&all)
    };
    vec![
        good("whole", "3 of 5, and every store has its share", of(&all)),
        good("in another order", "the order of the leaves does not count", of(&backward)),
        good("two missing", "they are not bad", of(&without(&[2, 5]))),
        good("sealed again", "share 2 has another hash than its leaf, and opens", of(&again)),
        good("exchanged", "shares 1 and 2 are in each other's place", of(&exchanged)),
        good(
            "another record in clear",
            "share 2 has the hash of its leaf, and the record in clear is another one",
            of(&edited(2, &|held| {
                let mut share = held.share.clone().expect("a share");
                // The record is the first field after the label and the front.
                let at = 1 + usize::from(share[0]) + 3 + 3;
                share[at] ^= 1;
                hashed(held, share);
            })),
        ),
        good(
            "not sealed for its place",
            "share 2 has the hash and the fields of its leaf, and does not open",
            of(&edited(2, &|held| {
                let mut share = held.share.clone().expect("a share");
                *share.last_mut().expect("bytes") ^= 1;
                hashed(held, share);
            })),
        ),
        good("leaf of another store", "the store of its leaf has no share 2", {
            let mut input = of(&all);
            let moved = of(&edited(2, &elsewhere));
            input["leaves"] = moved["leaves"].clone();
            input
        }),
        good(
            "leaves of another set beside",
            "they do not count, and their shares are not bad",
            of(&[&foreign[..], &all].concat()),
        ),
        good("shares that no leaf names", "a store holds more", {
            let mut input = of(&all);
            let more = of(&[&all[..], &foreign].concat());
            input["held"] = more["held"].clone();
            input
        }),
        good(
            "no share at all",
            "share 2 has the hash of its leaf, and is not the encoding of a share",
            of(&edited(2, &|held| hashed(held, b"no share".to_vec()))),
        ),
        good("an index twice, one bad", "a second leaf for share 2, whose share has another hash", {
            let mut second = all[1].clone();
            second.id = 6;
            resealed(&mut second);
            of(&[&all[..], &[second]].concat())
        }),
        hostile(
            "an index twice",
            "an index twice, one bad",
            "a second leaf for share 2, and both are good",
            of(&[&all[..], &[Held { id: 6, ..all[1].clone() }]].concat()),
        ),
        hostile("no share", "whole", "no store has one", of(&without(&[1, 2, 3, 4, 5]))),
        hostile("two shares", "two missing", "of three", of(&without(&[2, 4, 5]))),
        hostile("one of three sealed again", "sealed again", "two shares are left", too_few(&resealed)),
        hostile("only another set", "leaves of another set beside", "no leaf counts", of(&foreign)),
        hostile("other phrase", "whole", "a phrase that was sealed for another set", {
            let mut input = of(&all);
            input["sealed"] = hex(phrase_sealed(&other_set));
            input
        }),
        hostile("other cold root", "whole", "no share opens", {
            let mut input = of(&all);
            input["cold_root"] = hex([3; 32]);
            input
        }),
    ]
}

#[test]
fn recorded() {
    FILE.run(12, 7);
}
