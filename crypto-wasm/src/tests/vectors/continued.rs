//! States that are not reached by following heads, and the heads that follow them.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::chain::follow;
use super::chain_cases::step;
use super::continued_odd;
use super::continued_vault::{Continued, OTHER, REMOVED, added, slot, write};
use super::json::{bytes, hex, list};
use super::{Case, Checked, File, Refusal, good, hostile};
use crate::tests::support::{
    DEVICE, METHOD, PROFILE, RECORD, SECOND_DEVICE, SET, VAULT, WALLET, dealing, device_leaf, forged,
    record_leaf, share_id, share_leaf, sign, tree,
};
use crate::{
    Change, DeviceLeaf, HeadBody, History, Leaf, LeafId, MethodId, Op, Scope, ShareLeaf, SignedHead, SlotId,
    VaultState,
};

pub(super) const FILE: File = File { name: "continued", section: "7.4 and 7.5", check, cases };

/// Verifies a head against the history before it and all leaves, and follows heads from there.
fn check(input: &Value) -> Checked {
    let head = SignedHead::from_bytes(&bytes(&input["head"]))?;
    let past = History::from_bytes(&bytes(&input["edge"]))?;
    let leaves: Vec<(LeafId, Leaf)> =
        list(&input["leaves"]).iter().map(super::json::leaf).collect::<Result<_, _>>()?;
    let mut state = Some(VaultState::restore(head, past, leaves)?);
    for (at, step) in list(&input["steps"]).iter().enumerate() {
        follow(&mut state, VAULT, step).map_err(|_| Refusal(Some(at)))?;
    }
    let state = state.expect("it was restored");
    let body = state.head().body();
    Ok(json!({
        "counter": body.counter, "hash": hex(body.hash()), "history": hex(body.history), "root": hex(body.root),
        "leaves": body.leaves, "live": state.leaves().count(),
    }))
}

fn cases() -> Vec<Case> {
    let mut all = methods();
    all.extend(records());
    all.extend(shares());
    all.extend(continued_odd::cases());
    all.extend(heads());
    all
}

fn methods() -> Vec<Case> {
    let join = |added_by| [Change::Device(SECOND_DEVICE, DeviceLeaf { added_by, ..device_leaf(0x22) })];
    let joined = |before: &Continued, added_by| {
        let changes = join(added_by);
        let body = forged(&before.state, Op::Join, SECOND_DEVICE, &changes);
        let mut all = before.clone();
        all.steps.push(step(sign(body, 0x22), &changes));
        all.input()
    };
    let ops = Op::SignInMethods;
    let by_root = Continued::with(&[slot(0x91, OTHER, Scope::Root)]);
    let by_cold = Continued::with(&[slot(0x92, OTHER, Scope::Cold)]);
    let twice = Continued::with(&[slot(0x91, METHOD, Scope::Root)]);
    let lone = [Change::KeyslotRemoved(SlotId::new([0x91; 16]))];
    let renewed = [&added(0xa1, METHOD)[..], &REMOVED].concat();
    vec![
        good("join by a lone root slot", "the method has no cold slot", joined(&by_root, OTHER)),
        by_root.good(
            "method beside a lone root slot",
            "three methods",
            ops,
            &added(0xa1, MethodId::new([0x82; 16])),
        ),
        hostile(
            "id of a lone root slot",
            "method beside a lone root slot",
            "the added method has the id that the lone slot names",
            by_root.then(ops, &added(0xa1, OTHER)),
        ),
        hostile(
            "lone root slot left",
            "method beside a lone root slot",
            "the complete method of two is removed",
            by_root.then(ops, &REMOVED),
        ),
        hostile(
            "lone root slot removed",
            "method beside a lone root slot",
            "half a method is removed",
            by_root.then(ops, &lone),
        ),
        by_cold.good("id of a lone cold slot", "it is not the id of a live method", ops, &added(0xa1, OTHER)),
        hostile(
            "join by a lone cold slot",
            "join by a lone root slot",
            "the method has no root slot",
            joined(&by_cold, OTHER),
        ),
        hostile(
            "lone cold slot left",
            "id of a lone cold slot",
            "the only method is removed",
            by_cold.then(ops, &REMOVED),
        ),
        twice.good(
            "one of two root slots removed",
            "with the cold slot: the method stays live",
            ops,
            &REMOVED,
        ),
        hostile(
            "id of a method with two root slots",
            "one of two root slots removed",
            "the added method has the id of the one that stays",
            twice.then(ops, &renewed),
        ),
    ]
}

fn records() -> Vec<Case> {
    let tombstone = |id, version| (LeafId::Tombstone(id), Leaf::Tombstone { version });
    let record = |id, overview, secret| (LeafId::Record(id), Leaf::Record(record_leaf(overview, secret)));
    let beside = Continued::with(&[tombstone(RECORD, 1)]);
    let last = Continued::with(&[record(RECORD, u64::MAX, u64::MAX - 1)]);
    let zero = Continued::with(&[record(RECORD, 0, 0)]);
    let far = [Change::Tombstone(RECORD, u64::MAX)];
    vec![
        Continued::with(&[]).good(
            "write",
            "a state as others, and a record changed",
            Op::Write,
            &write(2, 1),
        ),
        beside.good("record beside its tombstone", "it is changed", Op::Write, &write(2, 1)),
        hostile(
            "record beside its tombstone deleted",
            "record beside its tombstone",
            "the tombstone is live",
            beside.then(Op::Write, &[Change::Tombstone(RECORD, 9)]),
        ),
        zero.good("from version 0", "both parts", Op::Write, &write(1, 1)),
        zero.good(
            "deleted at version 0",
            "a tombstone of version 1",
            Op::Write,
            &[Change::Tombstone(RECORD, 1)],
        ),
        last.good("to the last version", "the secret", Op::Write, &write(u64::MAX, u64::MAX)),
        hostile(
            "after the last version",
            "to the last version",
            "the overview's version 0",
            last.then(Op::Write, &write(0, u64::MAX - 1)),
        ),
        hostile(
            "deleted at the last version",
            "to the last version",
            "no version is above it",
            last.then(Op::Write, &far),
        ),
    ]
}

