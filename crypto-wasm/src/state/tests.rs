mod accepted;
mod attacks;
mod restored;

use super::*;
use crate::tests::support::{DEVICE, TIME, genesis, sign};

/// Everything that a state says, to see that it did not change.
fn said(state: &VaultState) -> (Vec<u8>, Vec<(LeafId, Leaf)>, [u8; 32], u64) {
    let leaves = state.leaves().map(|(id, leaf)| (id, *leaf)).collect();
    (state.head.to_bytes(), leaves, state.leaves.tree().root(), state.leaves.tree().leaves())
}

/// A body over these changes with a right tree, whatever the rules say of them.
fn forged(state: &VaultState, op: Op, writer: DeviceId, changes: &[Change]) -> HeadBody {
    let mut leaves = state.leaves.clone();
    for change in changes {
        if let Change::Tombstone(id, _) = change {
            leaves.set(LeafId::Record(*id), None);
        }
        let (id, leaf) = change.leaf();
        leaves.set(id, Some(leaf));
    }
    let mine = state.head.body();
    HeadBody {
        counter: mine.counter + 1,
        prev: Some(mine.hash()),
        root: leaves.tree().root(),
        leaves: leaves.tree().leaves(),
        writer,
        op,
        time: TIME,
        ..*mine
    }
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
    let changes = [Change::Tombstone(crate::tests::support::PROFILE, 2)];
    state.advance(sign(forged(&state, Op::Write, DEVICE, &changes), 0x21), &changes).expect("follows the rules");
    assert_eq!(state.head().body().counter, 2);
}
