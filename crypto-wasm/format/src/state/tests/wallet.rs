use super::*;
use crate::ids::{MethodId, ShareSetId};
use crate::keyslot::Scope;
use crate::samples::{
    RECORD, ROOT_SLOT, SECOND_DEVICE, VAULT, WALLET, dealing, device_leaf, genesis_changes, record_leaf,
    share_id, share_leaf, slot_leaf, store, vault_verifier, written,
};

fn record(overview: u64, secret: u64) -> Change {
    Change::Record(WALLET, record_leaf(overview, secret))
}

fn gone(epoch: u32, n: u8) -> Vec<Change> {
    (1..=n).map(|index| Change::ShareRemoved(share_id(epoch, index))).collect()
}

fn with(record: Change, shares: &[Change]) -> Vec<Change> {
    [&[record], shares].concat()
}

fn advance(state: &mut VaultState, changes: &[Change]) {
    let body = state.next_body(Op::Wallet, DEVICE, changes, TIME).expect("good changes");
    state.advance(sign(body, 0x21), changes).expect("a good head");
}

fn broken(state: &VaultState, changes: &[Change], name: &str) {
    rule_broken(state, Op::Wallet, DEVICE, 0x21, changes, name);
}

/// Returns the sample vault with a wallet, 2 of 3.
fn split() -> VaultState {
    let mut state = written();
    advance(&mut state, &with(record(1, 1), &dealing(1, 2, 3)));
    state
}

fn shares(state: &VaultState) -> Vec<(ShareId, ShareLeaf)> {
    state.shares_of(WALLET).map(|(id, leaf)| (id, *leaf)).collect()
}

#[test]
fn a_wallet_is_split_refreshed_and_given_up() {
    let mut state = split();
    let expected: Vec<_> = (1..=3).map(|index| (share_id(1, index), share_leaf(1, 2, 3, index))).collect();
    assert_eq!(shares(&state), expected);
    assert_eq!(state.share(share_id(1, 2)), Some(&share_leaf(1, 2, 3, 2)));
    assert_eq!(state.share(share_id(2, 2)), None);
    assert_eq!(state.shares_of(RECORD).count(), 0);
    // A new label is a write like any other.
    let label = [record(2, 1)];
    let body = state.next_body(Op::Write, DEVICE, &label, TIME).expect("good changes");
    state.advance(sign(body, 0x21), &label).expect("a good head");
    // Other numbers, other stores; the order of the changes does not matter.
    let mut refresh = with(record(3, 2), &[gone(1, 3), dealing(2, 3, 5)].concat());
    refresh.reverse();
    advance(&mut state, &refresh);
    assert_eq!(shares(&state).len(), 5);
    assert!(shares(&state).iter().all(|(_, leaf)| (leaf.epoch, leaf.k, leaf.n) == (2, 3, 5)));
    // An epoch may be skipped: its dealing was begun and never signed.
    advance(&mut state, &with(record(4, 3), &[gone(2, 5), dealing(4, 2, 2)].concat()));
    advance(&mut state, &with(Change::Tombstone(WALLET, 5), &gone(4, 2)));
    assert_eq!((shares(&state).len(), state.record(WALLET)), (0, None));
    let restored = VaultState::restore(
        *state.head(),
        state.past().clone(),
        state.leaves().map(|(id, leaf)| (id, *leaf)),
    );
    assert_eq!(restored.as_ref().map(snapshot), Ok(snapshot(&state)));
}

#[test]
fn every_possible_threshold_is_taken_and_no_other() {
    let state = written();
    for k in 0..=18 {
        for n in 1..=18 {
            let changes = with(record(1, 1), &dealing(1, k, n));
            let possible = (2..=n).contains(&k) && n <= 16;
            assert_eq!(state.next_body(Op::Wallet, DEVICE, &changes, TIME).is_ok(), possible, "{k} of {n}");
        }
    }
}

