//! Tests what is reported about a stored write, for every fault that it can have.

use crystallum_api::{Bytes, Part};
use crystallum_format::change as format;
use crystallum_format::head::{HeadBody, Op};
use crystallum_format::ids::{ShareId, SlotId, VaultId};
use crystallum_format::keyslot::Scope;
use crystallum_format::leaf::ShareLeaf;
use crystallum_format::samples::{
    DEVICE, PROFILE, RECORD, ROOT_SLOT, SECOND_DEVICE, VAULT, WALLET, dealing, device_leaf, forged, genesis,
    genesis_changes, record_leaf, sign, sign_for, slot_leaf, vault_verifier,
};

use super::*;

const OTHER_SLOT: SlotId = SlotId::new([9; 16]);

/// Returns the wire form of a change. Both parts of a record change.
fn wire(change: &format::Change) -> Change {
    let bytes = |bytes: &[u8]| Bytes(bytes.to_vec());
    let part = |version, hash: [u8; 32]| Some(Part { version, hash: bytes(&hash), blob: None });
    match *change {
        format::Change::Device(id, leaf) => Change::Device {
            id: Id(*id.as_bytes()),
            key: bytes(&leaf.key),
            max_format: leaf.max_format,
            added_by: Id(*leaf.added_by.as_bytes()),
        },
        format::Change::DeviceRemoved(id) => Change::DeviceGone { id: Id(*id.as_bytes()) },
        format::Change::Keyslot(id, leaf) => Change::Keyslot {
            id: Id(*id.as_bytes()),
            method: Id(*leaf.method.as_bytes()),
            slot_kind: leaf.kind.number(),
            scope: leaf.scope.number(),
            hash: bytes(&leaf.wrap_hash),
            wrap: None,
        },
        format::Change::KeyslotRemoved(id) => Change::KeyslotGone { id: Id(*id.as_bytes()) },
        format::Change::Record(id, leaf) => Change::Record {
            id: Id(*id.as_bytes()),
            overview: part(leaf.overview_version, leaf.overview_hash),
            secret: part(leaf.secret_version, leaf.secret_hash),
        },
        format::Change::Tombstone(id, version) => Change::Tombstone { id: Id(*id.as_bytes()), version },
        format::Change::Share(id, leaf) => Change::Share {
            id: Id(*id.as_bytes()),
            record: Id(*leaf.record.as_bytes()),
            set: Id(*leaf.set.as_bytes()),
            epoch: leaf.epoch,
            k: leaf.k,
            n: leaf.n,
            index: leaf.index,
            store: Id(*leaf.store.as_bytes()),
            hash: bytes(&leaf.hash),
        },
        format::Change::ShareRemoved(id) => Change::ShareGone { id: Id(*id.as_bytes()) },
    }
}

fn apply(vault: &mut Vault, head: &[u8], changes: &[format::Change]) -> Result<(), HistoryError> {
    let changes: Vec<Change> = changes.iter().map(wire).collect();
    vault.apply_commit(head, &changes)
}

/// Returns the vault after its genesis.
fn begun() -> Vault {
    let mut vault = Vault::new(Id(*VAULT.as_bytes()));
    apply(&mut vault, &genesis().head().to_bytes(), &genesis_changes()).unwrap();
    vault
}

/// Asserts what is reported about a second write.
fn expect(head: &[u8], changes: &[format::Change], expected: Result<(), HistoryError>, name: &str) {
    assert_eq!(apply(&mut begun(), head, changes), expected, "{name}");
}

