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
