use crystallum_core::{HeadBody, VaultId};
use crystallum_format::samples::{self, DEVICE, RECORD, record_leaf};

use super::*;
use crate::vault::change::{PartChange, SealedChange};

/// Offers a head to a device that knows the sample vault.
fn offer(body: HeadBody) -> Result<(), PullFailed> {
    let leaf = record_leaf(2, 1);
    let overview = PartChange { version: leaf.overview_version, hash: leaf.overview_hash, blob: None };
    let change = SealedChange::Record { id: RECORD, overview: Some(overview), secret: None };
    let state = samples::written();
    let mine = state.head().body().counter;
    let entry = Entry { head: Ok(samples::sign(body, 0x21)), changes: Ok(vec![change]) };
    Chain::new(state, DisownedHeads::default()).verify_entry(body.counter, entry, mine)
}

#[test]
fn a_signed_head_is_a_fork_if_it_has_another_parent_and_is_refused_if_it_breaks_a_rule() {
    let state = samples::written();
    let mine = state.head().body().counter;
    let changes = [Change::Record(RECORD, record_leaf(2, 1))];
    let next = samples::forged(&state, Op::Write, DEVICE, &changes);
    assert_eq!(offer(next), Ok(()));
    let refused = Err(PullFailed::Alarm(Alarm::Tampered { offered: mine + 1 }));
    assert_eq!(offer(HeadBody { min_format: 0, ..next }), refused);
    assert_eq!(offer(HeadBody { op: Op::Genesis, ..next }), refused);
    assert_eq!(offer(HeadBody { op: Op::Devices, ..next }), refused);
    assert_eq!(offer(HeadBody { vault: VaultId::new([9; 16]), ..next }), refused);
    let fork = |head: HeadBody| {
        let alarm = Alarm::Fork { mine, offered: head.counter };
        (offer(head), Err(PullFailed::Conflicting(alarm, Box::new(samples::sign(head, 0x21)))))
    };
    for other in [
        HeadBody { prev: None, ..next },
        HeadBody { prev: Some([9; 32]), min_format: 0, ..next },
        HeadBody { prev: None, vault: VaultId::new([9; 16]), ..next },
        HeadBody { counter: mine, ..next },
    ] {
        let (offered, expected) = fork(other);
        assert_eq!(offered, expected, "the head is kept as evidence");
    }
}
