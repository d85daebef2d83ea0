use crystallum_api::{Change, Commit, Committed, Delta, Entry, Part, PutBack};
use crystallum_snapshots::{Samples, add_variants, expect_file};

use crate::{bytes, id};

pub(crate) fn samples() -> Samples {
    let mut samples = Samples::default();
    samples.add("Commit", commit());
    samples.add("Committed", Committed { counter: 2 });
    add_variants!(samples, Change {
        Device => Change::Device { id: id(1), key: bytes(&[4; 65]), max_format: 1, added_by: id(2) },
        DeviceGone => Change::DeviceGone { id: id(1) },
        Keyslot => Change::Keyslot { id: id(2), method: id(9), slot_kind: 1, scope: 2, hash: bytes(&[7; 32]), wrap: Some(bytes(&[9; 40])) },
        KeyslotGone => Change::KeyslotGone { id: id(2) },
        Record => Change::Record { id: id(3), overview: Some(part()), secret: Some(part()) },
        Share => Change::Share {
            id: id(4),
            record: id(8),
            set: id(5),
            epoch: 1,
            k: 3,
            n: 5,
            index: 2,
            store: id(6),
            hash: bytes(&[7; 32]),
        },
        ShareGone => Change::ShareGone { id: id(4) },
        Tombstone => Change::Tombstone { id: id(3), version: 3 },
    });
    samples.add("Change::Record bare", Change::Record { id: id(3), overview: None, secret: None });
    samples.add("Part", part());
    samples.add("Part bare", Part { blob: None, ..part() });
    let entry = entry();
    samples.add("Delta", Delta { counter: 2, entries: vec![entry.clone()] });
    samples.add("PutBack", PutBack { heads: vec![entry.clone()] });
    samples.add("Entry", entry);
    samples
}

pub(crate) fn commit() -> Commit {
    Commit {
        commit_id: id(7),
        expected_counter: 1,
        changes: vec![Change::Tombstone { id: id(3), version: 3 }],
        head: bytes(&[1; 8]),
    }
}

fn part() -> Part {
    Part { version: 2, hash: bytes(&[8; 32]), blob: Some(bytes(&[9; 8])) }
}

pub(crate) fn entry() -> Entry {
    Entry { head: bytes(&[1; 8]), changes: vec![Change::KeyslotGone { id: id(2) }] }
}

#[test]
fn json_is_as_recorded() {
    samples().compare(expect_file!["snapshots/vault.json"]);
}