#[test]
fn splits_that_are_refused() {
    let state = split();
    let new = Change::Record(RecordId::new([0x44; 16]), record_leaf(1, 1));
    // A second wallet: what a good split would be, and one thing changed.
    let share = |index: u8, edit: fn(&mut ShareLeaf)| {
        let (record, set) = (RecordId::new([0x44; 16]), ShareSetId::new([0x52; 16]));
        let mut leaf = ShareLeaf { record, set, ..share_leaf(1, 2, 3, index) };
        edit(&mut leaf);
        Change::Share(ShareId::new([0xc0 + index; 16]), leaf)
    };
    let good = [share(1, |_| ()), share(2, |_| ()), share(3, |_| ())];
    assert!(state.next_body(Op::Wallet, DEVICE, &with(new, &good), TIME).is_ok());
    let but = |at: usize, change: Change| {
        let mut shares = good.to_vec();
        shares[at] = change;
        with(new, &shares)
    };
    let every = |edit: fn(&mut ShareLeaf)| with(new, &[share(1, edit), share(2, edit), share(3, edit)]);
    for (name, changes) in [
        ("nothing", vec![]),
        ("a record alone", vec![new]),
        ("shares alone", good.to_vec()),
        ("two records", [&[record(2, 2), new], &good[..]].concat()),
        ("a record and a tombstone", [&[new, Change::Tombstone(RECORD, 9)], &good[..]].concat()),
        ("a share too few", with(new, &good[..2])),
        ("a share too many", with(new, &[&good[..], &[share(4, |_| ())]].concat())),
        ("an index twice", but(2, share(3, |leaf| leaf.index = 2))),
        ("index 0", but(2, share(3, |leaf| leaf.index = 0))),
        ("an index above n", but(2, share(3, |leaf| leaf.index = 4))),
        ("a store twice", but(2, share(3, |leaf| leaf.store = store(2)))),
        ("another set among them", but(2, share(3, |leaf| leaf.set = share_leaf(1, 2, 3, 1).set))),
        ("another record's share among them", but(2, share(3, |leaf| leaf.record = WALLET))),
        ("shares of another record", every(|leaf| leaf.record = WALLET)),
        ("shares of no record", every(|leaf| leaf.record = RecordId::new([0x45; 16]))),
        ("another epoch among them", but(2, share(3, |leaf| leaf.epoch = 2))),
        ("another threshold among them", but(2, share(3, |leaf| leaf.k = 3))),
        ("another count among them", but(2, share(3, |leaf| leaf.n = 4))),
        ("epoch 0", every(|leaf| leaf.epoch = 0)),
        ("epoch 2", every(|leaf| leaf.epoch = 2)),
        ("threshold 1", every(|leaf| leaf.k = 1)),
        ("threshold above n", every(|leaf| leaf.k = 4)),
        ("a set that has shares", every(|leaf| leaf.set = share_leaf(1, 2, 3, 1).set)),
        ("a live share's id", but(2, Change::Share(share_id(1, 3), share_leaf(1, 2, 3, 3)))),
        ("a share twice", with(new, &[&good[..], &good[..1]].concat())),
        ("a share away beside", with(new, &[&good[..], &[Change::ShareRemoved(share_id(1, 1))]].concat())),
        ("another wallet's shares away", with(new, &[&good[..], &gone(1, 3)].concat())),
        ("a record that is there", with(record(2, 2), &good)),
        ("a record at version 2", with(Change::Record(RecordId::new([0x44; 16]), record_leaf(2, 1)), &good)),
        ("a tombstone", with(Change::Tombstone(RECORD, 9), &good)),
        (
            "a keyslot beside",
            with(
                new,
                &[&good[..], &[Change::Keyslot(SlotId::new([9; 16]), slot_leaf(Scope::Root))]].concat(),
            ),
        ),
        ("a keyslot away beside", with(new, &[&good[..], &[Change::KeyslotRemoved(ROOT_SLOT)]].concat())),
        (
            "a device beside",
            with(new, &[&good[..], &[Change::Device(SECOND_DEVICE, device_leaf(0x22))]].concat()),
        ),
    ] {
        broken(&state, &changes, name);
    }
    let mut deleted = state;
    advance(&mut deleted, &with(Change::Tombstone(WALLET, 2), &gone(1, 3)));
    broken(&deleted, &with(record(1, 1), &dealing(1, 2, 3)), "a deleted wallet comes back");
    broken(&deleted, &with(record(2, 2), &dealing(2, 2, 3)), "a deleted wallet goes on");
}

