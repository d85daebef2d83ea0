use sha2::{Digest, Sha256};

use super::*;

const ACCOUNT: Id = Id([7; 16]);

fn head(counter: u64, op: u8) -> Bytes {
    let mut head = vec![1, 1, 0, 1, op];
    head.extend_from_slice(&ACCOUNT.0);
    head.extend_from_slice(&1_u32.to_be_bytes());
    head.extend_from_slice(&counter.to_be_bytes());
    head.push(1);
    head.resize(162 + 32 + 128, 0xaa);
    Bytes(head)
}

fn part(length: usize) -> Part {
    let blob = vec![5; length];
    Part { version: 1, hash: Bytes(Sha256::digest(&blob).to_vec()), blob: Some(Bytes(blob)) }
}

fn record(id: u8, overview: Option<Part>, secret: Option<Part>) -> Change {
    Change::Record { id: Id([id; 16]), overview, secret }
}

fn device(key: Vec<u8>) -> Change {
    Change::Device { id: Id([1; 16]), key: Bytes(key), max_format: 1, added_by: Id([2; 16]) }
}

fn keyslot(scope: u8, length: usize) -> Change {
    Change::Keyslot {
        id: Id([1; 16]),
        method: Id([2; 16]),
        slot_kind: 1,
        scope,
        wrap: Bytes(vec![3; length]),
    }
}

fn slot_gone(id: u8) -> Change {
    Change::KeyslotGone { id: Id([id; 16]) }
}

fn tombstone(id: u8) -> Change {
    Change::Tombstone { id: Id([id; 16]), version: 3 }
}

fn share(index: u8, k: u8, n: u8) -> Change {
    Change::Share {
        id: Id([index; 16]),
        record: Id([9; 16]),
        set: Id([1; 16]),
        epoch: 1,
        k,
        n,
        index,
        store: Id([index; 16]),
        hash: Bytes(vec![7; 32]),
    }
}

fn share_gone(id: u8) -> Change {
    Change::ShareGone { id: Id([id; 16]) }
}

fn commit(op: u8, changes: Vec<Change>) -> Commit {
    Commit { commit_id: Id([9; 16]), expected_counter: 4, changes, head: head(5, op) }
}

fn takes(endpoint: Endpoint, op: u8, changes: Vec<Change>) -> bool {
    match check(ACCOUNT, &commit(op, changes), endpoint) {
        Ok(()) => true,
        Err(code) => {
            assert_eq!(code, Code::BadRequest);
            false
        }
    }
}

/// Returns whether the changes are accepted as a write.
fn accepts(changes: Vec<Change>) -> bool {
    takes(Endpoint::Commit, 2, changes)
}

#[test]
fn blobs_have_the_sizes_of_their_class() {
    for length in [594, 2_130] {
        assert!(accepts(vec![record(1, Some(part(length)), None)]));
    }
    for length in [1_106, 4_178, 16_466] {
        assert!(accepts(vec![record(1, None, Some(part(length)))]));
        assert!(!accepts(vec![record(1, Some(part(length)), None)]));
    }
    for length in [0, 82, 512, 593, 595, 16_384, 16_467] {
        assert!(!accepts(vec![record(1, Some(part(length)), None)]), "{length}");
        assert!(!accepts(vec![record(1, None, Some(part(length)))]), "{length}");
    }
}

#[test]
fn hashes_are_of_the_blob() {
    let whole = part(594);
    assert!(!accepts(vec![record(1, Some(Part { hash: Bytes(vec![0; 32]), ..whole.clone() }), None)]));
    assert!(!accepts(vec![record(
        1,
        Some(Part { hash: Bytes(whole.hash.0[..31].to_vec()), ..whole.clone() }),
        None
    )]));
    assert!(!accepts(vec![record(1, Some(Part { hash: Bytes(Vec::new()), ..whole.clone() }), None)]));
    assert!(!accepts(vec![record(1, Some(Part { blob: None, ..whole }), None)]));
}

#[test]
fn a_record_has_a_part() {
    assert!(!accepts(vec![record(1, None, None)]));
}

