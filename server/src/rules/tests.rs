use super::*;

const ACCOUNT: Id = Id([7; 16]);

fn head(counter: u64) -> Bytes {
    let mut head = vec![1, 1];
    head.extend_from_slice(&ACCOUNT.0);
    head.extend_from_slice(&1_u32.to_be_bytes());
    head.extend_from_slice(&counter.to_be_bytes());
    head.push(1);
    head.resize(130 + 32 + 128, 0xaa);
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
    Change::Keyslot { id: Id([1; 16]), slot_kind: 1, scope, wrap: Bytes(vec![3; length]) }
}

fn commit(changes: Vec<Change>) -> Commit {
    Commit { commit_id: Id([9; 16]), expected_counter: 4, changes, head: head(5) }
}

fn accepts(changes: Vec<Change>) -> bool {
    match check(ACCOUNT, &commit(changes)) {
        Ok(()) => true,
        Err(code) => {
            assert_eq!(code, Code::BadRequest);
            false
        }
    }
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
    let mut key = vec![4; 65];
    assert!(accepts(vec![device(key.clone())]));
    key.push(4);
    assert!(!accepts(vec![device(key)]));
    assert!(!accepts(vec![device(vec![2; 65])]));
    assert!(!accepts(vec![device(vec![4; 33])]));
    assert!(!accepts(vec![device(Vec::new())]));
    for scope in [1, 2] {
        assert!(accepts(vec![keyslot(scope, 1)]));
        assert!(accepts(vec![keyslot(scope, 2_048)]));
        assert!(!accepts(vec![keyslot(scope, 0)]));
        assert!(!accepts(vec![keyslot(scope, 2_049)]));
    }
    assert!(!accepts(vec![keyslot(0, 100)]));
    assert!(!accepts(vec![keyslot(3, 100)]));
}

#[test]
fn every_object_comes_once() {
    let tombstone = |id| Change::Tombstone { id: Id([id; 16]), version: 3 };
    assert!(accepts(vec![tombstone(1), tombstone(2)]));
    assert!(!accepts(vec![tombstone(1), tombstone(1)]));
    assert!(!accepts(vec![tombstone(1), record(1, Some(part(594)), None)]));
    assert!(!accepts(vec![keyslot(1, 10), keyslot(2, 10)]));
    // Ids of different kinds have nothing to do with each other.
    assert!(accepts(vec![tombstone(1), keyslot(1, 10), device(vec![4; 65])]));
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
    let last = Commit { expected_counter: u64::MAX, ..commit(vec![device(vec![4; 65])]) };
    assert_eq!(check(ACCOUNT, &last), Err(Code::BadRequest));
}

#[test]
fn the_head_is_of_the_next_counter() {
    let wrong = Commit { head: head(4), ..commit(vec![device(vec![4; 65])]) };
    assert_eq!(check(ACCOUNT, &wrong), Err(Code::BadRequest));
}
