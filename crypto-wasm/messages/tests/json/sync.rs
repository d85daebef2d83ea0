use crystallum_messages::SyncState;
use crystallum_snapshots::{Samples, add_variants, expect_file};

pub(crate) fn samples() -> Samples {
    let mut samples = Samples::default();
    add_variants!(samples, SyncState {
        Synced => SyncState::Synced,
        Waiting => SyncState::Waiting,
        Refused => SyncState::Refused { full: true },
        Offline => SyncState::Offline,
        SignedOut => SyncState::SignedOut,
        PasskeyLost => SyncState::PasskeyLost,
    });
    samples
}

#[test]
fn json_is_as_recorded() {
    samples().compare(expect_file!["snapshots/sync.json"]);
}
