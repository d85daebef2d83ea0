use super::*;
use crate::ids::MethodId;
use crate::keyslot::Scope;
use crate::samples::{
    PROFILE, RECORD, ROOT_SLOT, SECOND_DEVICE, VAULT, device_leaf, genesis_body, genesis_changes,
    record_leaf, sign_for, slot_leaf, vault_verifier, written,
};

const NEW: RecordId = RecordId::new([0x77; 16]);

#[test]
fn changes_that_break_the_rules_of_a_write() {
    let state = written();
    let old = record_leaf(1, 1);
    let record = |leaf| Change::Record(RECORD, leaf);
    let attacks: Vec<(&str, Vec<Change>)> = vec![
        ("no change", vec![]),
        ("the same record", vec![record(old)]),
        ("an overview two up", vec![record(record_leaf(3, 1))]),
        ("a secret two up", vec![record(record_leaf(1, 3))]),
        ("one part up, the other two up", vec![record(record_leaf(2, 3))]),
        ("a version back", vec![record(record_leaf(0, 1))]),
        ("one part up, the other back", vec![record(record_leaf(2, 0))]),
        ("another overview at the same version", vec![record(RecordLeaf { overview_hash: [9; 32], ..old })]),
        ("another secret at the same version", vec![record(RecordLeaf { secret_hash: [9; 32], ..old })]),
        (
            "overview up, another secret",
            vec![record(RecordLeaf { secret_hash: [9; 32], ..record_leaf(2, 1) })],
        ),
        (
            "secret up, another overview",
            vec![record(RecordLeaf { overview_hash: [9; 32], ..record_leaf(1, 2) })],
        ),
        ("a new record at overview 2", vec![Change::Record(NEW, record_leaf(2, 1))]),
        ("a new record at secret 2", vec![Change::Record(NEW, record_leaf(1, 2))]),
        ("a new record at version 0", vec![Change::Record(NEW, record_leaf(0, 0))]),
        ("the profile deleted", vec![Change::Tombstone(PROFILE, 9)]),
        ("a tombstone for no record", vec![Change::Tombstone(NEW, 9)]),
        ("a tombstone at the version", vec![Change::Tombstone(RECORD, 1)]),
        ("a tombstone below", vec![Change::Tombstone(RECORD, 0)]),
        ("a record twice", vec![record(record_leaf(2, 1)), record(record_leaf(2, 1))]),
        ("two versions of a record", vec![record(record_leaf(2, 1)), record(record_leaf(3, 1))]),
        ("a record written and deleted", vec![record(record_leaf(2, 1)), Change::Tombstone(RECORD, 9)]),
        ("a record deleted and written", vec![Change::Tombstone(RECORD, 9), record(record_leaf(1, 1))]),
        ("a record deleted twice", vec![Change::Tombstone(RECORD, 9), Change::Tombstone(RECORD, 9)]),
        ("a keyslot added", vec![Change::Keyslot(SlotId::new([9; 16]), slot_leaf(Scope::Root))]),
        ("a keyslot replaced", vec![Change::Keyslot(ROOT_SLOT, slot_leaf(Scope::Cold))]),
        ("a keyslot left alone", vec![Change::Keyslot(ROOT_SLOT, slot_leaf(Scope::Root))]),
        ("a device added", vec![Change::Device(SECOND_DEVICE, device_leaf(0x22))]),
        ("a device replaced", vec![Change::Device(DEVICE, device_leaf(0x22))]),
        ("a device away", vec![Change::DeviceRemoved(SECOND_DEVICE)]),
        (
            "a good change and a keyslot",
            vec![record(record_leaf(2, 1)), Change::Keyslot(SlotId::new([9; 16]), slot_leaf(Scope::Root))],
        ),
        (
            "a good change and a bad one",
            vec![record(record_leaf(2, 1)), Change::Record(NEW, record_leaf(2, 2))],
        ),
    ];
    for (name, changes) in attacks {
        rule_broken(&state, Op::Write, DEVICE, 0x21, &changes, name);
    }
}

