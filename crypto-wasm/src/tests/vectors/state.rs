//! States that are not reached by following heads: a head, the history before it, and all leaves.

use serde_json::{Value, json};

use super::chain_cases::Chain;
use super::json::{bytes, hex, list};
use super::{Case, Checked, File, good, hostile};
use crate::tests::support::{
    DEVICE, RECORD, SECOND_DEVICE, WALLET, dealing, device_leaf, device_signature, record_leaf, share_id,
    share_leaf, sign, tree, unlock,
};
use crate::{
    Change, DeviceId, DeviceLeaf, HeadBody, History, Leaf, LeafId, Op, RecordId, SignedHead, VaultState,
};

pub(super) const FILE: File = File { name: "state", section: "7.5", check, cases };

/// Verifies a head against the history before it and all leaves.
fn check(input: &Value) -> Checked {
    let head = SignedHead::from_bytes(&bytes(&input["head"]))?;
    let past = History::from_bytes(&bytes(&input["edge"]))?;
    let leaves: Vec<(LeafId, Leaf)> =
        list(&input["leaves"]).iter().map(super::json::leaf).collect::<Result<_, _>>()?;
    let state = VaultState::restore(head, past, leaves)?;
    Ok(json!({ "counter": state.head().body().counter, "hash": hex(state.head().body().hash()) }))
}

fn said(head: &SignedHead, edge: &[u8], leaves: &[(LeafId, Leaf)]) -> Value {
    let leaves: Vec<Value> = leaves.iter().map(|leaf| super::json::said(&change(leaf))).collect();
    json!({ "head": hex(head.to_bytes()), "edge": hex(edge), "leaves": leaves })
}

/// Returns the change that sets a leaf.
pub(super) fn change((id, leaf): &(LeafId, Leaf)) -> Change {
    match (*id, *leaf) {
        (LeafId::Record(id), Leaf::Record(leaf)) => Change::Record(id, leaf),
        (LeafId::Tombstone(id), Leaf::Tombstone { version }) => Change::Tombstone(id, version),
        (LeafId::Keyslot(id), Leaf::Keyslot(leaf)) => Change::Keyslot(id, leaf),
        (LeafId::Device(id), Leaf::Device(leaf)) => Change::Device(id, leaf),
        (LeafId::Share(id), Leaf::Share(leaf)) => Change::Share(id, leaf),
        (id, leaf) => panic!("{id:?} has no {leaf:?}"),
    }
}

fn leaves(state: &VaultState) -> Vec<(LeafId, Leaf)> {
    state.leaves().map(|(id, leaf)| (id, *leaf)).collect()
}

fn input(chain: &Chain) -> Value {
    said(chain.state.head(), &chain.state.past().to_bytes(), &leaves(&chain.state))
}

/// Adds leaves that no change may bring.
fn odd_leaves(all: &[(LeafId, Leaf)]) -> Vec<(LeafId, Leaf)> {
    let device = DeviceLeaf { max_format: 0, ..device_leaf(0x23) };
    let odd = [
        (LeafId::Record(RecordId::new([0x46; 16])), Leaf::Record(record_leaf(0, 0))),
        (LeafId::Tombstone(RecordId::new([0x47; 16])), Leaf::Tombstone { version: 0 }),
        (LeafId::Device(DeviceId::new([0xa9; 16])), Leaf::Device(device)),
        (LeafId::Share(share_id(0, 9)), Leaf::Share(share_leaf(0, 200, 3, 9))),
    ];
    [all, &odd].concat()
}

