use super::*;
use crate::ids::MethodId;
use crate::keyslot::{Scope, SlotKind};
use crate::samples::{
    PROFILE, RECORD, ROOT_SLOT, SECOND_DEVICE, VAULT, device_leaf, genesis_body, genesis_changes,
    record_leaf, slot_leaf, vault_verifier, written,
};

fn advance(state: &mut VaultState, op: Op, writer: DeviceId, device: u8, changes: &[Change]) {
    let body = state.next_body(op, writer, changes, TIME).expect("good changes");
    state.advance(sign(body, device), changes).expect("a good head");
}

#[test]
fn a_genesis_says_what_it_contains() {
    let state = genesis();
    assert_eq!(state.leaves().count(), 4);
    assert_eq!(state.head().body().leaves, 4);
    assert_eq!(state.device(DEVICE), Some(&device_leaf(0x21)));
    assert_eq!(state.record(PROFILE), Some(&record_leaf(1, 1)));
    assert!(state.keyslot(ROOT_SLOT).is_some_and(|slot| slot.scope == Scope::Root));
    assert_eq!(state.record(RECORD), None);
    assert_eq!(state.device(SECOND_DEVICE), None);
    assert_eq!(state.keyslot(SlotId::new([0; 16])), None);
    let body = genesis_body();
    assert_eq!((body.counter, body.epoch, body.min_format, body.prev), (1, 1, 1, None));
    assert_eq!(body.vault_key, vault_verifier(1));
}

#[test]
fn each_part_of_a_record_goes_up_by_itself() {
    let mut state = written();
    for (overview, secret) in [(2, 1), (2, 2), (3, 3), (3, 4), (4, 4)] {
        advance(
            &mut state,
            Op::Write,
            DEVICE,
            0x21,
            &[Change::Record(RECORD, record_leaf(overview, secret))],
        );
        assert_eq!(state.record(RECORD), Some(&record_leaf(overview, secret)));
    }
    assert_eq!(state.head().body().counter, 7);
}

#[test]
fn one_head_changes_many_records_in_any_order() {
    let added = RecordId::new([1; 16]);
    let mut changes = vec![
        Change::Record(PROFILE, record_leaf(2, 1)),
        Change::Tombstone(RECORD, 2),
        Change::Record(added, record_leaf(1, 1)),
    ];
    let (mut forward, mut backward) = (written(), written());
    advance(&mut forward, Op::Write, DEVICE, 0x21, &changes);
    changes.reverse();
    advance(&mut backward, Op::Write, DEVICE, 0x21, &changes);
    assert_eq!(snapshot(&forward), snapshot(&backward));
    assert_eq!(forward.record(RECORD), None);
    assert!(
        forward.leaves().any(|leaf| leaf == (LeafId::Tombstone(RECORD), &Leaf::Tombstone { version: 2 }))
    );
    assert_eq!(forward.leaves().count(), 6);
}

#[test]
fn a_tombstone_may_be_far_above() {
    let mut state = written();
    advance(&mut state, Op::Write, DEVICE, 0x21, &[Change::Tombstone(RECORD, u64::MAX)]);
    assert_eq!(state.record(RECORD), None);
}

#[test]
fn a_device_joins_and_then_writes() {
    let mut state = genesis();
    let join = [Change::Device(SECOND_DEVICE, device_leaf(0x22))];
    advance(&mut state, Op::Join, SECOND_DEVICE, 0x22, &join);
    advance(&mut state, Op::Write, SECOND_DEVICE, 0x22, &[Change::Record(RECORD, record_leaf(1, 1))]);
    advance(&mut state, Op::Write, DEVICE, 0x21, &[Change::Record(RECORD, record_leaf(2, 1))]);
    assert_eq!(state.head().body().counter, 4);
    assert_eq!(state.device(SECOND_DEVICE), Some(&device_leaf(0x22)));
}

#[test]
fn a_genesis_may_have_several_sign_in_methods() {
    let mut changes = genesis_changes();
    for (slot, scope) in [(0x33, Scope::Root), (0x34, Scope::Cold)] {
        let leaf = KeyslotLeaf {
            method: MethodId::new([0x35; 16]),
            kind: SlotKind::RecoveryCode,
            ..slot_leaf(scope)
        };
        changes.push(Change::Keyslot(SlotId::new([slot; 16]), leaf));
    }
    let body =
        VaultState::genesis_body(VAULT, vault_verifier(1), DEVICE, &changes, TIME).expect("good changes");
    let state = VaultState::genesis(VAULT, sign(body, 0x21), &changes).expect("a good genesis");
    assert_eq!(state.leaves().count(), 6);
}

/// Attack T75 of `tests/ATTACKS.md`.
#[test]
fn a_head_dated_far_ahead_locks_nobody_out() {
    let mut state = written();
    for (version, time) in [(2, TIME + (1 << 42)), (3, u64::MAX), (4, TIME), (5, 0)] {
        let changes = [Change::Record(RECORD, record_leaf(version, 1))];
        let body = state.next_body(Op::Write, DEVICE, &changes, time).expect("good changes");
        assert_eq!(state.advance(sign(body, 0x21), &changes), Ok(()), "{time}");
    }
}

#[test]
fn time_may_stand_still_or_run_back() {
    let mut state = written();
    let changes = [Change::Record(RECORD, record_leaf(2, 1))];
    let body = state.next_body(Op::Write, DEVICE, &changes, 0).expect("good changes");
    assert_eq!(state.advance(sign(body, 0x21), &changes), Ok(()));
}
