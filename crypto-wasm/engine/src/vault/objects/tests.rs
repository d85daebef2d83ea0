use crystallum_core::Blob;

use super::*;
use crate::vault::part::{Part, SecretPart};

fn id(number: u8) -> RecordId {
    RecordId::new([number; 16])
}

fn parts(version: u64) -> Parts {
    let part = Part { version, blob: Blob::from_bytes(vec![1, 2, 3]) };
    Parts { overview: part.clone(), secret: SecretPart::Here(part) }
}

fn version(time: u64) -> Vec<SecretVersion> {
    vec![SecretVersion { version: 1, hash: [0; 32], time, device: [0; 16] }]
}

#[test]
fn what_is_stored_before_an_update_is_what_is_in_memory_after_it() {
    let mut objects = Objects::default();
    for number in [1, 3, 5] {
        objects.records.insert(id(number), parts(1));
        objects.history.insert(id(number), version(1));
    }
    // One record is changed, one removed, one added; one stays as it is.
    let update = Update {
        records: vec![(id(1), Some(parts(2))), (id(2), Some(parts(1))), (id(3), None)],
        wraps: Vec::new(),
        history: vec![(id(1), Some(version(2))), (id(3), None)],
    };
    let known = objects.clone();
    let after = known.after(&update);
    let seen: Vec<_> = (0..=6).map(|number| (after.record(id(number)), after.history(id(number)))).collect();
    objects.apply(update.clone());
    let there: Vec<_> =
        (0..=6).map(|number| (objects.records.get(&id(number)), objects.history.get(&id(number)))).collect();
    assert_eq!(seen, there);
    assert_eq!(objects.records.keys().copied().collect::<Vec<_>>(), [id(1), id(2), id(5)]);
    assert_eq!(known.records.get(&id(1)), Some(&parts(1)), "looking changes nothing");
}
