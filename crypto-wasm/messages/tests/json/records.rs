use crystallum_messages::{OverviewVersion, RecordId, Saved, SyncState, UnreadableReason, UnreadableRow};
use crystallum_snapshots::{Samples, add_variants, expect_file};

pub(crate) fn version() -> OverviewVersion {
    OverviewVersion { number: 2, hash: [7; 32] }
}

pub(crate) fn saved() -> Saved {
    Saved { id: RecordId([2; 16]), sync: SyncState::Waiting }
}

pub(crate) fn unreadable() -> Vec<UnreadableRow> {
    let row = |id, why| UnreadableRow { id: RecordId([id; 16]), why };
    vec![row(3, UnreadableReason::Newer), row(4, UnreadableReason::Sealed)]
}

pub(crate) fn samples() -> Samples {
    let mut samples = Samples::default();
    samples.add("OverviewVersion", version());
    samples.add("Saved", saved());
    samples.add("UnreadableRow", unreadable()[0]);
    add_variants!(samples, UnreadableReason {
        Newer => UnreadableReason::Newer,
        Sealed => UnreadableReason::Sealed,
    });
    samples
}

#[test]
fn json_is_as_recorded() {
    samples().compare(expect_file!["snapshots/records.json"]);
}
