use crystallum_api::{Change, HeadProof, State};
use crystallum_snapshots::{Samples, expect_file};

use crate::{bytes, id};

pub(crate) fn samples() -> Samples {
    let mut samples = Samples::default();
    let objects = vec![Change::Tombstone { id: id(1), version: 3 }];
    samples.add("State", State { head: bytes(b"head"), past: bytes(b"past"), objects, more: true });
    samples.add("HeadProof", HeadProof { hashes: vec![bytes(&[1; 32]), bytes(&[2; 32])] });
    samples
}

#[test]
fn json_is_as_recorded() {
    samples().compare(expect_file!["snapshots/state.json"]);
}