#[test]
fn every_fault_of_a_head_has_its_line() {
    let state = genesis();
    let changes = [format::Change::Record(RECORD, record_leaf(1, 1))];
    let good = forged(&state, Op::Write, DEVICE, &changes);
    let signed = |body: HeadBody| sign(body, 0x21).to_bytes();
    expect(&signed(good), &changes, Ok(()), "no fault");

    let other = vault_verifier(2);
    for (body, error, name) in [
        (HeadBody { vault: VaultId::new([9; 16]), ..good }, HistoryError::Vault, "vault"),
        (HeadBody { min_format: 0, ..good }, HistoryError::Format, "no min format"),
        (HeadBody { min_format: 2, ..good }, HistoryError::Format, "a later min format"),
        (HeadBody { counter: 1, ..good }, HistoryError::Counter, "the same counter"),
        (HeadBody { counter: 3, ..good }, HistoryError::Counter, "a later counter"),
        (HeadBody { prev: None, ..good }, HistoryError::Parent, "no parent"),
        (HeadBody { prev: Some([9; 32]), ..good }, HistoryError::Parent, "another parent"),
        (HeadBody { op: Op::Genesis, ..good }, HistoryError::Parent, "a second genesis"),
        (HeadBody { epoch: 2, ..good }, HistoryError::Key, "epoch"),
        (HeadBody { vault_key: other, ..good }, HistoryError::Key, "vault key"),
        (HeadBody { history: [9; 32], ..good }, HistoryError::History, "history"),
        (HeadBody { root: [9; 32], ..good }, HistoryError::Tree, "root"),
        (HeadBody { leaves: 9, ..good }, HistoryError::Tree, "leaves"),
        (HeadBody { writer: SECOND_DEVICE, ..good }, HistoryError::Writer, "writer"),
    ] {
        expect(&signed(body), &changes, Err(error), name);
    }
    let by_other_root = sign_for(2, good, 0x21).to_bytes();
    expect(&by_other_root, &changes, Err(HistoryError::VaultSignature), "vault signature");
    let by_other_device = sign(good, 0x22).to_bytes();
    expect(&by_other_device, &changes, Err(HistoryError::DeviceSignature), "device signature");
    let by_others = sign_for(2, good, 0x22).to_bytes();
    expect(&by_others, &changes, Err(HistoryError::VaultSignature), "both signatures");

    let bytes = signed(good);
    for length in [0, 1, 162, bytes.len() - 1] {
        expect(&bytes[..length], &changes, Err(HistoryError::Malformed), "cut");
    }
    let with = |at: usize, value: u8| {
        let mut bytes = bytes.clone();
        bytes[at] = value;
        bytes
    };
    for (at, value) in [(0, 0), (1, 0), (4, 0), (4, 4), (4, 255), (33, 2)] {
        expect(&with(at, value), &changes, Err(HistoryError::Malformed), "form");
    }
    // Only the vault's signature shows that a later version wrote it.
    for (at, value) in [(0, 2), (1, 2), (3, 2), (4, 7)] {
        expect(&with(at, value), &changes, Err(HistoryError::VaultSignature), "a later version, unsigned");
    }
}

#[test]
fn every_fault_of_a_change_has_its_line() {
    use format::Change::{
        Device, DeviceRemoved, Keyslot, KeyslotRemoved, Record, Share, ShareRemoved, Tombstone,
    };

    let state = genesis();
    let record = |overview, secret| Record(RECORD, record_leaf(overview, secret));
    let wallet = |overview, secret| Record(WALLET, record_leaf(overview, secret));
    let slot = |scope| Keyslot(OTHER_SLOT, slot_leaf(scope));
    let device = device_leaf(0x22);
    let shares = dealing(1, 2, 2);
    let dealt = |record| [vec![record], shares.clone()].concat();
    let cases = [
        ("nothing", Op::Write, vec![], HistoryError::Operation),
        ("twice", Op::Write, vec![record(1, 1), record(1, 1)], HistoryError::Operation),
        ("a device in a write", Op::Write, vec![Device(SECOND_DEVICE, device)], HistoryError::Operation),
        ("an overview two up", Op::Write, vec![record(2, 1)], HistoryError::Change),
        ("a record that is not there", Op::Write, vec![Tombstone(RECORD, 2)], HistoryError::Change),
        ("a device again", Op::Join, vec![Device(DEVICE, device)], HistoryError::Operation),
        ("a device that is not there", Op::Devices, vec![DeviceRemoved(SECOND_DEVICE)], HistoryError::Change),
        (
            "a slot again",
            Op::SignInMethods,
            vec![Keyslot(ROOT_SLOT, slot_leaf(Scope::Root))],
            HistoryError::Change,
        ),
        (
            "a slot that is not there",
            Op::SignInMethods,
            vec![KeyslotRemoved(OTHER_SLOT)],
            HistoryError::Change,
        ),
        ("one slot alone", Op::SignInMethods, vec![slot(Scope::Root)], HistoryError::Operation),
        ("the last slots", Op::SignInMethods, vec![KeyslotRemoved(ROOT_SLOT)], HistoryError::Operation),
        (
            "a share that is not there",
            Op::Wallet,
            vec![Tombstone(PROFILE, 2), ShareRemoved(ShareId::new([9; 16]))],
            HistoryError::Operation,
        ),
        ("a dealing without a record", Op::Wallet, shares.clone(), HistoryError::Operation),
        ("half a dealing", Op::Wallet, vec![wallet(1, 1), shares[0]], HistoryError::Operation),
        ("a record two up", Op::Wallet, dealt(wallet(2, 2)), HistoryError::Change),
    ];
    for (name, op, changes, error) in cases {
        let writer = if op == Op::Join { SECOND_DEVICE } else { DEVICE };
        let writer = if name == "a device again" { DEVICE } else { writer };
        let head = sign(forged(&state, op, writer, &changes), 0x21).to_bytes();
        expect(&head, &changes, Err(error), name);
    }
    let changes = dealt(wallet(1, 1));
    let head = sign(forged(&state, Op::Wallet, DEVICE, &changes), 0x21).to_bytes();
    expect(&head, &changes, Ok(()), "a dealing");
    let Share(id, leaf) = shares[0] else { panic!("a share") };
    let wide = [wallet(1, 1), Share(id, ShareLeaf { n: 17, ..leaf })];
    let head = sign(forged(&state, Op::Wallet, DEVICE, &wide), 0x21).to_bytes();
    expect(&head, &wide, Err(HistoryError::Operation), "17 shares");
}
