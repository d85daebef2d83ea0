//! Chains in which sign-in methods are added and removed.

use super::chain::check;
use super::chain_cases::{Chain, input};
use super::{Case, File, good, hostile};
use crate::tests::support::{
    COLD_SLOT, DEVICE, RECORD, ROOT_SLOT, SECOND_DEVICE, dealing, device_leaf, forged, record_leaf, share_id,
    sign, slot_leaf,
};
use crate::{Change, DeviceLeaf, KeyslotLeaf, Op, RecordId, Scope, SlotId, SlotKind};

pub(super) const FILE: File = File { name: "ways_chain", section: "7", check, cases };

const fn slot(byte: u8) -> SlotId {
    SlotId::new([byte; 16])
}

fn added(byte: u8, scope: Scope) -> Change {
    Change::Keyslot(slot(byte), slot_leaf(scope))
}

fn method(byte: u8) -> [Change; 2] {
    [added(byte, Scope::Root), added(byte + 1, Scope::Cold)]
}

/// Returns the slots of a recovery code.
fn code(byte: u8) -> [Change; 2] {
    method(byte).map(|change| match change {
        Change::Keyslot(id, leaf) => {
            Change::Keyslot(id, KeyslotLeaf { kind: SlotKind::RecoveryCode, ..leaf })
        }
        other => other,
    })
}

fn gone(byte: u8) -> [Change; 2] {
    [Change::KeyslotRemoved(slot(byte)), Change::KeyslotRemoved(slot(byte + 1))]
}

fn begun() -> Chain {
    Chain::begin().and(Op::Write, DEVICE, 0x21, &[Change::Record(RECORD, record_leaf(1, 1))])
}

