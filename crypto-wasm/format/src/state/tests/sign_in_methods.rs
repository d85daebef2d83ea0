use super::*;
use crate::ids::MethodId;
use crate::keyslot::{Scope, SlotKind};
use crate::samples::{
    COLD_SLOT, METHOD, RECORD, ROOT_SLOT, SECOND_DEVICE, device_leaf, genesis_changes, record_leaf,
    slot_leaf, vault_verifier, written,
};

const fn slot(byte: u8) -> SlotId {
    SlotId::new([byte; 16])
}

fn added(byte: u8, method: u8, scope: Scope) -> Change {
    Change::Keyslot(slot(byte), KeyslotLeaf { method: MethodId::new([method; 16]), ..slot_leaf(scope) })
}

/// Returns the changes that add the slots of a sign-in method: `byte` names the method and its root
/// slot, and the next number the cold slot.
fn method(byte: u8) -> [Change; 2] {
    [added(byte, byte, Scope::Root), added(byte + 1, byte, Scope::Cold)]
}

fn gone(byte: u8) -> [Change; 2] {
    [Change::KeyslotRemoved(slot(byte)), Change::KeyslotRemoved(slot(byte + 1))]
}

fn advance(state: &mut VaultState, changes: &[Change]) {
    let body = state.next_body(Op::SignInMethods, DEVICE, changes, TIME).expect("good changes");
    state.advance(sign(body, 0x21), changes).expect("a good head");
}

fn broken(state: &VaultState, changes: &[Change], name: &str) {
    rule_broken(state, Op::SignInMethods, DEVICE, 0x21, changes, name);
}

/// Returns the sample vault with two sign-in methods.
fn with_two() -> VaultState {
    let mut state = written();
    advance(&mut state, &method(0x81));
    state
}

fn slots(state: &VaultState) -> usize {
    state.leaves().filter(|(id, _)| matches!(id, LeafId::Keyslot(_))).count()
}

#[test]
fn sign_in_methods_come_and_go() {
    let mut state = written();
    let recovery = KeyslotLeaf {
        method: MethodId::new([0x81; 16]),
        kind: SlotKind::RecoveryCode,
        ..slot_leaf(Scope::Root)
    };
    advance(
        &mut state,
        &[
            Change::Keyslot(slot(0x81), recovery),
            Change::Keyslot(slot(0x82), KeyslotLeaf { scope: Scope::Cold, ..recovery }),
            Change::Record(RECORD, record_leaf(2, 1)),
        ],
    );
    assert_eq!(state.keyslot(slot(0x81)), Some(&recovery));
    assert_eq!((slots(&state), state.record(RECORD)), (4, Some(&record_leaf(2, 1))));
    // The first method is replaced. Devices keep naming the method that added them, and a device
    // still joins by a live method only.
    advance(
        &mut state,
        &[&method(0x83)[..], &[Change::KeyslotRemoved(ROOT_SLOT), Change::KeyslotRemoved(COLD_SLOT)]]
            .concat(),
    );
    assert_eq!((slots(&state), state.keyslot(ROOT_SLOT)), (4, None));
    assert_eq!(state.device(DEVICE).map(|device| device.added_by), Some(METHOD));
    let join = [Change::Device(SECOND_DEVICE, device_leaf(0x22))];
    rule_broken(&state, Op::Join, SECOND_DEVICE, 0x22, &join, "by a removed method");
    // Three methods, then two again. The ids of a removed method may be reused.
    advance(&mut state, &method(0x85));
    advance(&mut state, &gone(0x83));
    advance(&mut state, &method(0x83));
    advance(
        &mut state,
        &[&gone(0x81)[..], &gone(0x85), &method(0x87), &[Change::Tombstone(RECORD, 9)]].concat(),
    );
    assert_eq!((slots(&state), state.record(RECORD)), (4, None));
}

#[test]
fn nobody_is_locked_out() {
    let one = written();
    broken(&one, &[Change::KeyslotRemoved(ROOT_SLOT), Change::KeyslotRemoved(COLD_SLOT)], "the only method");
    let mut replaced = one;
    let first = [Change::KeyslotRemoved(ROOT_SLOT), Change::KeyslotRemoved(COLD_SLOT)];
    advance(&mut replaced, &[&method(0x81)[..], &first].concat());
    assert_eq!(slots(&replaced), 2, "one method for one is no fewer than before");

    let two = with_two();
    broken(&two, &gone(0x81), "one of two");
    broken(&two, &[&gone(0x81)[..], &first].concat(), "both");
    let mut three = two;
    advance(&mut three, &method(0x83));
    broken(&three, &[&gone(0x81)[..], &gone(0x83)].concat(), "two of three");
    advance(&mut three, &gone(0x83));
    assert_eq!(slots(&three), 4);
}