#[test]
fn a_tombstone_is_above_both_parts() {
    let mut state = written();
    let changes = [Change::Record(RECORD, record_leaf(1, 2))];
    state.advance(sign(forged(&state, Op::Write, DEVICE, &changes), 0x21), &changes).expect("good");
    let changes = [Change::Record(RECORD, record_leaf(1, 3))];
    state.advance(sign(forged(&state, Op::Write, DEVICE, &changes), 0x21), &changes).expect("good");
    for version in [1, 2, 3] {
        let name = format!("tombstone {version} over versions 1 and 3");
        rule_broken(&state, Op::Write, DEVICE, 0x21, &[Change::Tombstone(RECORD, version)], &name);
    }
    assert!(state.next_body(Op::Write, DEVICE, &[Change::Tombstone(RECORD, 4)], TIME).is_ok());
}

/// Attack T17 of `tests/ATTACKS.md`.
#[test]
fn a_deleted_record_never_comes_back() {
    let mut state = written();
    let changes = [Change::Tombstone(RECORD, 5)];
    state.advance(sign(forged(&state, Op::Write, DEVICE, &changes), 0x21), &changes).expect("good");
    for (overview, secret) in [(1, 1), (2, 1), (5, 5), (6, 6)] {
        let changes = [Change::Record(RECORD, record_leaf(overview, secret))];
        rule_broken(&state, Op::Write, DEVICE, 0x21, &changes, "resurrected");
    }
    for version in [5, 6] {
        rule_broken(&state, Op::Write, DEVICE, 0x21, &[Change::Tombstone(RECORD, version)], "deleted again");
    }
}

#[test]
fn versions_do_not_wrap() {
    let leaves = [
        (LeafId::Device(DEVICE), Leaf::Device(device_leaf(0x21))),
        (LeafId::Record(RECORD), Leaf::Record(record_leaf(u64::MAX, 1))),
    ];
    let tree: Leaves = leaves.into_iter().collect();
    // As many heads as there can be before the last one.
    let past = [(u64::MAX - 1).to_be_bytes().as_slice(), &[7; 63 * 32]].concat();
    let past = History::from_bytes(&past).expect("one hash for each bit");
    let (root, history) = (tree.tree().root(), past.root());
    let body = HeadBody { root, history, leaves: 2, counter: u64::MAX, ..genesis_body() };
    let state = VaultState::restore(sign(body, 0x21), past, leaves).expect("signed");
    for changes in [Change::Record(RECORD, record_leaf(0, 1)), Change::Tombstone(RECORD, u64::MAX)] {
        assert_eq!(state.next_body(Op::Write, DEVICE, &[changes], TIME), Err(HeadRefused::ForbiddenChanges));
    }
    let changes = [Change::Record(PROFILE, record_leaf(1, 1))];
    assert_eq!(
        state.next_body(Op::Write, DEVICE, &changes, TIME),
        Err(HeadRefused::NotNext),
        "the counter is spent"
    );
}

