//! Helpers that the tests of several modules share.

use proptest::prelude::ProptestConfig;
use proptest::test_runner::{RngAlgorithm, RngSeed};

/// Configures the runner of property tests with the seed in `CRYSTALLUM_SEED`, or else a constant,
/// so that a failure can be repeated.
pub(crate) fn config() -> ProptestConfig {
    let seed = std::env::var("CRYSTALLUM_SEED").ok().and_then(|seed| seed.parse().ok()).unwrap_or(2);
    println!("seed {seed}");
    ProptestConfig {
        cases: 256,
        failure_persistence: None,
        rng_algorithm: RngAlgorithm::ChaCha,
        rng_seed: RngSeed::Fixed(seed),
        ..ProptestConfig::default()
    }
}