#[test]
fn devices_and_keyslots_are_bounded() {
    let joins = |key: Vec<u8>| takes(Endpoint::Commit, 3, vec![device(key)]);
    assert!(joins(vec![4; 65]));
    for wrong in [vec![4; 66], vec![2; 65], vec![4; 33], Vec::new()] {
        assert!(!joins(wrong));
    }
    let opens = |slot: Change| takes(Endpoint::ChangeSignInMethods, 5, vec![slot]);
    for scope in [1, 2] {
        assert!(opens(keyslot(scope, 1)));
        assert!(opens(keyslot(scope, 2_048)));
        assert!(!opens(keyslot(scope, 0)));
        assert!(!opens(keyslot(scope, 2_049)));
    }
    assert!(!opens(keyslot(0, 100)));
    assert!(!opens(keyslot(3, 100)));
    for (slot_kind, good) in [(0, false), (1, true), (2, false), (3, true), (4, false)] {
        let slot = Change::Keyslot {
            id: Id([1; 16]),
            method: Id([2; 16]),
            slot_kind,
            scope: 1,
            wrap: Bytes(vec![3; 100]),
        };
        assert_eq!(opens(slot), good, "kind {slot_kind}");
    }
}

#[test]
fn every_object_comes_once() {
    assert!(accepts(vec![tombstone(1), tombstone(2)]));
    assert!(!accepts(vec![tombstone(1), tombstone(1)]));
    assert!(!accepts(vec![tombstone(1), record(1, Some(part(594)), None)]));
    assert!(!takes(Endpoint::ChangeSignInMethods, 5, vec![keyslot(1, 10), keyslot(2, 10)]));
    assert!(!takes(Endpoint::ChangeSignInMethods, 5, vec![keyslot(1, 10), slot_gone(1)]));
    // Ids of different kinds are independent.
    assert!(takes(Endpoint::ChangeSignInMethods, 5, vec![tombstone(1), keyslot(1, 10)]));
}

#[test]
fn the_number_of_changes_is_bounded() {
    let many = |number: usize| -> Vec<Change> {
        (0..number)
            .map(|at| Change::Tombstone { id: Id(u128::try_from(at).unwrap().to_be_bytes()), version: 3 })
            .collect()
    };
    assert!(!accepts(many(0)));
    assert!(accepts(many(MAX_CHANGES)));
    assert!(!accepts(many(MAX_CHANGES + 1)));
}

#[test]
fn numbers_do_not_overflow() {
    assert!(!accepts(vec![Change::Tombstone { id: Id([1; 16]), version: u64::MAX }]));
    let last = Commit { expected_counter: u64::MAX, ..commit(3, vec![device(vec![4; 65])]) };
    assert_eq!(check(ACCOUNT, &last, Endpoint::Commit), Err(Code::BadRequest));
}

#[test]
fn the_head_is_of_the_next_counter() {
    let wrong = Commit { head: head(4, 3), ..commit(3, vec![device(vec![4; 65])]) };
    assert_eq!(check(ACCOUNT, &wrong, Endpoint::Commit), Err(Code::BadRequest));
}

#[test]
fn every_operation_comes_by_its_own_call() {
    let new = || record(1, Some(part(594)), Some(part(1_106)));
    let good = [
        (Endpoint::CreateAccount, 1, vec![device(vec![4; 65]), keyslot(1, 10), new()]),
        (Endpoint::Commit, 2, vec![new(), tombstone(2)]),
        (Endpoint::Commit, 3, vec![device(vec![4; 65])]),
        (Endpoint::ChangeSignInMethods, 5, vec![keyslot(1, 10), new()]),
        (Endpoint::ChangeSignInMethods, 5, vec![slot_gone(1)]),
        (Endpoint::Commit, 6, vec![new(), share(1, 2, 2), share(2, 2, 2)]),
        (Endpoint::Commit, 6, vec![new(), share(1, 2, 2), share(2, 2, 2), share_gone(3)]),
        (Endpoint::Commit, 6, vec![tombstone(1), share_gone(3)]),
    ];
    for (call, operation, changes) in good {
        for &endpoint in Endpoint::ALL {
            for op in 0..=u8::MAX {
                let fits = takes(endpoint, op, changes.clone());
                assert_eq!(fits, (endpoint, op) == (call, operation), "{endpoint:?} {op} {changes:?}");
            }
        }
    }
}

