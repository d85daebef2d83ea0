//! States whose leaves no heads bring together: mixed shares, shares without their record, no
//! method.

use super::chain_cases::step;
use super::continued_vault::{Continued, OTHER, added, slot, write};
use super::{Case, good, hostile};
use crate::tests::support::{
    METHOD, SECOND_DEVICE, WALLET, dealing, device_leaf, forged, record_leaf, share_id, share_leaf, sign,
};
use crate::{Change, Leaf, LeafId, Op, RecordId, Scope, ShareLeaf, ShareSetId, SlotId};

pub(super) fn cases() -> Vec<Case> {
    let mut all = mixed_shares();
    all.extend(records_with_shares());
    all.extend(without_methods());
    all
}

/// A share with an id that no dealing has, 1 of 3 in the set of a wallet that has lost its record.
fn odd_share(id: u8, edit: impl Fn(&mut ShareLeaf)) -> (LeafId, Leaf) {
    let mut leaf = share_leaf(1, 2, 3, 1);
    leaf.set = ShareSetId::new([0x52; 16]);
    edit(&mut leaf);
    (LeafId::Share(share_id(9, id)), Leaf::Share(leaf))
}

/// A wallet whose live shares are not of one dealing.
fn mixed_shares() -> Vec<Case> {
    let wallet = (LeafId::Record(WALLET), Leaf::Record(record_leaf(1, 1)));
    let first = |leaf: ShareLeaf| (LeafId::Share(share_id(1, 1)), Leaf::Share(leaf));
    let beside = |other| Continued::with(&[wallet, first(share_leaf(1, 2, 3, 1)), other]);
    let later = |id| odd_share(id, |leaf| *leaf = share_leaf(3, 5, 7, 1));
    let (epochs, sets) = (beside(later(1)), beside(odd_share(1, |_| ())));
    let gone = [Change::ShareRemoved(share_id(1, 1)), Change::ShareRemoved(share_id(9, 1))];
    let refresh = |epoch| {
        let record = [Change::Record(WALLET, record_leaf(2, 2))];
        [&record[..], &gone, &dealing(epoch, 2, 3)].concat()
    };
    vec![
        epochs.good(
            "refresh after two share epochs",
            "4 after 1 and 3, which have other numbers k and n",
            Op::Wallet,
            &refresh(4),
        ),
        hostile(
            "refresh between two share epochs",
            "refresh after two share epochs",
            "2 after 1 and 3",
            epochs.then(Op::Wallet, &refresh(2)),
        ),
        hostile(
            "refresh of two sets",
            "refresh after two share epochs",
            "a removed share is of another set than the new ones",
            sets.then(Op::Wallet, &refresh(4)),
        ),
        sets.good(
            "removal of two sets",
            "all live shares of the record",
            Op::Wallet,
            &[&[Change::Tombstone(WALLET, 9)][..], &gone].concat(),
        ),
    ]
}

/// Records that are added while live shares name them.
fn records_with_shares() -> Vec<Case> {
    let named = |record| Continued::with(&[odd_share(1, |leaf| leaf.record = record)]);
    let of_device = RecordId::new(*SECOND_DEVICE.as_bytes());
    let (none, wallet, device) = (named(RecordId::new([0x45; 16])), named(WALLET), named(of_device));
    let new = |id| Change::Record(id, record_leaf(1, 1));
    let split = [&[new(WALLET)][..], &dealing(1, 2, 3)].concat();
    let join = |before: &Continued| {
        let changes = [Change::Device(SECOND_DEVICE, device_leaf(0x22)), new(of_device)];
        let body = forged(&before.state, Op::Join, SECOND_DEVICE, &changes);
        let mut all = before.clone();
        all.steps.push(step(sign(body, 0x22), &changes));
        all.input()
    };
    vec![
        none.good("record beside shares", "they name no record that there is", Op::Write, &[new(WALLET)]),
        hostile(
            "record that shares name",
            "record beside shares",
            "it is added",
            wallet.then(Op::Write, &[new(WALLET)]),
        ),
        none.good("split beside shares", "they name no record that there is", Op::Wallet, &split),
        hostile(
            "split of a record that shares name",
            "split beside shares",
            "they are of another set",
            wallet.then(Op::Wallet, &split),
        ),
        good("join beside shares", "they name no record that there is", join(&none)),
        hostile(
            "join with a record that shares name",
            "join beside shares",
            "the device's record is added",
            join(&device),
        ),
    ]
}

/// States in which no method is live.
fn without_methods() -> Vec<Case> {
    let none = Continued::with_slots(&[]);
    let cold = Continued::with_slots(&[slot(0x92, OTHER, Scope::Cold)]);
    let lone = Change::KeyslotRemoved(SlotId::new([0x92; 16]));
    vec![
        none.good("first method", "no method is live before it", Op::SignInMethods, &added(0xa1, METHOD)),
        hostile(
            "no method again",
            "first method",
            "only a record is changed",
            none.then(Op::SignInMethods, &write(2, 1)),
        ),
        hostile(
            "lone cold slot removed",
            "first method",
            "half a method, and none is live",
            cold.then(Op::SignInMethods, &[lone]),
        ),
    ]
}
