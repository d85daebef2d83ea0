use super::*;
use crate::tree::copies;

fn record(number: u16) -> RecordId {
    let [high, low] = number.to_be_bytes();
    let mut id = [0x77; 16];
    (id[0], id[1]) = (high, low);
    RecordId::new(id)
}

/// Returns the sample vault with this many more records.
fn with_records(count: u16) -> VaultState {
    let mut state = genesis();
    let changes: Vec<_> =
        (0..count).map(|number| Change::Record(record(number), record_leaf(1, 1))).collect();
    let body = state.next_body(Op::Write, DEVICE, &changes, TIME).expect("good changes");
    state.advance(sign(body, 0x21), &changes).expect("a good head");
    state
}

/// The next head costs a path in the tree for each change, and not a copy of the vault.
#[test]
fn a_next_body_copies_only_the_paths_of_its_changes() {
    for (count, most) in [(64, 24), (1_024, 32), (16_384, 40)] {
        let state = with_records(count);
        let root = state.leaves.tree().root();
        let change = [Change::Record(record(7), record_leaf(2, 1))];
        let added = [Change::Record(record(u16::MAX), record_leaf(1, 1))];
        let removed = [Change::Tombstone(record(7), 9)];
        for changes in [change, added, removed] {
            let (copied, body) = copies::during(|| state.next_body(Op::Write, DEVICE, &changes, TIME));
            let body = body.expect("good changes");
            assert!(copied <= 2 * most, "{copied} copied of {count}");
            assert_eq!(body.root, forged(&state, Op::Write, DEVICE, &changes).root);
            assert_eq!(body.leaves, forged(&state, Op::Write, DEVICE, &changes).leaves);
            assert_eq!(state.leaves.tree().root(), root, "the state stays as it is");
        }
    }
}

/// What another device has changed is verified on a clone of the known state. That costs a path in
/// the tree and one among the leaves for each change, however many leaves there are.
#[test]
fn advancing_a_clone_copies_only_the_paths_of_its_changes() {
    for (count, most) in [(64, 24), (1_024, 32), (16_384, 40)] {
        let known = with_records(count);
        let root = known.leaves.tree().root();
        let changed = [Change::Record(record(7), record_leaf(2, 1))];
        let removed = [Change::Tombstone(record(7), 9)];
        let added: Vec<_> = (0..5).map(|n| Change::Record(record(60_000 + n), record_leaf(1, 1))).collect();
        for changes in [changed.as_slice(), &removed, &added] {
            let body = known.next_body(Op::Write, DEVICE, changes, TIME).expect("good changes");
            let head = sign(body, 0x21);
            let (copied, next) = copies::during(|| {
                let mut next = known.clone();
                next.advance(head, changes).map(|()| next)
            });
            let next = next.expect("a good head");
            assert!(copied <= 2 * most * changes.len(), "{copied} copied of {count}");
            assert_ne!(next.leaves.tree().root(), root);
            assert_eq!(known.leaves.tree().root(), root, "the known state stays as it is");
        }
    }
}
