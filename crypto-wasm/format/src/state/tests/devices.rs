use super::*;
use crate::samples::{
    METHOD, RECORD, SECOND_DEVICE, device_leaf, record_leaf, share_id, share_leaf, slot_leaf, written,
};

const THIRD_DEVICE: DeviceId = DeviceId::new([0xa3; 16]);

fn broken(state: &VaultState, changes: &[Change], name: &str) {
    rule_broken(state, Op::Devices, DEVICE, 0x21, changes, name);
}

/// Returns the sample vault with three devices.
fn with_three() -> VaultState {
    let mut state = written();
    for (id, key) in [(SECOND_DEVICE, 0x22), (THIRD_DEVICE, 0x23)] {
        let join = [Change::Device(id, device_leaf(key))];
        state.advance(sign(forged(&state, Op::Join, id, &join), key), &join).expect("a good join");
    }
    state
}

fn advance(state: &mut VaultState, changes: &[Change]) {
    let body = state.next_body(Op::Devices, DEVICE, changes, TIME).expect("good changes");
    state.advance(sign(body, 0x21), changes).expect("a good head");
}

/// T28, T52: what a removed device signs is refused.
#[test]
fn a_removed_device_writes_no_more() {
    let mut state = with_three();
    let write = [Change::Record(RECORD, record_leaf(2, 1))];
    let before = sign(forged(&state, Op::Write, SECOND_DEVICE, &write), 0x22);
    advance(&mut state, &[Change::DeviceRemoved(SECOND_DEVICE)]);
    assert_eq!(state.device(SECOND_DEVICE), None);
    refused(&state, before, &write, HeadRefused::NotNext, "on the head before its removal");
    let signs = state.next_body(Op::Write, SECOND_DEVICE, &write, TIME);
    assert_eq!(signs, Err(HeadRefused::InvalidSignature), "it is not asked to sign in vain");
    let after = sign(forged(&state, Op::Write, SECOND_DEVICE, &write), 0x22);
    refused(&state, after, &write, HeadRefused::InvalidSignature, "on the head of its removal");
    // The same device may join once more, with its old key.
    let join = [Change::Device(SECOND_DEVICE, device_leaf(0x22))];
    let head = sign(forged(&state, Op::Join, SECOND_DEVICE, &join), 0x22);
    assert_eq!(state.advance(head, &join), Ok(()));
}

#[test]
fn all_other_devices_go_at_once_beside_records() {
    let mut state = with_three();
    let changes = [
        Change::DeviceRemoved(THIRD_DEVICE),
        Change::Record(RECORD, record_leaf(2, 1)),
        Change::DeviceRemoved(SECOND_DEVICE),
    ];
    advance(&mut state, &changes);
    assert_eq!(state.leaves.devices().map(|(id, _)| id).collect::<Vec<_>>(), [DEVICE]);
    assert_eq!(state.record(RECORD), Some(&record_leaf(2, 1)));
}

#[test]
fn a_device_says_that_it_reads_more() {
    let mut state = with_three();
    let newer = DeviceLeaf { max_format: 3, ..device_leaf(0x21) };
    advance(&mut state, &[Change::Device(DEVICE, newer)]);
    assert_eq!(state.device(DEVICE), Some(&newer));
    for max_format in [0, 1, 2, 3] {
        let name = format!("from 3 to {max_format}");
        broken(&state, &[Change::Device(DEVICE, DeviceLeaf { max_format, ..newer })], &name);
    }
    assert_eq!(state.head().body().min_format, 1, "what is required stays");
}

#[test]
fn changes_that_break_the_rules_of_devices() {
    let state = with_three();
    let newer = DeviceLeaf { max_format: 2, ..device_leaf(0x21) };
    let gone = Change::DeviceRemoved(SECOND_DEVICE);
    let of_second = Change::Device(SECOND_DEVICE, DeviceLeaf { max_format: 2, ..device_leaf(0x22) });
    let slot = SlotId::new([9; 16]);
    for (name, changes) in [
        ("nothing", vec![]),
        ("a record alone", vec![Change::Record(RECORD, record_leaf(2, 1))]),
        ("the writer away", vec![Change::DeviceRemoved(DEVICE)]),
        ("the writer away beside another", vec![gone, Change::DeviceRemoved(DEVICE)]),
        ("no such device away", vec![Change::DeviceRemoved(DeviceId::new([9; 16]))]),
        ("a device away twice", vec![gone, gone]),
        ("a new device", vec![Change::Device(DeviceId::new([0xa4; 16]), device_leaf(0x24))]),
        ("another device reads more", vec![of_second]),
        ("removed and changed", vec![gone, of_second]),
        ("the writer unchanged", vec![Change::Device(DEVICE, device_leaf(0x21))]),
        ("another key", vec![Change::Device(DEVICE, DeviceLeaf { key: device_leaf(0x24).key, ..newer })]),
        (
            "added by another method",
            vec![Change::Device(DEVICE, DeviceLeaf { added_by: MethodId::new([9; 16]), ..newer })],
        ),
        ("a bad record", vec![gone, Change::Record(RECORD, record_leaf(3, 1))]),
        ("a keyslot", vec![gone, Change::Keyslot(slot, slot_leaf(crate::keyslot::Scope::Root))]),
        ("a keyslot away", vec![gone, Change::KeyslotRemoved(crate::samples::ROOT_SLOT)]),
        ("a share", vec![gone, Change::Share(share_id(1, 1), share_leaf(1, 2, 3, 1))]),
        ("a share away", vec![gone, Change::ShareRemoved(share_id(1, 1))]),
    ] {
        broken(&state, &changes, name);
    }
    assert_eq!(newer.added_by, METHOD);
}

#[test]
fn other_operations_touch_no_device() {
    let state = with_three();
    for change in [
        Change::DeviceRemoved(SECOND_DEVICE),
        Change::Device(DEVICE, DeviceLeaf { max_format: 2, ..device_leaf(0x21) }),
    ] {
        for op in [Op::Write, Op::Join, Op::SignInMethods, Op::Wallet] {
            rule_broken(&state, op, DEVICE, 0x21, &[change], "under another name");
        }
    }
}