#[test]
fn changes_that_break_the_rules_of_a_join() {
    let mut state = written();
    let leaf = device_leaf(0x22);
    let join = [Change::Device(SECOND_DEVICE, leaf)];
    let with = |added_by| vec![Change::Device(SECOND_DEVICE, DeviceLeaf { added_by, ..leaf })];
    let attacks: Vec<(&str, Vec<Change>)> = vec![
        ("no device", vec![]),
        ("a device that is not the writer", vec![Change::Device(DeviceId::new([0xa3; 16]), leaf)]),
        ("two devices", vec![join[0], Change::Device(DeviceId::new([0xa3; 16]), device_leaf(0x23))]),
        ("the device twice", vec![join[0], join[0]]),
        ("a record beside it", vec![join[0], Change::Record(NEW, record_leaf(1, 1))]),
        ("a keyslot beside it", vec![join[0], Change::Keyslot(SlotId::new([9; 16]), slot_leaf(Scope::Root))]),
        ("a deletion beside it", vec![join[0], Change::Tombstone(RECORD, 9)]),
        ("a keyslot in its place", vec![Change::Keyslot(SlotId::new([9; 16]), slot_leaf(Scope::Root))]),
        ("a record in its place", vec![Change::Record(NEW, record_leaf(1, 1))]),
        ("added by no method", with(MethodId::new([9; 16]))),
        ("added by a slot", with(MethodId::new(*ROOT_SLOT.as_bytes()))),
        ("added by a record", with(MethodId::new(*RECORD.as_bytes()))),
        ("a live device's key", vec![Change::Device(SECOND_DEVICE, device_leaf(0x21))]),
        (
            "a device that reads nothing",
            vec![Change::Device(SECOND_DEVICE, DeviceLeaf { max_format: 0, ..leaf })],
        ),
    ];
    for (name, changes) in attacks {
        rule_broken(&state, Op::Join, SECOND_DEVICE, 0x22, &changes, name);
    }
    let replaced = [Change::Device(DEVICE, device_leaf(0x22))];
    rule_broken(&state, Op::Join, DEVICE, 0x22, &replaced, "a live device under a new key");
    let again = [Change::Device(DEVICE, device_leaf(0x21))];
    rule_broken(&state, Op::Join, DEVICE, 0x21, &again, "a live device again");

    state.advance(sign(forged(&state, Op::Join, SECOND_DEVICE, &join), 0x22), &join).expect("a good join");
    rule_broken(&state, Op::Join, SECOND_DEVICE, 0x22, &join, "the same join twice");
}

/// Attack T19 of `tests/ATTACKS.md`.
#[test]
fn signers_that_may_not_write() {
    let mut state = written();
    let changes = [Change::Record(NEW, record_leaf(1, 1))];
    let join = [Change::Device(SECOND_DEVICE, device_leaf(0x22))];
    let write = |writer| forged(&state, Op::Write, writer, &changes);
    let attacks = [
        ("a writer that is no device", sign(write(SECOND_DEVICE), 0x22), changes),
        ("a writer that is no device, by a live one's key", sign(write(SECOND_DEVICE), 0x21), changes),
        ("a live writer by another key", sign(write(DEVICE), 0x22), changes),
        ("a join signed by another device", sign(forged(&state, Op::Join, SECOND_DEVICE, &join), 0x21), join),
        ("another root's signature", sign_for(2, write(DEVICE), 0x21), changes),
    ];
    for (name, head, changes) in attacks {
        refused(&state, head, &changes, HeadRefused::InvalidSignature, name);
    }
    let good = sign(write(DEVICE), 0x21);
    let bytes = good.to_bytes();
    for at in 194..bytes.len() {
        let mut bytes = bytes.clone();
        bytes[at] ^= 1;
        let head = SignedHead::from_bytes(&bytes).expect("signatures are any bytes");
        refused(&state, head, &changes, HeadRefused::InvalidSignature, "a flipped bit in a signature");
    }
    assert_eq!(state.advance(good, &changes), Ok(()));
}

