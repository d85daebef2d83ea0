use crystallum_messages::{OverviewVersion, RecordId, Saved, SyncState};
use crystallum_snapshots::{Samples, expect_file};

pub(crate) fn version() -> OverviewVersion {
    OverviewVersion { number: 2, hash: [7; 32] }
}

pub(crate) fn saved() -> Saved {
    Saved { id: RecordId([2; 16]), sync: SyncState::Waiting }
}

pub(crate) fn samples() -> Samples {
    let mut samples = Samples::default();
    samples.add("OverviewVersion", version());
    samples.add("Saved", saved());
    samples
}

#[test]
fn json_is_as_recorded() {
    samples().compare(expect_file!["snapshots/records.json"]);
}
