mod accepted;
mod attacks;
mod restored;
mod wallet;
mod ways;

use super::*;
use crate::tests::support::{DEVICE, PROFILE, TIME, forged, genesis, sign};

/// Everything that a state says: head, leaves, root and count of the tree.
type Said = (Vec<u8>, Vec<(LeafId, Leaf)>, [u8; 32], u64);

fn said(state: &VaultState) -> Said {
    let leaves = state.leaves().map(|(id, leaf)| (id, *leaf)).collect();
    (state.head.to_bytes(), leaves, state.leaves.tree().root(), state.leaves.tree().leaves())
}

/// Offers the changes, forged but signed by the vault and a device's key, and expects no change of the state.
fn refused(state: &VaultState, head: SignedHead, changes: &[Change], why: Refused, name: &str) {
    let mut offered = state.clone();
    assert_eq!(offered.advance(head, changes), Err(why), "{name}");
    assert_eq!(said(&offered), said(state), "{name}: the state changed");
}

/// The changes break a rule: neither a body is made for them nor a head over them accepted.
fn rule_broken(state: &VaultState, op: Op, writer: DeviceId, device: u8, changes: &[Change], name: &str) {
    assert_eq!(state.next_body(op, writer, changes, TIME), Err(Refused::Changes), "{name}");
    let head = sign(forged(state, op, writer, changes), device);
    refused(state, head, changes, Refused::Changes, name);
}

#[test]
fn the_forger_forges_what_is_accepted_when_no_rule_is_broken() {
    let mut state = genesis();
    let changes = [Change::Tombstone(PROFILE, 2)];
    state
        .advance(sign(forged(&state, Op::Write, DEVICE, &changes), 0x21), &changes)
        .expect("follows the rules");
    assert_eq!(state.head().body().counter, 2);
}
