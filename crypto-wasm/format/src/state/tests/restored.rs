use super::*;
use crate::ids::MethodId;
use crate::keyslot::{Scope, SlotKind};
use crate::samples::{
    COLD_SLOT, METHOD, PROFILE, RECORD, ROOT_SLOT, SECOND_DEVICE, VAULT, device_leaf, forged_genesis,
    genesis_body, genesis_changes, record_leaf, slot_leaf, vault_verifier, written,
};

fn begun(vault: VaultId, body: HeadBody, device: u8, changes: &[Change]) -> Result<VaultState, HeadRefused> {
    VaultState::genesis(vault, sign(body, device), changes)
}

#[test]
fn geneses_with_other_changes() {
    let changes = genesis_changes();
    let [device, root, cold, profile] = [changes[0], changes[1], changes[2], changes[3]];
    let device_by = |added_by| Change::Device(DEVICE, DeviceLeaf { added_by, ..device_leaf(0x21) });
    let second = Change::Device(SECOND_DEVICE, device_leaf(0x22));
    let record = |overview, secret| Change::Record(PROFILE, record_leaf(overview, secret));
    let other_record = Change::Record(RECORD, record_leaf(1, 1));
    let other_root =
        |method| Change::Keyslot(SlotId::new([0x33; 16]), KeyslotLeaf { method, ..slot_leaf(Scope::Root) });
    let cold_leaf = slot_leaf(Scope::Cold);
    let recovery_cold = Change::Keyslot(COLD_SLOT, KeyslotLeaf { kind: SlotKind::RecoveryCode, ..cold_leaf });
    let cold_of_other =
        Change::Keyslot(COLD_SLOT, KeyslotLeaf { method: MethodId::new([9; 16]), ..cold_leaf });
    let share = Change::Share(ShareId::new([9; 16]), crate::samples::share_leaf(1, 2, 3, 1));
    let attacks: Vec<(&str, Vec<Change>)> = vec![
        ("nothing", vec![]),
        ("no device", vec![root, cold, profile]),
        ("two devices", vec![device, second, root, cold, profile]),
        ("the device twice", vec![device, device, root, cold, profile]),
        ("another device than the writer", vec![second, root, cold, profile]),
        ("no root slot", vec![device, cold, profile]),
        ("no cold slot", vec![device, root, profile]),
        ("no slot", vec![device, profile]),
        ("a slot twice", vec![device, root, cold, cold, profile]),
        ("added by a slot", vec![device_by(MethodId::new([0x31; 16])), root, cold, profile]),
        ("added by no method", vec![device_by(MethodId::new([9; 16])), root, cold, profile]),
        ("two root slots of a method", vec![device, root, cold, other_root(METHOD), profile]),
        ("half a method beside", vec![device, root, cold, other_root(MethodId::new([9; 16])), profile]),
        ("a method of two kinds", vec![device, root, recovery_cold, profile]),
        ("slots of two methods", vec![device, root, cold_of_other, profile]),
        ("no record", vec![device, root, cold]),
        ("a record beside the profile", vec![device, root, cold, profile, other_record]),
        ("a record in the profile's place", vec![device, root, cold, other_record]),
        ("a share", vec![device, root, cold, profile, share]),
        ("a record at overview 2", vec![device, root, cold, record(2, 1)]),
        ("a record at secret 2", vec![device, root, cold, record(1, 2)]),
        ("a record at version 0", vec![device, root, cold, record(0, 0)]),
        ("a tombstone", vec![device, root, cold, profile, Change::Tombstone(RECORD, 2)]),
        ("a record and its tombstone", vec![device, root, cold, profile, Change::Tombstone(PROFILE, 2)]),
    ];
    for (name, changes) in attacks {
        assert_eq!(
            VaultState::genesis_body(VAULT, vault_verifier(1), DEVICE, &changes, TIME),
            Err(HeadRefused::ForbiddenChanges),
            "{name}"
        );
        let offered = begun(VAULT, forged_genesis(&changes), 0x21, &changes);
        assert_eq!(offered.err(), Some(HeadRefused::ForbiddenChanges), "{name}");
    }
    assert!(begun(VAULT, forged_genesis(&changes), 0x21, &changes).is_ok());
}

