//! Chains in which devices are removed, and say that they read a higher format.

use super::chain::check;
use super::chain_cases::{Chain, input, step};
use super::{Case, File, good, hostile};
use crate::tests::support::{
    DEVICE, PROFILE, RECORD, ROOT_SLOT, SECOND_DEVICE, dealing, device_leaf, forged_genesis, genesis_changes,
    record_leaf, share_id, sign, slot_leaf,
};
use crate::{Change, DeviceId, DeviceLeaf, MethodId, Op, RecordId, Scope, SlotId};

pub(super) const FILE: File = File { name: "devices_chain", section: "7", check, cases };

const THIRD_DEVICE: DeviceId = DeviceId::new([0xa3; 16]);

fn join(id: DeviceId, key: u8) -> Change {
    Change::Device(id, device_leaf(key))
}

/// Returns a vault with a record and three devices.
fn begun() -> Chain {
    Chain::begin()
        .and(Op::Write, DEVICE, 0x21, &[Change::Record(RECORD, record_leaf(1, 1))])
        .and(Op::Join, SECOND_DEVICE, 0x22, &[join(SECOND_DEVICE, 0x22)])
        .and(Op::Join, THIRD_DEVICE, 0x23, &[join(THIRD_DEVICE, 0x23)])
}

fn reads(id: DeviceId, key: u8, max_format: u16) -> Change {
    Change::Device(id, DeviceLeaf { max_format, ..device_leaf(key) })
}

fn cases() -> Vec<Case> {
    let three = begun();
    let gone = Change::DeviceRemoved(SECOND_DEVICE);
    let removed = three.clone().and(Op::Devices, DEVICE, 0x21, &[gone]);
    let all_others = [gone, Change::DeviceRemoved(THIRD_DEVICE), Change::Record(RECORD, record_leaf(2, 1))];
    let alone = three.clone().and(Op::Devices, DEVICE, 0x21, &all_others);
    let raised = three.clone().and(Op::Devices, DEVICE, 0x21, &[reads(DEVICE, 0x21, 2)]);
    let far = raised.clone().and(
        Op::Devices,
        DEVICE,
        0x21,
        &[reads(DEVICE, 0x21, u16::MAX), gone, Change::Tombstone(RECORD, 2)],
    );
    let first_gone = three.clone().and(Op::Devices, THIRD_DEVICE, 0x23, &[Change::DeviceRemoved(DEVICE)]);
    let again = removed.clone().and(Op::Join, SECOND_DEVICE, 0x22, &[join(SECOND_DEVICE, 0x22)]).and(
        Op::Write,
        SECOND_DEVICE,
        0x22,
        &[Change::Record(RECORD, record_leaf(2, 1))],
    );
    let mut all = vec![
        good("three devices", "a record and two joins", input(&three.steps)),
        good("one removed", "by another", input(&removed.steps)),
        good("all others removed", "beside a record", input(&alone.steps)),
        good("the first device removed", "by the third", input(&first_gone.steps)),
        good("higher format", "the writer reads format 2 from now on", input(&raised.steps)),
        good("highest format", "beside a removal and a deletion", input(&far.steps)),
        good("joined again", "with the id and key that it had", input(&again.steps)),
    ];
    all.extend(records_of_devices(&three));
    all.extend(changes(&three, &raised));
    all.extend(writers(&three, &removed));
    all
}

/// The record with the id of a device that is added.
fn record_of(id: DeviceId, overview: u64, secret: u64) -> Change {
    Change::Record(RecordId::new(*id.as_bytes()), record_leaf(overview, secret))
}

fn records_of_devices(three: &Chain) -> Vec<Case> {
    let fourth = DeviceId::new([0xa4; 16]);
    let (added, record) = (join(fourth, 0x24), record_of(fourth, 1, 1));
    let named = three.clone().and(Op::Join, fourth, 0x24, &[added, record]);
    let renamed = named.clone().and(Op::Write, DEVICE, 0x21, &[record_of(fourth, 2, 1)]).and(
        Op::Devices,
        DEVICE,
        0x21,
        &[Change::DeviceRemoved(fourth), Change::Tombstone(RecordId::new([0xa4; 16]), 3)],
    );
    let with = |name, comment, changes: &[Change]| {
        hostile(name, "joined with a name", comment, three.forge(Op::Join, fourth, 0x24, changes))
    };
    let genesis = [&genesis_changes()[..], &[record_of(DEVICE, 1, 1)]].concat();
    let begun = |changes: &[Change]| input(&[step(sign(forged_genesis(changes), 0x21), changes)]);
    let begins = |name, comment, record: Change| {
        hostile(
            name,
            "genesis with a named device",
            comment,
            begun(&[&genesis_changes()[..], &[record]].concat()),
        )
    };
    let again = renamed.forge(Op::Join, fourth, 0x24, &[added, record]);
    vec![
        good("joined with a name", "the record with its id beside it", input(&named.steps)),
        good(
            "joined with a name, the record first",
            "another order of changes",
            input(&{ three.clone().and(Op::Join, fourth, 0x24, &[record, added]).steps }),
        ),
        good("renamed and removed", "by the first device", input(&renamed.steps)),
        good("genesis with a named device", "the record with its id", begun(&genesis)),
        with("a record without the device", "the device left out", &[record]),
        with(
            "joined with another record",
            "not of its id",
            &[added, Change::Record(RecordId::new([9; 16]), record_leaf(1, 1))],
        ),
        with(
            "joined with another device's record",
            "of a live device",
            &[added, record_of(SECOND_DEVICE, 1, 1)],
        ),
        with(
            "joined with a live record",
            "changed beside it",
            &[added, Change::Record(RECORD, record_leaf(2, 1))],
        ),
        with("joined with two records", "one more", &[added, record, record_of(SECOND_DEVICE, 1, 1)]),
        with("joined with a name twice", "the same record again", &[added, record, record]),
        with(
            "joined with a name at version 2",
            "an overview at version 2",
            &[added, record_of(fourth, 2, 1)],
        ),
        with("joined with a secret at version 2", "a secret at version 2", &[added, record_of(fourth, 1, 2)]),
        with("joined with a removal", "of another device", &[added, Change::DeviceRemoved(SECOND_DEVICE)]),
        hostile("joined with a deleted name", "renamed and removed", "its record has a tombstone", again),
        begins("genesis with another device's record", "not of its device", record_of(SECOND_DEVICE, 1, 1)),
        begins("genesis with a name at version 2", "an overview at version 2", record_of(DEVICE, 2, 1)),
        begins("genesis with a name at secret 2", "a secret at version 2", record_of(DEVICE, 1, 2)),
    ]
}

