use super::*;
use crate::keys::Root;
use crate::tests::support::Fixed;

fn keys(seed: u64, vault: u8) -> VaultKeys {
    Root::random(&mut Fixed::new(seed)).unlock(VaultId::new([vault; 16]), 1).0
}

fn id(byte: u8) -> RecordId {
    RecordId::new([byte; 16])
}

fn leaf(version: u64, hash: u8) -> RecordLeaf {
    RecordLeaf {
        overview_version: version,
        overview_hash: [hash; 32],
        secret_version: 7,
        secret_hash: [8; 32],
    }
}

fn named(name: &str) -> Overview {
    Overview::Profile { name: name.to_owned() }
}

fn snapshot() -> OverviewSnapshot {
    let mut snapshot = OverviewSnapshot::default();
    for (record, name) in [(1, "one"), (2, "two"), (9, "nine")] {
        snapshot.push(id(record), &leaf(3, record), &named(name)).expect("in order");
    }
    snapshot
}

#[test]
fn an_overview_is_given_out_for_its_leaf_only() {
    let blob = keys(1, 1).seal_snapshot(&snapshot(), &mut Fixed::new(2)).expect("it is short");
    let opened = keys(1, 1).open_snapshot(&blob).unwrap_or_else(|_| panic!("it was sealed so"));
    assert_eq!(opened.len(), 3);
    for (record, name) in [(1, "one"), (2, "two"), (9, "nine")] {
        assert!(opened.overview(id(record), &leaf(3, record)) == Some(named(name)));
    }
    let other_secret = RecordLeaf { secret_version: 9, ..leaf(3, 2) };
    assert!(opened.overview(id(2), &other_secret) == Some(named("two")), "that is another part");
    assert!(opened.overview(id(2), &leaf(4, 2)).is_none(), "another version");
    assert!(opened.overview(id(2), &leaf(3, 1)).is_none(), "another blob");
    assert!(opened.overview(id(3), &leaf(3, 3)).is_none(), "another record");
}

/// What adds an overview also checks that the bytes stay where they are.
#[test]
fn a_snapshot_of_any_length_holds_what_was_added() {
    let mut snapshot = OverviewSnapshot::default();
    for record in 0..=u8::MAX {
        let name = "name ".repeat(12);
        snapshot.push(id(record), &leaf(3, record), &named(name.trim_end())).expect("in order");
    }
    assert_eq!(snapshot.len(), 256);
    assert!(snapshot.overview(id(77), &leaf(3, 77)) == Some(named("name ".repeat(12).trim_end())));
    assert!(OverviewSnapshot::parse(snapshot.bytes).is_some_and(|parsed| parsed.len() == 256));
}

#[test]
fn a_snapshot_opens_in_its_vault_only_and_undamaged() {
    let blob = keys(1, 1).seal_snapshot(&snapshot(), &mut Fixed::new(2)).expect("it is short");
    assert!(keys(1, 2).open_snapshot(&blob).is_err(), "another vault");
    assert!(keys(3, 1).open_snapshot(&blob).is_err(), "another root");
    assert!(keys(1, 1).open_draft(&blob).is_err(), "another purpose");
    for at in [0, 40, 70, 200] {
        let mut damaged = blob.as_bytes().to_vec();
        damaged[at] ^= 1;
        assert!(keys(1, 1).open_snapshot(&Blob::from_bytes(damaged)).is_err(), "at {at}");
    }
}

#[test]
fn what_is_cut_or_out_of_order_is_no_snapshot() {
    let bytes = snapshot().bytes;
    let ends: Vec<usize> = snapshot().entries.iter().map(|entry| entry.overview.end).collect();
    for length in 0..=bytes.len() {
        let cut = OverviewSnapshot::parse(Zeroizing::new(bytes[..length].to_vec()));
        assert_eq!(cut.is_some(), length == 0 || ends.contains(&length), "{length}");
    }
    let twice = [bytes.as_slice(), bytes.as_slice()].concat();
    assert!(OverviewSnapshot::parse(Zeroizing::new(twice)).is_none());
    assert!(snapshot().push(id(9), &leaf(3, 9), &named("nine")).is_err());
}

#[test]
fn a_snapshot_is_bounded_and_padded_by_an_eighth_at_most() {
    for pair in SNAPSHOT_CLASSES.windows(2) {
        assert!(pair[0] < pair[1] && pair[1] - pair[0] <= pair[0] / 8, "{pair:?}");
    }
    let largest = SNAPSHOT_CLASSES[SNAPSHOT_CLASSES.len() - 1] - 4;
    let long = |length| OverviewSnapshot { bytes: Zeroizing::new(vec![0; length]), entries: Vec::new() };
    assert!(keys(1, 1).seal_snapshot(&long(largest + 1), &mut Fixed::new(2)).is_none());
    assert!(keys(1, 1).seal_snapshot(&long(SNAPSHOT_CLASSES[0] - 4), &mut Fixed::new(2)).is_some());
}