fn shares() -> Vec<Case> {
    let of = |record, epoch| -> Vec<(LeafId, Leaf)> {
        let share = |index| {
            let leaf = ShareLeaf { record, ..share_leaf(epoch, 2, 3, index) };
            (LeafId::Share(share_id(epoch, index)), Leaf::Share(leaf))
        };
        (1..=3).map(share).collect()
    };
    let gone = |epoch| (1..=3).map(move |index| Change::ShareRemoved(share_id(epoch, index)));
    let wallet = (LeafId::Record(WALLET), Leaf::Record(record_leaf(1, 1)));
    let at = |epoch| Continued::with(&[&of(WALLET, epoch)[..], &[wallet]].concat());
    let (zero, last, profile) = (at(0), at(u32::MAX), Continued::with(&of(PROFILE, 1)));
    let refresh = |removed, epoch: u32| -> Vec<Change> {
        let record = [Change::Record(WALLET, record_leaf(2, 2))];
        record.into_iter().chain(gone(removed)).chain(dealing(epoch, 2, 3)).collect()
    };
    let removal =
        |id, epoch| -> Vec<Change> { std::iter::once(Change::Tombstone(id, 9)).chain(gone(epoch)).collect() };
    assert_eq!(share_leaf(1, 2, 3, 1).set, SET);
    vec![
        zero.good("refresh after share epoch 0", "share epoch 1", Op::Wallet, &refresh(0, 1)),
        last.good(
            "removal at the last share epoch",
            "no dealing can follow",
            Op::Wallet,
            &removal(WALLET, u32::MAX),
        ),
        hostile(
            "refresh after the last share epoch",
            "refresh after share epoch 0",
            "share epoch 1 after 2^32 - 1",
            last.then(Op::Wallet, &refresh(u32::MAX, 1)),
        ),
        profile.good(
            "profile with shares",
            "its overview is changed",
            Op::Write,
            &[Change::Record(PROFILE, record_leaf(2, 1))],
        ),
        hostile(
            "profile with shares removed",
            "profile with shares",
            "the removal of a wallet",
            profile.then(Op::Wallet, &removal(PROFILE, 1)),
        ),
    ]
}

/// Returns the edge of a history of that many heads.
fn long(heads: u64) -> History {
    let roots = (0..heads.count_ones()).flat_map(|_| [7; 32]);
    History::from_bytes(&heads.to_be_bytes().into_iter().chain(roots).collect::<Vec<_>>()).expect("an edge")
}

fn heads() -> Vec<Case> {
    let at = |counter: u64| {
        let past = long(counter - 1);
        let history = past.root();
        Continued::after(past, &[], move |body| HeadBody { counter, history, ..body })
    };
    let (before, last) = (at(u64::MAX - 1), at(u64::MAX));
    let changed = (LeafId::Record(RECORD), Leaf::Record(record_leaf(2, 1)));
    // All but the counter is as it would be after the last head.
    let after = |counter| {
        let parent = last.state.head().body();
        let mut past = last.state.past().clone();
        past.push(&parent.hash());
        let leaves: BTreeMap<LeafId, Leaf> =
            last.state.leaves().map(|(id, leaf)| (id, *leaf)).chain([changed]).collect();
        let tree = tree(&leaves);
        let body = HeadBody { prev: Some(parent.hash()), history: past.root(), ..*parent };
        let body = HeadBody { root: tree.root(), leaves: tree.leaves(), op: Op::Write, counter, ..body };
        last.signed(body, &write(2, 1))
    };
    let reads_nothing = DeviceLeaf { max_format: 0, ..device_leaf(0x22) };
    let reads_nothing = (LeafId::Device(SECOND_DEVICE), Leaf::Device(reads_nothing));
    let low = Continued::from(&[reads_nothing], |body| HeadBody { min_format: 0, ..body });
    let high = Continued::with(&[reads_nothing]);
    let epoch = |epoch| Continued::from(&[], move |body| HeadBody { epoch, ..body });
    let next_epoch = |before: &Continued, epoch| {
        let body = HeadBody { epoch, ..forged(&before.state, Op::Write, DEVICE, &write(2, 1)) };
        before.signed(body, &write(2, 1))
    };
    vec![
        before.good("to the last counter", "2^64 - 1", Op::Write, &write(2, 1)),
        hostile("after the last counter", "to the last counter", "counter 0", after(0)),
        hostile("the last counter again", "to the last counter", "2^64 - 1 twice", after(u64::MAX)),
        low.good("min format 0 beside max format 0", "the lowest", Op::Write, &write(2, 1)),
        hostile(
            "min format 1 beside max format 0",
            "min format 0 beside max format 0",
            "a device that reads no format is there",
            high.then(Op::Write, &write(2, 1)),
        ),
        epoch(0).good("key epoch 0", "of both heads", Op::Write, &write(2, 1)),
        hostile("key epoch 1 after 0", "key epoch 0", "the next epoch", next_epoch(&epoch(0), 1)),
        epoch(7).good("key epoch 7", "of both heads", Op::Write, &write(2, 1)),
        hostile(
            "genesis after a state",
            "write",
            "op 1 with a parent",
            Continued::with(&[]).then(Op::Genesis, &write(2, 1)),
        ),
    ]
}

#[test]
fn recorded() {
    FILE.run(22, 23);
}