fn changes(three: &Chain, raised: &Chain) -> Vec<Case> {
    let gone = Change::DeviceRemoved(SECOND_DEVICE);
    let with = |name, comment, changes: &[Change]| {
        hostile(name, "one removed", comment, three.forge(Op::Devices, DEVICE, 0x21, changes))
    };
    let beside = |name, change: Change| with(name, "beside a removal", &[gone, change]);
    let raise = |name, comment, change: Change| {
        hostile(name, "highest format", comment, raised.forge(Op::Devices, DEVICE, 0x21, &[change]))
    };
    let newer = DeviceLeaf { max_format: 3, ..device_leaf(0x21) };
    let slot = SlotId::new([9; 16]);
    vec![
        with("nothing", "no change", &[]),
        with("a record alone", "no device", &[Change::Record(RECORD, record_leaf(2, 1))]),
        with("the writer away", "itself", &[Change::DeviceRemoved(DEVICE)]),
        beside("the writer away too", Change::DeviceRemoved(DEVICE)),
        with("no such device", "removed", &[Change::DeviceRemoved(DeviceId::new([9; 16]))]),
        with("removed twice", "one device", &[gone, gone]),
        with("removed and raised", "one device", &[gone, reads(SECOND_DEVICE, 0x22, 2)]),
        with("a new device", "added", &[join(DeviceId::new([0xa4; 16]), 0x24)]),
        with("another device raised", "not the writer", &[reads(SECOND_DEVICE, 0x22, 2)]),
        raise("format stays", "2 after 2", reads(DEVICE, 0x21, 2)),
        raise("format lowered", "1 after 2", reads(DEVICE, 0x21, 1)),
        raise("format 0", "0 after 2", reads(DEVICE, 0x21, 0)),
        raise("another key", "beside a higher format", {
            Change::Device(DEVICE, DeviceLeaf { key: device_leaf(0x24).key, ..newer })
        }),
        raise("another method", "beside a higher format", {
            Change::Device(DEVICE, DeviceLeaf { added_by: MethodId::new([9; 16]), ..newer })
        }),
        beside("a record that skips", Change::Record(RECORD, record_leaf(3, 1))),
        beside("the profile deleted", Change::Tombstone(PROFILE, 2)),
        beside("a low tombstone", Change::Tombstone(RECORD, 1)),
        beside("a keyslot", Change::Keyslot(slot, slot_leaf(Scope::Root))),
        beside("a keyslot away", Change::KeyslotRemoved(ROOT_SLOT)),
        beside("a share", dealing(1, 2, 2)[0]),
        beside("a share away", Change::ShareRemoved(share_id(1, 1))),
    ]
}

fn writers(three: &Chain, removed: &Chain) -> Vec<Case> {
    let gone = [Change::DeviceRemoved(SECOND_DEVICE)];
    let write = [Change::Record(RECORD, record_leaf(2, 1))];
    let named =
        |name, op| hostile(name, "one removed", "the operation", three.forge(op, DEVICE, 0x21, &gone));
    vec![
        named("removal named write", Op::Write),
        named("removal named join", Op::Join),
        named("removal named methods", Op::SignInMethods),
        named("removal named wallet", Op::Wallet),
        hostile(
            "removal by no device",
            "one removed",
            "a writer that is no device",
            three.forge(Op::Devices, DeviceId::new([9; 16]), 0x24, &gone),
        ),
        hostile(
            "removal by another key",
            "one removed",
            "signed by the removed device",
            three.forge(Op::Devices, DEVICE, 0x22, &gone),
        ),
        hostile(
            "write by a removed device",
            "joined again",
            "after its removal",
            removed.forge(Op::Write, SECOND_DEVICE, 0x22, &write),
        ),
        hostile(
            "removal by a removed device",
            "joined again",
            "after its removal",
            removed.forge(Op::Devices, SECOND_DEVICE, 0x22, &[Change::DeviceRemoved(THIRD_DEVICE)]),
        ),
        hostile("removed device in the tree", "one removed", "the changes name another device", {
            let other = crate::tests::support::forged(&three.state, Op::Devices, DEVICE, &gone);
            three.then(sign(other, 0x21), &[Change::DeviceRemoved(THIRD_DEVICE)])
        }),
    ]
}

#[test]
fn recorded() {
    FILE.run(11, 43);
}
