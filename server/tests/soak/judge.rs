//! What must not happen.

use crate::host::Health;
use crate::meter::Readings;

/// What may go wrong for people in a phase.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(crate) enum Expected {
    /// Nothing.
    Nothing,
    /// Writes are refused.
    NoSpace,
    /// Requests are not answered, because the server is killed.
    Kill,
}

/// Asserts that the server says that nothing is wrong.
pub(crate) fn assert_well(health: &Health) {
    assert!(health.status == 200 && health.problems.is_empty(), "{health:?}");
}

/// Asserts that the server says that it cannot write.
pub(crate) fn assert_writes_fail(health: &Health) {
    assert!(health.status == 503 && health.problems.contains("writes_fail"), "{health:?}");
}

/// Asserts that nothing else went wrong for people than what is expected.
pub(crate) fn assert_expected(name: &str, people: &Readings, expected: Expected) {
    let mut refused: Vec<_> = people.refused.iter().filter(|(refusal, _)| !refusal.is_signed_out()).collect();
    if expected == Expected::NoSpace {
        let all = refused.len();
        refused.retain(|(refusal, _)| !refusal.is_for_lack_of_space());
        assert!(refused.len() < all, "{name}: nothing was refused");
    }
    assert!(refused.is_empty(), "{name}: {refused:?}");
    assert!(expected == Expected::Kill || people.cut == 0, "{name}: {} connections were cut", people.cut);
    assert_eq!(people.without_retry, 0, "{name}: refused without saying for how long");
}