fn cases() -> Vec<Case> {
    let first = Chain::begin();
    let other = RecordId::new([0x44; 16]);
    let whole = first
        .clone()
        .and(Op::Write, DEVICE, 0x21, &[Change::Record(RECORD, record_leaf(1, 1))])
        .and(Op::Join, SECOND_DEVICE, 0x22, &[Change::Device(SECOND_DEVICE, device_leaf(0x22))])
        .and(
            Op::Wallet,
            DEVICE,
            0x21,
            &[&[Change::Record(WALLET, record_leaf(1, 1))], &dealing(1, 2, 3)[..]].concat(),
        )
        .and(Op::Write, DEVICE, 0x21, &[Change::Record(other, record_leaf(1, 1))])
        .and(
            Op::Write,
            SECOND_DEVICE,
            0x22,
            &[Change::Tombstone(RECORD, 2), Change::Record(other, record_leaf(2, 1))],
        );
    let (head, edge, all) = (*whole.state.head(), whole.state.past().to_bytes(), leaves(&whole.state));
    let body = *head.body();
    let with = |name, comment, offered: Value| hostile(name, "whole", comment, offered);
    let by_head = |name, comment, body: HeadBody| with(name, comment, said(&sign(body, 0x22), &edge, &all));
    let mut backward = all.clone();
    backward.reverse();
    let swapped = |at: usize, leaf: Leaf| {
        let mut leaves = all.clone();
        leaves[at].1 = leaf;
        said(&head, &edge, &leaves)
    };
    let record = all.iter().position(|(id, _)| *id == LeafId::Record(other)).expect("the record");
    let shorter = {
        let mut past = History::default();
        (1..body.counter - 1).for_each(|number| past.push(&[u8::try_from(number).expect("small"); 32]));
        past.to_bytes()
    };
    let mut later = whole.state.past().clone();
    later.push(&body.hash());
    vec![
        good("first", "the genesis", input(&first)),
        good("whole", "six heads later", input(&whole)),
        good(
            "whole, in another order",
            "the order of the leaves does not count",
            said(&head, &edge, &backward),
        ),
        with("leaf left out", "one record", said(&head, &edge, &all[1..])),
        with("leaf more", "another record", {
            let more = (LeafId::Record(RecordId::new([0x45; 16])), Leaf::Record(record_leaf(1, 1)));
            said(&head, &edge, &[&all[..], &[more]].concat())
        }),
        with("leaf at another version", "a record", swapped(record, Leaf::Record(record_leaf(3, 1)))),
        with("leaf under another id", "a record", {
            let mut leaves = all.clone();
            leaves[record].0 = LeafId::Record(RecordId::new([0x45; 16]));
            said(&head, &edge, &leaves)
        }),
        with("no leaves", "none", said(&head, &edge, &[])),
        with("leaf twice", "the first one again at the end", {
            said(&head, &edge, &[&all[..], &all[..1]].concat())
        }),
        with("leaf twice, another value first", "a record at another version before the right one", {
            let other = (all[record].0, Leaf::Record(record_leaf(3, 1)));
            said(&head, &edge, &[&[other], &all[..]].concat())
        }),
        with("leaf twice, and counted twice", "the head's number is that of the list", {
            let head = sign(HeadBody { leaves: body.leaves + 1, ..body }, 0x22);
            said(&head, &edge, &[&all[..], &all[..1]].concat())
        }),
        with("no history", "no heads before", said(&head, &[0; 8], &all)),
        with("other history", "as many other heads", {
            let mut past = History::default();
            (1..body.counter).for_each(|number| past.push(&[u8::try_from(number).expect("small"); 32]));
            said(&head, &past.to_bytes(), &all)
        }),
        with("shorter history", "one head less", said(&head, &shorter, &all)),
        with("the head in its own history", "one head more", said(&head, &later.to_bytes(), &all)),
        with("edge cut", "the last byte left out", said(&head, &edge[..edge.len() - 1], &all)),
        by_head(
            "counter against history",
            "the counter is one higher",
            HeadBody { counter: body.counter + 1, ..body },
        ),
        by_head("number of leaves", "one more", HeadBody { leaves: body.leaves + 1, ..body }),
        by_head("other root", "a root of no tree", HeadBody { root: [9; 32], ..body }),
        by_head(
            "writer unknown",
            "a writer that is no device",
            HeadBody { writer: DeviceId::new([9; 16]), ..body },
        ),
        with("writer's key", "signed by another device's key", said(&sign(body, 0x21), &edge, &all)),
        with("other vault key", "signed by another vault than the one named", {
            let head = unlock(2).1.sign_head(body, device_signature(&body, 0x22));
            said(&head, &edge, &all)
        }),
        with("parent's head", "the leaves of its child", {
            let parent = SignedHead::from_bytes(&bytes(&whole.steps[4]["head"])).expect("a head");
            said(&parent, &edge, &all)
        }),
        good(
            "other numbers",
            "of the head's other fields, none is compared",
            said(
                &sign(HeadBody { min_format: 0, op: Op::Genesis, epoch: 7, prev: None, ..body }, 0x22),
                &edge,
                &all,
            ),
        ),
        good("odd leaves", "versions 0, max format 0, a share 9 of 3 with a threshold of 200", {
            let odd = odd_leaves(&all);
            let tree = tree(&odd.iter().copied().collect());
            said(&sign(HeadBody { root: tree.root(), leaves: tree.leaves(), ..body }, 0x22), &edge, &odd)
        }),
        with("slot kind 5", "a leaf that no reader of format 1 reads", {
            let mut offered = said(&head, &edge, &all);
            let leaves = offered["leaves"].as_array_mut().expect("a list");
            let slot = leaves.iter_mut().find(|leaf| leaf["kind"] == "keyslot").expect("a slot");
            slot["slot_kind"] = json!(5);
            offered
        }),
        with("counter 0", "no number of a head", {
            said(&sign(HeadBody { counter: 0, ..body }, 0x22), &edge, &all)
        }),
    ]
}

#[test]
fn recorded() {
    FILE.run(5, 22);
}
