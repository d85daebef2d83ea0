//! Good and hostile first heads.

use super::chain_cases::{Chain, input, step};
use super::{Case, good, hostile};
use crate::tests::support::{
    DEVICE, PROFILE, RECORD, ROOT_SLOT, SECOND_DEVICE, VAULT, dealing, device_leaf, forged_genesis,
    genesis_body, genesis_changes, record_leaf, sign, slot_leaf,
};
use crate::{
    Change, DeviceId, DeviceLeaf, HeadBody, KeyslotLeaf, MethodId, Op, Scope, SlotId, SlotKind, VaultId,
    VaultState,
};

/// Returns the slots of a recovery code.
fn code() -> [Change; 2] {
    [(0x33, Scope::Root), (0x34, Scope::Cold)].map(|(slot, scope)| {
        let (method, kind) = (MethodId::new([0x35; 16]), SlotKind::RecoveryCode);
        Change::Keyslot(SlotId::new([slot; 16]), KeyslotLeaf { method, kind, ..slot_leaf(scope) })
    })
}

/// Returns a vault that begins with two sign-in methods and whose device came in with the second.
pub(super) fn with_a_code() -> Chain {
    let changes = genesis_with_a_code();
    let head = sign(forged_genesis(&changes), 0x21);
    let state = VaultState::genesis(VAULT, head, &changes).expect("a good genesis");
    Chain { steps: vec![step(head, &changes)], state }
}

fn genesis_with_a_code() -> Vec<Change> {
    let [_, root, cold, profile] = genesis_changes()[..] else { panic!("four changes") };
    let added_by = MethodId::new([0x35; 16]);
    let device = Change::Device(DEVICE, DeviceLeaf { added_by, ..device_leaf(0x21) });
    [&[device, root, cold, profile][..], &code()].concat()
}

/// A device whose id is the vault's, so that its record is the profile.
pub(super) fn named_like_the_vault() -> Vec<Case> {
    let writer = DeviceId::new(*VAULT.as_bytes());
    let mut changes = genesis_changes();
    changes[0] = Change::Device(writer, device_leaf(0x21));
    let chain = |changes: &[Change]| {
        let body = HeadBody { writer, ..forged_genesis(changes) };
        input(&[step(sign(body, 0x21), changes)])
    };
    let twice = [&changes[..], &[changes[3]]].concat();
    vec![
        good("genesis by a device with the vault's id", "its record is the profile", chain(&changes)),
        hostile(
            "genesis with the profile and such a device's record",
            "genesis by a device with the vault's id",
            "the record is there twice",
            chain(&twice),
        ),
        hostile(
            "genesis by such a device without a record",
            "genesis by a device with the vault's id",
            "there is no profile",
            chain(&changes[..3]),
        ),
    ]
}

pub(super) fn cases() -> Vec<Case> {
    let changes = genesis_changes();
    let [device, root, cold, profile] = [changes[0], changes[1], changes[2], changes[3]];
    let with = |name, comment, changes: &[Change]| {
        hostile(name, "genesis", comment, input(&[step(sign(forged_genesis(changes), 0x21), changes)]))
    };
    let beside = |change: Change| [&changes[..], &[change]].concat();
    let slot = |id: u8, leaf: KeyslotLeaf| Change::Keyslot(SlotId::new([id; 16]), leaf);
    let other_kind = KeyslotLeaf { kind: SlotKind::RecoveryCode, ..slot_leaf(Scope::Cold) };
    let other_method = KeyslotLeaf { method: MethodId::new([0x35; 16]), ..slot_leaf(Scope::Cold) };
    let [code_root, _] = code();
    let body =
        |name, comment, body| hostile(name, "genesis", comment, input(&[step(sign(body, 0x21), &changes)]));
    let by = |added_by| Change::Device(DEVICE, DeviceLeaf { added_by, ..device_leaf(0x21) });
    let good = genesis_body();
    vec![
        with("genesis without a device", "the device left out", &[root, cold, profile]),
        with(
            "genesis with two devices",
            "a second device",
            &beside(Change::Device(SECOND_DEVICE, device_leaf(0x22))),
        ),
        with("genesis without a root slot", "the root slot left out", &[device, cold, profile]),
        with("genesis without a cold slot", "the cold slot left out", &[device, root, profile]),
        with("genesis without slots", "both slots left out", &[device, profile]),
        with("genesis with unequal scopes", "one slot of a second method", &beside(code_root)),
        with("genesis with two root slots", "of one method", &beside(slot(9, slot_leaf(Scope::Root)))),
        with(
            "genesis with two kinds",
            "the cold slot is a code's",
            &[device, root, slot(9, other_kind), profile],
        ),
        with(
            "genesis with two halves",
            "the cold slot is another method's",
            &[device, root, slot(9, other_method), profile],
        ),
        with(
            "genesis added by a slot",
            "the device names the root slot",
            &[by(MethodId::new(*ROOT_SLOT.as_bytes())), root, cold, profile],
        ),
        with(
            "genesis added by nothing",
            "the device names no method",
            &[by(MethodId::new([9; 16])), root, cold, profile],
        ),
        with(
            "genesis by a device that reads nothing",
            "max format 0",
            &[Change::Device(DEVICE, DeviceLeaf { max_format: 0, ..device_leaf(0x21) }), root, cold, profile],
        ),
        with("genesis without a profile", "the profile left out", &[device, root, cold]),
        with(
            "genesis with another record for the profile",
            "its id is not the vault's",
            &[device, root, cold, Change::Record(RECORD, record_leaf(1, 1))],
        ),
        with("genesis with two records", "one more", &beside(Change::Record(RECORD, record_leaf(1, 1)))),
        with("genesis with a share", "a share of a dealing", &beside(dealing(1, 2, 2)[0])),
        with(
            "genesis at version 2",
            "an overview at version 2",
            &[device, root, cold, Change::Record(PROFILE, record_leaf(2, 1))],
        ),
        with(
            "genesis at secret 2",
            "a secret at version 2",
            &[device, root, cold, Change::Record(PROFILE, record_leaf(1, 2))],
        ),
        with(
            "genesis at version 0",
            "both parts at version 0",
            &[device, root, cold, Change::Record(PROFILE, record_leaf(0, 0))],
        ),
        with("genesis with a tombstone", "a deleted record", &beside(Change::Tombstone(RECORD, 2))),
        with("genesis with a slot twice", "the same change again", &[device, root, cold, cold, profile]),
        body(
            "genesis of another vault",
            "another vault id",
            HeadBody { vault: VaultId::new([0x12; 16]), ..good },
        ),
        body("genesis at counter 2", "the counter", HeadBody { counter: 2, ..good }),
        body("genesis at epoch 2", "the key epoch", HeadBody { epoch: 2, ..good }),
        body("genesis with a parent", "a parent", HeadBody { prev: Some([0; 32]), ..good }),
        body("genesis at min format 0", "min format", HeadBody { min_format: 0, ..good }),
        body("genesis of a later version", "min format 2", HeadBody { min_format: 2, ..good }),
        body("genesis with a history", "heads before the first", HeadBody { history: [9; 32], ..good }),
        body("genesis named write", "the operation", HeadBody { op: Op::Write, ..good }),
        body(
            "genesis with another tree",
            "a root that the changes do not make",
            HeadBody { root: [9; 32], ..good },
        ),
        body(
            "genesis by another device",
            "a writer that it does not add",
            HeadBody { writer: SECOND_DEVICE, ..good },
        ),
    ]
}
