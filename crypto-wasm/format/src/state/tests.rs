mod accepted;
mod attacks;
mod costs;
mod devices;
mod restored;
mod sign_in_methods;
mod wallet;
mod without_past;

use super::*;
use crate::samples::{DEVICE, RECORD, TIME, forged, genesis, record_leaf, sign};

/// Everything that a state consists of: head, leaves, root and leaf count of the tree.
type Snapshot = (Vec<u8>, Vec<(LeafId, Leaf)>, [u8; 32], u64);

fn snapshot(state: &VaultState) -> Snapshot {
    let leaves = state.leaves().map(|(id, leaf)| (id, *leaf)).collect();
    (state.head.to_bytes(), leaves, state.leaves.tree().root(), state.leaves.tree().leaves())
}

/// Offers a head with these changes and expects that it is refused and leaves the state unchanged.
fn refused(state: &VaultState, head: SignedHead, changes: &[Change], why: HeadRefused, name: &str) {
    let mut offered = state.clone();
    assert_eq!(offered.advance(head, changes), Err(why), "{name}");
    assert_eq!(snapshot(&offered), snapshot(state), "{name}: the state changed");
}

/// Expects that the changes break a rule: no body is built for them, and no head over them is
/// accepted.
fn rule_broken(state: &VaultState, op: Op, writer: DeviceId, device: u8, changes: &[Change], name: &str) {
    assert_eq!(state.next_body(op, writer, changes, TIME), Err(HeadRefused::ForbiddenChanges), "{name}");
    let head = sign(forged(state, op, writer, changes), device);
    refused(state, head, changes, HeadRefused::ForbiddenChanges, name);
}

#[test]
fn the_forger_forges_what_is_accepted_when_no_rule_is_broken() {
    let mut state = genesis();
    let changes = [Change::Record(RECORD, record_leaf(1, 1))];
    state
        .advance(sign(forged(&state, Op::Write, DEVICE, &changes), 0x21), &changes)
        .expect("follows the rules");
    assert_eq!(state.head().body().counter, 2);
}