/// T64: mixed epochs, a resharing that leaves old shares, and one that claims another wallet's
/// shares.
#[test]
fn refreshes_that_are_refused() {
    let mut state = split();
    let other = ShareSetId::new([0x52; 16]);
    let theirs: Vec<Change> = (1..=2)
        .map(|index| {
            let record = RecordId::new([0x44; 16]);
            let leaf = ShareLeaf { record, set: other, ..share_leaf(1, 2, 2, index) };
            Change::Share(ShareId::new([0xc0 + index; 16]), leaf)
        })
        .collect();
    advance(&mut state, &with(Change::Record(RecordId::new([0x44; 16]), record_leaf(1, 1)), &theirs));
    let theirs_gone = [ShareId::new([0xc1; 16]), ShareId::new([0xc2; 16])].map(Change::ShareRemoved);
    let next = dealing(2, 2, 3);
    let all = |record: Change, gone: &[Change], added: &[Change]| with(record, &[gone, added].concat());
    let good = all(record(2, 2), &gone(1, 3), &next);
    assert!(state.next_body(Op::Wallet, DEVICE, &good, TIME).is_ok());
    let set_of = |set: ShareSetId| -> Vec<Change> {
        next.iter()
            .map(|change| match change {
                Change::Share(id, leaf) => Change::Share(*id, ShareLeaf { set, ..*leaf }),
                other => *other,
            })
            .collect()
    };
    let other_record: Vec<Change> = next
        .iter()
        .map(|change| match change {
            Change::Share(id, leaf) => Change::Share(*id, ShareLeaf { record: RECORD, ..*leaf }),
            other => *other,
        })
        .collect();
    for (name, changes) in [
        ("an old share stays", all(record(2, 2), &gone(1, 2), &next)),
        ("no old share goes", all(record(2, 2), &[], &next)),
        ("nothing new", all(record(2, 2), &gone(1, 3), &[])),
        ("a new share too few", all(record(2, 2), &gone(1, 3), &next[..2])),
        ("the same epoch", all(record(2, 2), &gone(1, 3), &with_ids(&dealing(1, 2, 3)))),
        ("old ids again", all(record(2, 2), &gone(1, 3), &dealing(1, 2, 3))),
        ("the overview stays", all(record(1, 2), &gone(1, 3), &next)),
        ("the secret stays", all(record(2, 1), &gone(1, 3), &next)),
        ("nothing of the record changes", all(record(1, 1), &gone(1, 3), &next)),
        ("the record skips", all(record(3, 2), &gone(1, 3), &next)),
        (
            "another wallet's record as new",
            all(Change::Record(RecordId::new([0x45; 16]), record_leaf(1, 1)), &gone(1, 3), &next),
        ),
        ("another wallet's shares go", all(record(2, 2), &theirs_gone, &next)),
        (
            "another wallet's shares go too",
            all(record(2, 2), &[&gone(1, 3)[..], &theirs_gone].concat(), &next),
        ),
        ("the new ones are another wallet's", all(record(2, 2), &gone(1, 3), &set_of(other))),
        (
            "the new ones are of a new set",
            all(record(2, 2), &gone(1, 3), &set_of(ShareSetId::new([0x53; 16]))),
        ),
        ("beside another record", all(Change::Record(RECORD, record_leaf(2, 2)), &gone(1, 3), &next)),
        ("the new ones are another record's", all(record(2, 2), &gone(1, 3), &other_record)),
        ("the wallet goes while new shares come", all(Change::Tombstone(WALLET, 2), &gone(1, 3), &next)),
        (
            "no such share away",
            all(
                record(2, 2),
                &[&gone(1, 3)[..], &[Change::ShareRemoved(ShareId::new([9; 16]))]].concat(),
                &next,
            ),
        ),
    ] {
        broken(&state, &changes, name);
    }
    advance(&mut state, &good);
    broken(&state, &all(record(3, 3), &gone(2, 3), &dealing(1, 2, 3)), "an epoch back");
    broken(&state, &all(record(3, 3), &gone(1, 3), &dealing(3, 2, 3)), "a deleted share away again");
}

/// Returns the same shares with new ids.
fn with_ids(shares: &[Change]) -> Vec<Change> {
    (0xd0..)
        .zip(shares)
        .map(|(byte, change)| match change {
            Change::Share(_, leaf) => Change::Share(ShareId::new([byte; 16]), *leaf),
            other => *other,
        })
        .collect()
}

#[test]
fn removals_that_are_refused() {
    let state = split();
    let tombstone = Change::Tombstone(WALLET, 2);
    for (name, changes) in [
        ("a share stays", with(tombstone, &gone(1, 2))),
        ("no share goes", vec![tombstone]),
        ("the record stays", gone(1, 3)),
        ("the record is written", with(record(2, 2), &gone(1, 3))),
        ("another wallet's record goes", with(Change::Tombstone(RECORD, 2), &gone(1, 3))),
        ("a low tombstone", with(Change::Tombstone(WALLET, 1), &gone(1, 3))),
        ("a tombstone of nothing", with(Change::Tombstone(RecordId::new([0x44; 16]), 2), &gone(1, 3))),
        ("a share away twice", with(tombstone, &[gone(1, 3), gone(1, 1)].concat())),
        (
            "a second record beside",
            with(tombstone, &[&gone(1, 3)[..], &[Change::Record(RECORD, record_leaf(2, 1))]].concat()),
        ),
    ] {
        broken(&state, &changes, name);
    }
}

