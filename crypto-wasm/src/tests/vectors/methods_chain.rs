//! Chains in which sign-in methods are added and removed.

use super::chain::check;
use super::chain_cases::{Chain, input};
use super::{Case, File, good, hostile};
use crate::tests::support::{
    COLD_SLOT, DEVICE, METHOD, PROFILE, RECORD, ROOT_SLOT, SECOND_DEVICE, dealing, device_leaf, forged,
    record_leaf, share_id, sign, slot_leaf,
};
use crate::{Change, DeviceLeaf, KeyslotLeaf, MethodId, Op, RecordId, Scope, SlotId, SlotKind};

pub(super) const FILE: File = File { name: "methods_chain", section: "7", check, cases };

const fn slot(byte: u8) -> SlotId {
    SlotId::new([byte; 16])
}

/// A keyslot is added.
fn added(byte: u8, method: u8, scope: Scope) -> Change {
    Change::Keyslot(slot(byte), KeyslotLeaf { method: MethodId::new([method; 16]), ..slot_leaf(scope) })
}

/// Returns the slots of a passkey: `byte` names the method and its root slot, and the next number
/// the cold slot.
fn method(byte: u8) -> [Change; 2] {
    [added(byte, byte, Scope::Root), added(byte + 1, byte, Scope::Cold)]
}

fn as_code(change: Change) -> Change {
    match change {
        Change::Keyslot(id, leaf) => {
            Change::Keyslot(id, KeyslotLeaf { kind: SlotKind::RecoveryCode, ..leaf })
        }
        other => other,
    }
}

/// Returns the slots of a recovery code.
fn code(byte: u8) -> [Change; 2] {
    method(byte).map(as_code)
}

fn gone(byte: u8) -> [Change; 2] {
    [Change::KeyslotRemoved(slot(byte)), Change::KeyslotRemoved(slot(byte + 1))]
}

const FIRST: [Change; 2] = [Change::KeyslotRemoved(ROOT_SLOT), Change::KeyslotRemoved(COLD_SLOT)];

fn begun() -> Chain {
    Chain::begin().and(Op::Write, DEVICE, 0x21, &[Change::Record(RECORD, record_leaf(1, 1))])
}

fn changed(chain: &Chain, changes: &[Change]) -> Chain {
    chain.clone().and(Op::SignInMethods, DEVICE, 0x21, changes)
}

fn joined(added_by: u8) -> Change {
    let added_by = MethodId::new([added_by; 16]);
    Change::Device(SECOND_DEVICE, DeviceLeaf { added_by, ..device_leaf(0x22) })
}

fn cases() -> Vec<Case> {
    let named = [&code(0x81)[..], &[Change::Record(RECORD, record_leaf(2, 1))]].concat();
    let two = changed(&begun(), &named);
    let three = changed(&two, &method(0x83));
    let whole = changed(&three, &FIRST)
        .and(Op::Join, SECOND_DEVICE, 0x22, &[joined(0x83)])
        .and(
            Op::SignInMethods,
            SECOND_DEVICE,
            0x22,
            &[&gone(0x81)[..], &code(0x85), &[Change::Tombstone(RECORD, 3)]].concat(),
        )
        .and(Op::SignInMethods, DEVICE, 0x21, &[&method(0x87)[..], &gone(0x83)].concat());
    let by_code = two.clone().and(Op::Join, SECOND_DEVICE, 0x22, &[joined(0x81)]);
    let again = changed(&changed(&three, &gone(0x83)), &method(0x83));
    let mut all = vec![
        good("code", "a recovery code is added and the record of its name changed", input(&two.steps)),
        good("three", "a passkey more", input(&three.steps)),
        good(
            "whole",
            "the first method goes, a device joins by the new one, the code is replaced, the method goes that the device names",
            input(&whole.steps),
        ),
        good("join by a code", "a method of any kind lets a device in", input(&by_code.steps)),
        good(
            "ids again",
            "a method is removed, and one with its id and its slots' ids added later",
            input(&again.steps),
        ),
        good(
            "one for one",
            "the only method is replaced",
            input(&changed(&begun(), &[&method(0x81)[..], &FIRST].concat()).steps),
        ),
    ];
    all.extend(too_few(&two, &three));
    all.extend(incomplete(&three));
    all.extend(beside(&three));
    all.extend(others(&three));
    all
}

fn from(
    name: &'static str,
    base: &'static str,
    comment: &'static str,
    chain: &Chain,
    changes: &[Change],
) -> Case {
    hostile(name, base, comment, chain.forge(Op::SignInMethods, DEVICE, 0x21, changes))
}

fn too_few(two: &Chain, three: &Chain) -> Vec<Case> {
    let on_three = |name, comment, changes: &[Change]| from(name, "three", comment, three, changes);
    vec![
        from("the only method", "one for one", "removed without another", &begun(), &FIRST),
        from("one of two", "code", "a removal leaves one", two, &gone(0x81)),
        on_three("two of three", "a removal leaves one", &[&FIRST[..], &gone(0x81)].concat()),
        on_three("three for one", "a replacement leaves one", &{
            [&method(0x91)[..], &FIRST, &gone(0x81), &gone(0x83)].concat()
        }),
        on_three("all", "none is left", &[&FIRST[..], &gone(0x81), &gone(0x83)].concat()),
        on_three("nothing", "no change", &[]),
        on_three("a record alone", "no slot", &[Change::Record(RECORD, record_leaf(3, 1))]),
    ]
}