#[test]
fn geneses_with_other_bodies() {
    let changes = genesis_changes();
    let good = genesis_body();
    let attacks = [
        ("another vault", HeadBody { vault: VaultId::new([0x12; 16]), ..good }, HeadRefused::OtherVault),
        ("epoch 0", HeadBody { epoch: 0, ..good }, HeadRefused::OtherVault),
        ("epoch 2", HeadBody { epoch: 2, ..good }, HeadRefused::OtherVault),
        ("counter 0", HeadBody { counter: 0, ..good }, HeadRefused::NotNext),
        ("counter 2", HeadBody { counter: 2, ..good }, HeadRefused::NotNext),
        ("a parent", HeadBody { prev: Some([9; 32]), ..good }, HeadRefused::NotNext),
        ("a zero parent", HeadBody { prev: Some([0; 32]), ..good }, HeadRefused::NotNext),
        ("min format 0", HeadBody { min_format: 0, ..good }, HeadRefused::NotNext),
        ("min format 2", HeadBody { min_format: 2, ..good }, HeadRefused::NotNext),
        ("a write", HeadBody { op: Op::Write, ..good }, HeadRefused::NotNext),
        ("a join", HeadBody { op: Op::Join, ..good }, HeadRefused::NotNext),
        ("another writer", HeadBody { writer: SECOND_DEVICE, ..good }, HeadRefused::ForbiddenChanges),
        ("another history", HeadBody { history: [0; 32], ..good }, HeadRefused::OtherHistory),
        ("another tree", HeadBody { root: [0; 32], ..good }, HeadRefused::OtherTree),
        ("a leaf more", HeadBody { leaves: 5, ..good }, HeadRefused::OtherTree),
        (
            "another vault key",
            HeadBody { vault_key: vault_verifier(2), ..good },
            HeadRefused::InvalidSignature,
        ),
    ];
    for (name, body, why) in attacks {
        assert_eq!(begun(VAULT, body, 0x21, &changes).err(), Some(why), "{name}");
    }
    assert_eq!(
        begun(VAULT, good, 0x22, &changes).err(),
        Some(HeadRefused::InvalidSignature),
        "another device's key"
    );
    assert_eq!(begun(VaultId::new([0x12; 16]), good, 0x21, &changes).err(), Some(HeadRefused::OtherVault));
    let swapped =
        [changes[0], changes[1], changes[2], Change::Record(PROFILE, record_leaf(1, 1)), changes[3]];
    assert_eq!(begun(VAULT, good, 0x21, &swapped).err(), Some(HeadRefused::ForbiddenChanges));
    assert!(begun(VAULT, good, 0x21, &changes).is_ok());
}

fn kept(state: &VaultState) -> Vec<(LeafId, Leaf)> {
    state.leaves().map(|(id, leaf)| (id, *leaf)).collect()
}

#[test]
fn a_kept_state_comes_back_and_goes_on() {
    let state = written();
    let mut leaves = kept(&state);
    leaves.reverse();
    let mut restored =
        VaultState::restore(*state.head(), state.past().clone(), leaves).expect("what was kept");
    assert_eq!(snapshot(&restored), snapshot(&state));
    let changes = [Change::Record(RECORD, record_leaf(2, 1))];
    let body = restored.next_body(Op::Write, DEVICE, &changes, TIME).expect("good changes");
    assert_eq!(restored.advance(sign(body, 0x21), &changes), Ok(()));
}

#[test]
fn a_kept_state_that_was_changed_is_refused() {
    let state = written();
    let good = kept(&state);
    for at in 0..good.len() {
        let mut without = good.clone();
        without.remove(at);
        assert_eq!(
            VaultState::restore(*state.head(), state.past().clone(), without).err(),
            Some(HeadRefused::OtherTree),
            "without {at}"
        );
    }
    let others = [
        (LeafId::Record(RECORD), Leaf::Record(record_leaf(2, 1))),
        (LeafId::Record(RECORD), Leaf::Tombstone { version: 2 }),
        (LeafId::Tombstone(RECORD), Leaf::Tombstone { version: 2 }),
        (LeafId::Record(RecordId::new([9; 16])), Leaf::Record(record_leaf(1, 1))),
        (LeafId::Keyslot(ROOT_SLOT), Leaf::Keyslot(slot_leaf(Scope::Cold))),
        (LeafId::Keyslot(SlotId::new([9; 16])), Leaf::Keyslot(slot_leaf(Scope::Root))),
        (LeafId::Device(DEVICE), Leaf::Device(device_leaf(0x22))),
        (LeafId::Device(DEVICE), Leaf::Device(DeviceLeaf { max_format: 2, ..device_leaf(0x21) })),
        (LeafId::Device(SECOND_DEVICE), Leaf::Device(device_leaf(0x22))),
    ];
    for other in others {
        let mut changed: Vec<_> = good.iter().copied().filter(|(id, _)| *id != other.0).collect();
        changed.push(other);
        assert_eq!(
            VaultState::restore(*state.head(), state.past().clone(), changed).err(),
            Some(HeadRefused::OtherTree),
            "{other:?}"
        );
    }
    assert_eq!(
        VaultState::restore(*genesis().head(), genesis().past().clone(), good.clone()).err(),
        Some(HeadRefused::OtherTree),
        "an older head"
    );
    assert_eq!(
        VaultState::restore(*state.head(), state.past().clone(), []).err(),
        Some(HeadRefused::OtherTree)
    );

    let mut bytes = state.head().to_bytes();
    for at in [194, 194 + 64] {
        bytes[at] ^= 1;
        let head = SignedHead::from_bytes(&bytes).expect("signatures are any bytes");
        assert_eq!(
            VaultState::restore(head, state.past().clone(), good.clone()).err(),
            Some(HeadRefused::InvalidSignature)
        );
        bytes[at] ^= 1;
    }
    for past in [genesis().past().clone(), state.past_of_next()] {
        assert_eq!(
            VaultState::restore(*state.head(), past, good.clone()).err(),
            Some(HeadRefused::OtherHistory)
        );
    }
    let body = HeadBody { writer: SECOND_DEVICE, ..*state.head().body() };
    assert_eq!(
        VaultState::restore(sign(body, 0x22), state.past().clone(), good).err(),
        Some(HeadRefused::InvalidSignature)
    );
}