/// A wallet's secret changes, and the wallet goes, only together with its shares, whatever the
/// operation is called.
#[test]
fn a_wallet_is_not_parted_from_its_shares() {
    let state = split();
    let another_method = |change: &Change| match *change {
        Change::Keyslot(id, leaf) => {
            let id = SlotId::new(id.as_bytes().map(|byte| byte + 0x50));
            Change::Keyslot(id, KeyslotLeaf { method: MethodId::new([0x81; 16]), ..leaf })
        }
        other => other,
    };
    let beside: Vec<Change> = genesis_changes()[1..3].iter().map(another_method).collect();
    for (name, change) in [
        ("deleted", Change::Tombstone(WALLET, 2)),
        ("a new secret", record(1, 2)),
        ("a new secret and overview", record(2, 2)),
    ] {
        rule_broken(&state, Op::Write, DEVICE, 0x21, &[change], name);
        rule_broken(&state, Op::SignInMethods, DEVICE, 0x21, &with(change, &beside), name);
    }
    assert!(state.next_body(Op::Write, DEVICE, &[record(2, 1)], TIME).is_ok());
    assert!(state.next_body(Op::SignInMethods, DEVICE, &with(record(2, 1), &beside), TIME).is_ok());
}

/// The largest epoch has no next one.
#[test]
fn epochs_do_not_wrap() {
    let mut leaves: Vec<(LeafId, Leaf)> = split().leaves().map(|(id, leaf)| (id, *leaf)).collect();
    for (_, leaf) in &mut leaves {
        if let Leaf::Share(share) = leaf {
            share.epoch = u32::MAX;
        }
    }
    let tree: Leaves = leaves.iter().copied().collect();
    let body = HeadBody { root: tree.tree().root(), leaves: tree.tree().leaves(), ..*split().head().body() };
    let state = VaultState::restore(sign(body, 0x21), split().past().clone(), leaves).expect("signed");
    for epoch in [0, 1, u32::MAX] {
        let next: Vec<Change> = (1..=3)
            .map(|index| Change::Share(ShareId::new([0xd0 + index; 16]), share_leaf(epoch, 2, 3, index)))
            .collect();
        broken(&state, &with(record(2, 2), &[gone(1, 3), next].concat()), "an epoch after the last");
    }
}

#[test]
fn other_operations_touch_no_share() {
    let state = split();
    let refresh = with(record(2, 2), &[gone(1, 3), dealing(2, 2, 3)].concat());
    for op in [Op::Write, Op::SignInMethods, Op::Devices] {
        rule_broken(&state, op, DEVICE, 0x21, &refresh, "a refresh under another name");
        rule_broken(
            &state,
            op,
            DEVICE,
            0x21,
            &with(record(2, 2), &gone(1, 3)),
            "a removal under another name",
        );
    }
    rule_broken(&state, Op::Join, DEVICE, 0x21, &gone(1, 1), "a removal named join");
    for change in
        [Change::Share(share_id(1, 1), share_leaf(1, 2, 3, 1)), Change::ShareRemoved(share_id(1, 1))]
    {
        let mut changes = genesis_changes();
        changes.push(change);
        let begun = VaultState::genesis_body(VAULT, vault_verifier(1), DEVICE, &changes, TIME);
        assert_eq!(begun, Err(HeadRefused::ForbiddenChanges), "a genesis deals nothing");
    }
}

/// After a refused head, removed and added shares are restored.
#[test]
fn a_refused_refresh_is_undone() {
    let mut state = split();
    let changes = with(record(2, 2), &[gone(1, 3), dealing(2, 2, 3)].concat());
    let good = forged(&state, Op::Wallet, DEVICE, &changes);
    for (body, device, why) in [
        (HeadBody { root: [9; 32], ..good }, 0x21, HeadRefused::OtherTree),
        (HeadBody { leaves: good.leaves - 1, ..good }, 0x21, HeadRefused::OtherTree),
        (good, 0x22, HeadRefused::InvalidSignature),
        (HeadBody { writer: SECOND_DEVICE, ..good }, 0x22, HeadRefused::InvalidSignature),
    ] {
        refused(&state, sign(body, device), &changes, why, "refresh");
    }
    let mut other = changes.clone();
    if let Some(Change::Share(_, leaf)) = other.last_mut() {
        leaf.hash = [9; 32];
    }
    refused(&state, sign(good, 0x21), &other, HeadRefused::OtherTree, "a swapped share");
    assert_eq!(state.advance(sign(good, 0x21), &changes), Ok(()));
}