#[test]
fn an_operation_changes_nothing_else() {
    let new = || record(9, Some(part(594)), Some(part(1_106)));
    let dealt = || vec![new(), share(1, 2, 2), share(2, 2, 2)];
    let with = |mut changes: Vec<Change>, other: Change| {
        changes.push(other);
        changes
    };
    for wrong in [device(vec![4; 65]), keyslot(1, 10), slot_gone(4), share(3, 2, 3), share_gone(4)] {
        assert!(!takes(Endpoint::Commit, 2, vec![new(), wrong.clone()]), "{wrong:?}");
    }
    for wrong in [new(), tombstone(4), keyslot(1, 10), slot_gone(4), share(3, 2, 3), share_gone(4)] {
        assert!(!takes(Endpoint::Commit, 3, vec![device(vec![4; 65]), wrong.clone()]), "{wrong:?}");
    }
    for wrong in [device(vec![4; 65]), share(3, 2, 3), share_gone(4)] {
        assert!(!takes(Endpoint::ChangeSignInMethods, 5, vec![keyslot(1, 10), wrong.clone()]), "{wrong:?}");
    }
    for wrong in [device(vec![4; 65]), keyslot(1, 10), slot_gone(4), tombstone(4)] {
        assert!(!takes(Endpoint::Commit, 6, with(dealt(), wrong.clone())), "{wrong:?}");
    }
    for wrong in [tombstone(4), slot_gone(4), share(3, 2, 3), share_gone(4)] {
        let genesis = vec![device(vec![4; 65]), keyslot(1, 10), wrong.clone()];
        assert!(!takes(Endpoint::CreateAccount, 1, genesis), "{wrong:?}");
    }
    assert!(!takes(Endpoint::ChangeSignInMethods, 5, vec![new()]));
    assert!(!takes(Endpoint::Commit, 6, vec![new()]));
    assert!(!takes(Endpoint::Commit, 6, vec![share_gone(1)]));
    assert!(!takes(Endpoint::Commit, 6, vec![new(), share_gone(1)]));
    assert!(!takes(Endpoint::Commit, 6, vec![tombstone(9), share(1, 2, 2), share(2, 2, 2)]));
}

#[test]
fn a_dealing_is_whole() {
    let new = || record(9, Some(part(594)), Some(part(1_106)));
    let deals = |shares: Vec<Change>| {
        let changes = std::iter::once(new()).chain(shares).collect();
        takes(Endpoint::Commit, 6, changes)
    };
    for n in 2..=16 {
        assert!(deals((1..=n).map(|index| share(index, 2, n)).collect()));
        assert!(deals((1..=n).map(|index| share(index, n, n)).collect()));
        assert!(!deals((1..n).map(|index| share(index, 2, n)).collect()));
        assert!(!deals((1..=n).map(|index| share(index, 1, n)).collect()));
        assert!(!deals((1..=n).map(|index| share(index, n + 1, n)).collect()));
    }
    assert!(!deals((1..=17).map(|index| share(index, 2, 17)).collect()));
    assert!(!deals(vec![share(1, 1, 1)]));
    macro_rules! set {
        ($field:ident, $value:expr) => {
            |share: &mut Change| {
                let Change::Share { $field, .. } = share else { panic!("no share") };
                *$field = $value;
            }
        };
    }
    let damages: [fn(&mut Change); 8] = [
        set!(set, Id([8; 16])),
        set!(epoch, 2),
        set!(epoch, 0),
        set!(index, 1),
        set!(index, 0),
        set!(index, 3),
        set!(store, Id([1; 16])),
        set!(hash, Bytes(vec![7; 31])),
    ];
    for damage in damages {
        let mut shares = vec![share(1, 2, 2), share(2, 2, 2)];
        damage(&mut shares[1]);
        assert!(!deals(shares.clone()), "{shares:?}");
    }
}