fn cases() -> Vec<Case> {
    let change_methods =
        |chain: Chain, changes: &[Change]| chain.and(Op::SignInMethods, DEVICE, 0x21, changes);
    let first = [Change::KeyslotRemoved(ROOT_SLOT), Change::KeyslotRemoved(COLD_SLOT)];
    let named = [&code(0x81)[..], &[Change::Record(RECORD, record_leaf(2, 1))]].concat();
    let two = change_methods(begun(), &named);
    let three = change_methods(two.clone(), &method(0x83));
    let by = |added_by| [Change::Device(SECOND_DEVICE, DeviceLeaf { added_by, ..device_leaf(0x22) })];
    let whole = change_methods(three.clone(), &first)
        .and(Op::Join, SECOND_DEVICE, 0x22, &by(slot(0x83)))
        .and(
            Op::SignInMethods,
            SECOND_DEVICE,
            0x22,
            &[&gone(0x81)[..], &code(0x85), &[Change::Tombstone(RECORD, 3)]].concat(),
        )
        .and(
            Op::SignInMethods,
            DEVICE,
            0x21,
            &[added(0x87, Scope::Root), Change::KeyslotRemoved(slot(0x83))],
        );
    let uneven = [&method(0x85)[..], &[Change::KeyslotRemoved(slot(0x81))]].concat();
    let mut all = vec![
        good("code", "a recovery code is added and the record of its name changed", input(&two.steps)),
        good("three", "a passkey more", input(&three.steps)),
        good(
            "whole",
            "the first way goes, a device joins by the new one, the code is replaced, a slot is replaced",
            input(&whole.steps),
        ),
        good(
            "one for one",
            "the only way is replaced",
            input(&change_methods(begun(), &[&method(0x81)[..], &first].concat()).steps),
        ),
    ];
    let from = |name, base, comment, chain: &Chain, changes: &[Change]| {
        hostile(name, base, comment, chain.forge(Op::SignInMethods, DEVICE, 0x21, changes))
    };
    let on_three = |name, comment, changes: &[Change]| from(name, "three", comment, &three, changes);
    let new = method(0x91);
    let beside = |change: Change| [&new[..], &[change]].concat();
    let live = Change::Keyslot(ROOT_SLOT, KeyslotLeaf { wrap_hash: [9; 32], ..slot_leaf(Scope::Root) });
    all.extend([
        from("the only way", "one for one", "removed without another", &begun(), &first),
        from("one of two", "code", "a removal leaves one", &two, &gone(0x81)),
        on_three("two of three", "a removal leaves one", &[&first[..], &gone(0x81)].concat()),
        on_three("all", "none is left", &[&first[..], &gone(0x81), &gone(0x83)].concat()),
        on_three("a root slot alone", "added", &new[..1]),
        on_three("a cold slot alone", "added", &new[1..]),
        on_three("a root slot away", "removed alone", &gone(0x83)[..1]),
        on_three("a cold slot away", "removed alone", &gone(0x83)[1..]),
        on_three("a root slot for a cold one", "the scopes differ", &[new[0], gone(0x83)[1]]),
        on_three("uneven", "a way in, and a root slot out", &uneven),
        on_three("nothing", "no change", &[]),
        on_three("a record alone", "no slot", &[Change::Record(RECORD, record_leaf(3, 1))]),
        on_three("a live slot replaced", "another wrap in its place", &[live]),
        on_three(
            "a live slot again",
            "beside a new way",
            &beside(Change::Keyslot(ROOT_SLOT, slot_leaf(Scope::Root))),
        ),
        on_three("no such slot", "removed beside a new way", &[&new[..], &gone(0x99)].concat()),
        on_three("removed twice", "one slot", &[&new[..], &gone(0x83), &gone(0x83)[..1]].concat()),
        on_three("added twice", "one slot", &beside(new[0])),
        on_three("added and removed", "one slot", &[&new[..], &gone(0x91)].concat()),
        on_three("removed and added", "one slot", &[&gone(0x83)[..], &method(0x83)].concat()),
        on_three("a device beside", "a device", &beside(by(ROOT_SLOT)[0])),
        on_three("a share beside", "a share", &beside(dealing(1, 2, 2)[0])),
        on_three("a share away beside", "a share", &beside(Change::ShareRemoved(share_id(1, 1)))),
        on_three(
            "a record that skips",
            "beside a new way",
            &beside(Change::Record(RECORD, record_leaf(4, 1))),
        ),
        on_three(
            "a record unchanged",
            "beside a new way",
            &beside(Change::Record(RECORD, record_leaf(2, 1))),
        ),
        on_three(
            "a new record at version 2",
            "beside a new way",
            &beside(Change::Record(RecordId::new([0x77; 16]), record_leaf(2, 1))),
        ),
        on_three("a low tombstone", "beside a new way", &beside(Change::Tombstone(RECORD, 2))),
        hostile("ways named write", "three", "the operation", three.forge(Op::Write, DEVICE, 0x21, &new)),
        hostile("ways named wallet", "three", "the operation", three.forge(Op::Wallet, DEVICE, 0x21, &new)),
        hostile(
            "ways by no device",
            "three",
            "a writer that is no device",
            three.forge(Op::SignInMethods, SECOND_DEVICE, 0x22, &new),
        ),
        hostile(
            "ways by another key",
            "three",
            "signed by another device's key",
            three.forge(Op::SignInMethods, DEVICE, 0x22, &new),
        ),
        hostile("join by a removed slot", "whole", "added by the first way", {
            let removed = change_methods(three.clone(), &first);
            removed.forge(Op::Join, SECOND_DEVICE, 0x22, &by(ROOT_SLOT))
        }),
        hostile("removed slots in the tree", "three", "the tree still has them", {
            let changes = [&new[..], &gone(0x81)].concat();
            let stale = forged(&three.state, Op::SignInMethods, DEVICE, &new);
            three.then(sign(stale, 0x21), &changes)
        }),
    ]);
    all
}

#[test]
fn recorded() {
    FILE.run(4, 32);
}
