use crystallum_messages::{ShareState, ShareView, StoreId};
use crystallum_snapshots::{Samples, add_variants, expect_file};

pub(crate) fn share() -> ShareView {
    ShareView { index: 1, store: StoreId([3; 16]), number: 2, state: ShareState::Held }
}

pub(crate) fn samples() -> Samples {
    let mut samples = Samples::default();
    samples.add("ShareView", share());
    add_variants!(samples, ShareState {
        Good => ShareState::Good,
        Held => ShareState::Held,
        Missing => ShareState::Missing,
        Unreachable => ShareState::Unreachable,
        Unknown => ShareState::Unknown,
        Wrong => ShareState::Wrong,
    });
    samples
}

#[test]
fn json_is_as_recorded() {
    samples().compare(expect_file!["snapshots/shares.json"]);
}