/// A method is two slots, one of each scope, of one kind.
fn incomplete(three: &Chain) -> Vec<Case> {
    let with = |name, comment, changes: &[Change]| from(name, "three", comment, three, changes);
    let [root, cold] = method(0x91);
    let [root_gone, cold_gone] = gone(0x83);
    vec![
        with("a root slot alone", "added", &[root]),
        with("a cold slot alone", "added", &[cold]),
        with("a root slot away", "removed alone", &[root_gone]),
        with("a cold slot away", "removed alone", &[cold_gone]),
        with("a root slot for a cold one", "the scopes differ", &[root, cold_gone]),
        with("a root slot for a root slot", "of a live method", &[added(0x91, 0x83, Scope::Root), root_gone]),
        with("uneven", "a method in, and a root slot out", &[root, cold, root_gone]),
        with("two root slots", "no cold slot", &[root, added(0x92, 0x91, Scope::Root)]),
        with("three slots", "a second root slot", &[root, cold, added(0x93, 0x91, Scope::Root)]),
        with("four slots", "two of each scope under one id", &{
            [root, cold, added(0x93, 0x91, Scope::Root), added(0x94, 0x91, Scope::Cold)]
        }),
        with("two halves", "each slot names a method of its own", &[root, added(0x92, 0x93, Scope::Cold)]),
        with("two halves away", "slots of two methods", &[root_gone, Change::KeyslotRemoved(COLD_SLOT)]),
        with("two kinds", "a passkey's root slot, a code's cold slot", &[root, as_code(cold)]),
        with("a live method's id", "two more slots under it", &{
            [added(0x91, 0x83, Scope::Root), added(0x92, 0x83, Scope::Cold)]
        }),
        with("a live method's id, of another kind", "two more slots under it", &{
            [added(0x91, 0x83, Scope::Root), added(0x92, 0x83, Scope::Cold)].map(as_code)
        }),
        with("a method in its own place", "new slots under the id of a method that goes", &{
            [root_gone, cold_gone, added(0x91, 0x83, Scope::Root), added(0x92, 0x83, Scope::Cold)]
        }),
    ]
}

fn beside(three: &Chain) -> Vec<Case> {
    let new = method(0x91);
    let with = |name, comment, changes: &[Change]| from(name, "three", comment, three, changes);
    let beside = |name, comment, change: Change| with(name, comment, &[&new[..], &[change]].concat());
    let live = Change::Keyslot(ROOT_SLOT, KeyslotLeaf { wrap_hash: [9; 32], ..slot_leaf(Scope::Root) });
    vec![
        with("a live slot replaced", "another wrap in its place", &[live]),
        with("a live slot under a new method", "its root slot", &{
            let leaf = KeyslotLeaf { method: MethodId::new([0x91; 16]), ..slot_leaf(Scope::Root) };
            [Change::Keyslot(ROOT_SLOT, leaf), added(0x92, 0x91, Scope::Cold)]
        }),
        with("live slots under a new method", "both", &{
            [(ROOT_SLOT, Scope::Root), (COLD_SLOT, Scope::Cold)].map(|(id, scope)| {
                Change::Keyslot(id, KeyslotLeaf { method: MethodId::new([0x91; 16]), ..slot_leaf(scope) })
            })
        }),
        beside(
            "a live slot again",
            "beside a new method",
            Change::Keyslot(ROOT_SLOT, slot_leaf(Scope::Root)),
        ),
        with("no such slot", "removed beside a new method", &[&new[..], &gone(0x99)].concat()),
        with("removed twice", "one slot", &[&new[..], &gone(0x83), &gone(0x83)[..1]].concat()),
        beside("added twice", "one slot", new[0]),
        with("added and removed", "one slot", &[&new[..], &gone(0x91)].concat()),
        with("removed and added", "one slot", &[&gone(0x83)[..], &method(0x83)].concat()),
        beside("a device beside", "a device", joined(0x30)),
        beside("a device away beside", "a device", Change::DeviceRemoved(DEVICE)),
        beside("a share beside", "a share", dealing(1, 2, 2)[0]),
        beside("a share away beside", "a share", Change::ShareRemoved(share_id(1, 1))),
        beside("a record that skips", "beside a new method", Change::Record(RECORD, record_leaf(4, 1))),
        beside("a record unchanged", "beside a new method", Change::Record(RECORD, record_leaf(2, 1))),
        beside(
            "a new record at version 2",
            "beside a new method",
            Change::Record(RecordId::new([0x77; 16]), record_leaf(2, 1)),
        ),
        beside("a low tombstone", "beside a new method", Change::Tombstone(RECORD, 2)),
        beside("the profile deleted", "beside a new method", Change::Tombstone(PROFILE, 2)),
    ]
}

fn others(three: &Chain) -> Vec<Case> {
    let new = method(0x91);
    let named = |name, op| hostile(name, "three", "the operation", three.forge(op, DEVICE, 0x21, &new));
    vec![
        named("methods named write", Op::Write),
        named("methods named wallet", Op::Wallet),
        named("methods named devices", Op::Devices),
        hostile(
            "methods by no device",
            "three",
            "a writer that is no device",
            three.forge(Op::SignInMethods, SECOND_DEVICE, 0x22, &new),
        ),
        hostile(
            "methods by another key",
            "three",
            "signed by another device's key",
            three.forge(Op::SignInMethods, DEVICE, 0x22, &new),
        ),
        hostile("join by a removed method", "whole", "added by the first method", {
            assert_eq!(METHOD.as_bytes(), &[0x30; 16]);
            changed(three, &FIRST).forge(Op::Join, SECOND_DEVICE, 0x22, &[joined(0x30)])
        }),
        hostile("removed slots in the tree", "three", "the tree still has them", {
            let changes = [&new[..], &gone(0x81)].concat();
            let stale = forged(&three.state, Op::SignInMethods, DEVICE, &new);
            three.then(sign(stale, 0x21), &changes)
        }),
    ]
}

#[test]
fn recorded() {
    FILE.run(6, 48);
}