/// Attacks T08, T56 of `tests/ATTACKS.md`.
#[test]
fn heads_that_do_not_follow() {
    let mut state = written();
    let changes = [Change::Record(NEW, record_leaf(1, 1))];
    let good = forged(&state, Op::Write, DEVICE, &changes);
    let mine = *state.head().body();
    let attacks = [
        ("another vault", HeadBody { vault: VaultId::new([0x12; 16]), ..good }, HeadRefused::OtherVault),
        ("the next epoch", HeadBody { epoch: 2, ..good }, HeadRefused::OtherVault),
        ("an earlier epoch", HeadBody { epoch: 0, ..good }, HeadRefused::OtherVault),
        ("another vault key", HeadBody { vault_key: vault_verifier(2), ..good }, HeadRefused::OtherVault),
        ("a skipped counter", HeadBody { counter: good.counter + 1, ..good }, HeadRefused::NotNext),
        ("the same counter", HeadBody { counter: mine.counter, ..good }, HeadRefused::NotNext),
        ("counter 0", HeadBody { counter: 0, ..good }, HeadRefused::NotNext),
        ("the last counter", HeadBody { counter: u64::MAX, ..good }, HeadRefused::NotNext),
        ("no parent", HeadBody { prev: None, ..good }, HeadRefused::NotNext),
        ("another parent", HeadBody { prev: Some([9; 32]), ..good }, HeadRefused::NotNext),
        ("the parent's parent", HeadBody { prev: mine.prev, ..good }, HeadRefused::NotNext),
        ("a lower min format", HeadBody { min_format: 0, ..good }, HeadRefused::NotNext),
        ("a higher min format", HeadBody { min_format: 2, ..good }, HeadRefused::NotNext),
        ("the highest min format", HeadBody { min_format: u16::MAX, ..good }, HeadRefused::NotNext),
        ("another history", HeadBody { history: [9; 32], ..good }, HeadRefused::OtherHistory),
        ("the parent's history", HeadBody { history: mine.history, ..good }, HeadRefused::OtherHistory),
        ("another tree", HeadBody { root: [9; 32], ..good }, HeadRefused::OtherTree),
        ("the parent's tree", HeadBody { root: mine.root, ..good }, HeadRefused::OtherTree),
        ("a leaf more", HeadBody { leaves: good.leaves + 1, ..good }, HeadRefused::OtherTree),
        ("a leaf less", HeadBody { leaves: good.leaves - 1, ..good }, HeadRefused::OtherTree),
    ];
    for (name, body, why) in attacks {
        let root = if body.vault_key == good.vault_key { 1 } else { 2 };
        refused(&state, sign_for(root, body, 0x21), &changes, why, name);
    }
    refused(&state, *state.head(), &changes, HeadRefused::NotNext, "the known head again");
    refused(
        &state,
        sign(good, 0x21),
        &[Change::Record(NEW, record_leaf(1, 1)), changes[0]],
        HeadRefused::ForbiddenChanges,
        "twice",
    );
    let other = [Change::Record(PROFILE, record_leaf(2, 1))];
    refused(&state, sign(good, 0x21), &other, HeadRefused::OtherTree, "the changes of another head");
    let other_hash = [Change::Record(NEW, RecordLeaf { secret_hash: [9; 32], ..record_leaf(1, 1) })];
    refused(&state, sign(good, 0x21), &other_hash, HeadRefused::OtherTree, "a swapped blob");
    assert_eq!(state.advance(sign(good, 0x21), &changes), Ok(()));
}

/// Attack T54 of `tests/ATTACKS.md`.
#[test]
fn operations_do_not_stand_for_each_other() {
    let state = written();
    let write = [Change::Record(NEW, record_leaf(1, 1))];
    let join = [Change::Device(SECOND_DEVICE, device_leaf(0x22))];
    let head = sign(forged(&state, Op::Join, DEVICE, &write), 0x21);
    refused(&state, head, &write, HeadRefused::ForbiddenChanges, "a write named join");
    let head = sign(forged(&state, Op::Write, SECOND_DEVICE, &join), 0x22);
    refused(&state, head, &join, HeadRefused::ForbiddenChanges, "a join named write");
    let head = sign(forged(&state, Op::Genesis, DEVICE, &write), 0x21);
    refused(&state, head, &write, HeadRefused::NotNext, "a write named genesis");
    assert_eq!(state.next_body(Op::Genesis, DEVICE, &write, TIME), Err(HeadRefused::ForbiddenChanges));

    let changes = genesis_changes();
    refused(&state, sign(genesis_body(), 0x21), &changes, HeadRefused::NotNext, "the genesis again");
    let head = sign(forged(&state, Op::Genesis, DEVICE, &changes), 0x21);
    refused(&state, head, &changes, HeadRefused::NotNext, "a genesis as the next head");
    assert_eq!(VaultState::genesis(VAULT, *state.head(), &write).err(), Some(HeadRefused::NotNext));
}
