use crystallum_snapshots::{Samples, expect_file};

use crate::{bytes, id};

pub(crate) fn samples() -> Samples {
    let mut samples = Samples::default();
    samples.add("Bytes", bytes(&[0, 0xfb, 0xff, 0xfe]));
    samples.add("Bytes empty", bytes(&[]));
    samples.add("Id", id(0xfb));
    samples
}

#[test]
fn json_is_as_recorded() {
    samples().compare(expect_file!["snapshots/binary.json"]);
}
