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
    let wrap = vec![3; length];
    let hash = Bytes(Sha256::digest(&wrap).to_vec());
    Change::Keyslot {
        id: Id([1; 16]),
        method: Id([2; 16]),
        slot_kind: 1,
        scope,
        hash,
        wrap: Some(Bytes(wrap)),
    }
}

fn slot_gone(id: u8) -> Change {
    Change::KeyslotGone { id: Id([id; 16]) }
}

fn tombstone(id: u8) -> Change {
    Change::Tombstone { id: Id([id; 16]), version: 3 }
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

/// Attack T23 of `tests/ATTACKS.md`.
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
fn a_keyslot_comes_with_its_wrap() {
    let opens = |slot: Change| takes(Endpoint::ChangeSignInMethods, 5, vec![slot]);
    assert!(opens(keyslot(1, 1)));
    assert!(opens(keyslot(2, 2_048)));
    assert!(!opens(keyslot(1, 0)));
    assert!(!opens(keyslot(1, 2_049)));
    let Change::Keyslot { id, method, slot_kind, scope, hash, wrap } = keyslot(1, 100) else { panic!() };
    let with = |hash, wrap| Change::Keyslot { id, method, slot_kind, scope, hash, wrap };
    assert!(!opens(with(hash.clone(), None)));
    assert!(!opens(with(Bytes(vec![0; 32]), wrap.clone())));
    assert!(!opens(with(Bytes(hash.0[..31].to_vec()), wrap)));
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
fn the_counter_does_not_overflow() {
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
    let calls = [
        (1, Endpoint::CreateAccount),
        (2, Endpoint::Commit),
        (3, Endpoint::Commit),
        (5, Endpoint::ChangeSignInMethods),
        (6, Endpoint::Commit),
        (8, Endpoint::Commit),
    ];
    for &endpoint in Endpoint::ALL {
        for op in 0..=u8::MAX {
            let fits = takes(endpoint, op, vec![tombstone(1)]);
            assert_eq!(fits, calls.contains(&(op, endpoint)), "{endpoint:?} {op}");
        }
    }
}
