//! What the rules make of states that no sequence of heads leads to. Only whoever has the root can
//! sign one, but all readers must go on from it in the same way.

use super::*;
use crate::ids::MethodId;
use crate::keyslot::Scope;
use crate::samples::{
    COLD_SLOT, METHOD, PROFILE, ROOT_SLOT, SECOND_DEVICE, WALLET, dealing, device_leaf, record_leaf,
    share_id, share_leaf, slot_leaf, tree, written,
};

/// Returns the sample vault as if it had these leaves as well.
fn with(more: &[(LeafId, Leaf)]) -> VaultState {
    let known = written();
    let leaves: std::collections::BTreeMap<_, _> =
        known.leaves().map(|(id, leaf)| (id, *leaf)).chain(more.iter().copied()).collect();
    let tree = tree(&leaves);
    let body = HeadBody { root: tree.root(), leaves: tree.leaves(), ..*known.head().body() };
    VaultState::restore(sign(body, 0x21), known.past().clone(), leaves).expect("signed")
}

fn slot(id: u8, method: MethodId, scope: Scope) -> (LeafId, Leaf) {
    (LeafId::Keyslot(SlotId::new([id; 16])), Leaf::Keyslot(KeyslotLeaf { method, ..slot_leaf(scope) }))
}

fn added(id: u8, method: MethodId) -> [Change; 2] {
    let slot =
        |id: u8, scope| Change::Keyslot(SlotId::new([id; 16]), KeyslotLeaf { method, ..slot_leaf(scope) });
    [slot(id, Scope::Root), slot(id + 1, Scope::Cold)]
}

const OTHER: MethodId = MethodId::new([0x81; 16]);
const REMOVED: [Change; 2] = [Change::KeyslotRemoved(ROOT_SLOT), Change::KeyslotRemoved(COLD_SLOT)];

#[test]
fn a_profile_with_shares_is_not_removed() {
    let shares: Vec<_> = (1..=2)
        .map(|index| {
            let leaf = ShareLeaf { record: PROFILE, ..share_leaf(1, 2, 2, index) };
            (LeafId::Share(share_id(1, index)), Leaf::Share(leaf))
        })
        .collect();
    let state = with(&shares);
    let gone = |record| {
        let shares = (1..=2).map(|index| Change::ShareRemoved(share_id(1, index)));
        std::iter::once(Change::Tombstone(record, 9)).chain(shares).collect::<Vec<_>>()
    };
    rule_broken(&state, Op::Wallet, DEVICE, 0x21, &gone(PROFILE), "the profile is removed");
    let mut wallet = with(&[]);
    let split = [&[Change::Record(WALLET, record_leaf(1, 1))], &dealing(1, 2, 2)[..]].concat();
    wallet.advance(sign(forged(&wallet, Op::Wallet, DEVICE, &split), 0x21), &split).expect("a split");
    assert!(wallet.next_body(Op::Wallet, DEVICE, &gone(WALLET), TIME).is_ok());
}

#[test]
fn a_record_beside_its_tombstone_is_changed_and_not_deleted() {
    let state = with(&[(LeafId::Tombstone(RECORD), Leaf::Tombstone { version: 1 })]);
    for version in [2, 9] {
        let deletion = [Change::Tombstone(RECORD, version)];
        rule_broken(&state, Op::Write, DEVICE, 0x21, &deletion, "a second tombstone");
    }
    assert!(state.next_body(Op::Write, DEVICE, &[Change::Record(RECORD, record_leaf(2, 1))], TIME).is_ok());
}

#[test]
fn a_method_is_live_by_its_slot_for_the_root() {
    let join = |added_by| [Change::Device(SECOND_DEVICE, DeviceLeaf { added_by, ..device_leaf(0x22) })];
    let by_root = with(&[slot(0x91, OTHER, Scope::Root)]);
    assert!(by_root.next_body(Op::Join, SECOND_DEVICE, &join(OTHER), TIME).is_ok());
    rule_broken(&by_root, Op::SignInMethods, DEVICE, 0x21, &added(0xa1, OTHER), "the id of a live method");
    rule_broken(&by_root, Op::SignInMethods, DEVICE, 0x21, &REMOVED, "one method of two is left");
    let lone = [Change::KeyslotRemoved(SlotId::new([0x91; 16]))];
    rule_broken(&by_root, Op::SignInMethods, DEVICE, 0x21, &lone, "a removal of half a method");

    let by_cold = with(&[slot(0x92, OTHER, Scope::Cold)]);
    rule_broken(&by_cold, Op::Join, SECOND_DEVICE, 0x22, &join(OTHER), "by a method without its root");
    assert!(by_cold.next_body(Op::SignInMethods, DEVICE, &added(0xa1, OTHER), TIME).is_ok());
    rule_broken(&by_cold, Op::SignInMethods, DEVICE, 0x21, &REMOVED, "no method is left");
}

#[test]
fn methods_are_counted_by_their_ids() {
    // A second slot for the root makes no second method, and is what is left of it.
    let twice = with(&[slot(0x91, METHOD, Scope::Root)]);
    assert!(twice.next_body(Op::SignInMethods, DEVICE, &REMOVED, TIME).is_ok());
    let replaced = [&added(0xa1, OTHER)[..], &REMOVED].concat();
    assert!(twice.next_body(Op::SignInMethods, DEVICE, &replaced, TIME).is_ok());
    let renewed = [&added(0xa1, METHOD)[..], &REMOVED].concat();
    rule_broken(&twice, Op::SignInMethods, DEVICE, 0x21, &renewed, "the id of a live method");
}