#[test]
fn methods_come_and_go_whole() {
    let state = with_two();
    let [root, cold] = method(0x83);
    let [root_gone, cold_gone] = gone(0x81);
    let other_kind = KeyslotLeaf {
        method: MethodId::new([0x83; 16]),
        kind: SlotKind::RecoveryCode,
        ..slot_leaf(Scope::Cold)
    };
    let other_kind = Change::Keyslot(slot(0x84), other_kind);
    for (name, changes) in [
        ("a root slot alone", vec![root]),
        ("a cold slot alone", vec![cold]),
        ("a root slot away", vec![root_gone]),
        ("a cold slot away", vec![cold_gone]),
        ("a root slot for a cold one", vec![root, cold_gone]),
        ("a root slot for a root slot", vec![root, root_gone]),
        ("two root slots", vec![root, added(0x84, 0x83, Scope::Root)]),
        ("two root slots and a cold one", vec![root, cold, added(0x85, 0x83, Scope::Root)]),
        ("two methods' halves", vec![root, added(0x84, 0x85, Scope::Cold)]),
        ("two methods' halves away", vec![root_gone, Change::KeyslotRemoved(COLD_SLOT)]),
        ("a third slot for a live method", vec![root, cold, added(0x85, 0x81, Scope::Root)]),
        ("a live method's id again", vec![added(0x83, 0x81, Scope::Root), added(0x84, 0x81, Scope::Cold)]),
        ("slots of two kinds", vec![root, other_kind]),
    ] {
        broken(&state, &changes, name);
    }
    let replaced = [
        Change::KeyslotRemoved(slot(0x81)),
        Change::KeyslotRemoved(slot(0x82)),
        added(0x83, 0x81, Scope::Root),
        added(0x84, 0x81, Scope::Cold),
    ];
    broken(&state, &replaced, "new slots under the id of a method that goes");
}

#[test]
fn changes_that_break_the_rules_of_sign_in_methods() {
    let state = with_two();
    let new = method(0x83);
    let beside = |change: Change| [&new[..], &[change]].concat();
    let live = Change::Keyslot(ROOT_SLOT, KeyslotLeaf { wrap_hash: [9; 32], ..slot_leaf(Scope::Root) });
    let share = crate::samples::share_leaf(1, 2, 3, 1);
    for (name, changes) in [
        ("nothing", vec![]),
        ("a record alone", vec![Change::Record(RECORD, record_leaf(2, 1))]),
        ("a live slot under another wrap", vec![live]),
        ("a live slot again", beside(Change::Keyslot(ROOT_SLOT, slot_leaf(Scope::Root)))),
        ("a live slot in the place of a removed one", vec![live, Change::KeyslotRemoved(slot(0x81))]),
        ("no such slot away", [&new[..], &gone(0x99)].concat()),
        ("a slot away twice", [&new[..], &gone(0x81), &[Change::KeyslotRemoved(slot(0x81))]].concat()),
        ("a slot added and removed", beside(Change::KeyslotRemoved(slot(0x83)))),
        ("a slot removed and added", [&gone(0x81)[..], &method(0x81)].concat()),
        ("a slot added twice", beside(new[0])),
        ("a device", beside(Change::Device(SECOND_DEVICE, device_leaf(0x22)))),
        ("the writer under another key", beside(Change::Device(DEVICE, device_leaf(0x22)))),
        ("a share", beside(Change::Share(ShareId::new([0x91; 16]), share))),
        ("a device away", beside(Change::DeviceRemoved(DEVICE))),
        ("a share away", beside(Change::ShareRemoved(ShareId::new([0x91; 16])))),
        ("a record that skips", beside(Change::Record(RECORD, record_leaf(3, 1)))),
        ("a record unchanged", beside(Change::Record(RECORD, record_leaf(1, 1)))),
        ("a new record at version 2", beside(Change::Record(RecordId::new([0x77; 16]), record_leaf(2, 1)))),
        ("a tombstone of nothing", beside(Change::Tombstone(RecordId::new([0x77; 16]), 2))),
        ("a tombstone not above", beside(Change::Tombstone(RECORD, 1))),
    ] {
        broken(&state, &changes, name);
    }
}

#[test]
fn other_operations_touch_no_slot() {
    let state = with_two();
    let swap = [&method(0x83)[..], &gone(0x81)].concat();
    for op in [Op::Write, Op::Wallet, Op::Devices] {
        rule_broken(&state, op, DEVICE, 0x21, &swap, "a change of the methods under another name");
        rule_broken(&state, op, DEVICE, 0x21, &gone(0x81), "a removal under another name");
    }
    rule_broken(&state, Op::Join, DEVICE, 0x21, &gone(0x81)[..1], "a removal named join");
    let mut changes = genesis_changes();
    changes.push(Change::KeyslotRemoved(slot(0x33)));
    let begun = VaultState::genesis_body(crate::samples::VAULT, vault_verifier(1), DEVICE, &changes, TIME);
    assert_eq!(begun, Err(HeadRefused::ForbiddenChanges), "a genesis removes nothing");
}

/// After a refused head the removed leaves are restored.
#[test]
fn a_refused_removal_is_undone() {
    let mut state = with_two();
    advance(&mut state, &method(0x83));
    let changes = [&gone(0x81)[..], &[Change::Tombstone(RECORD, 9)]].concat();
    let good = forged(&state, Op::SignInMethods, DEVICE, &changes);
    for (body, device, why) in [
        (HeadBody { root: [9; 32], ..good }, 0x21, HeadRefused::OtherTree),
        (HeadBody { leaves: good.leaves + 1, ..good }, 0x21, HeadRefused::OtherTree),
        (good, 0x22, HeadRefused::InvalidSignature),
        (HeadBody { writer: SECOND_DEVICE, ..good }, 0x22, HeadRefused::InvalidSignature),
    ] {
        refused(&state, sign(body, device), &changes, why, "sign-in methods");
    }
    assert_eq!(state.advance(sign(good, 0x21), &changes), Ok(()));
    let restored = VaultState::restore(
        *state.head(),
        state.past().clone(),
        state.leaves().map(|(id, leaf)| (id, *leaf)),
    );
    assert_eq!(restored.as_ref().map(snapshot), Ok(snapshot(&state)));
}
