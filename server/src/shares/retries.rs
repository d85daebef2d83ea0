//! When a sweep that failed is tried again.

use std::sync::{Mutex, PoisonError};
use std::time::Duration;

/// How long the first attempt that fails is waited for, and twice as long after each other one.
const FIRST_DELAY: Duration = Duration::from_secs(20);
/// The longest time between two attempts.
const MAX_DELAY: Duration = Duration::from_secs(600);

/// The attempts to make up for a sweep. A store that is full can be read, and its next sweep lists
/// all of it again only to fail again.
#[derive(Debug, Default)]
pub(crate) struct Retries(Mutex<Attempts>);

#[derive(Debug, Default)]
struct Attempts {
    /// When the next attempt may be made.
    next: Duration,
    /// How long was waited last.
    delay: Option<Duration>,
}

impl Retries {
    /// Returns whether an attempt may be made now.
    pub(crate) fn is_due(&self, now: Duration) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).next <= now
    }

    /// Notes that an attempt failed.
    pub(crate) fn note_failure(&self, now: Duration) {
        let mut attempts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let delay = attempts.delay.map_or(FIRST_DELAY, |delay| (delay * 2).min(MAX_DELAY));
        *attempts = Attempts { next: now + delay, delay: Some(delay) };
    }

    /// Notes that there is nothing to make up for, or that something has changed.
    pub(crate) fn reset(&self) {
        *self.0.lock().unwrap_or_else(PoisonError::into_inner) = Attempts::default();
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn attempts_become_rarer() {
        let retries = Retries::default();
        let attempts = |retries: &Retries| {
            let due = |now: &u64| {
                let now = Duration::from_secs(*now);
                let is_due = retries.is_due(now);
                if is_due {
                    retries.note_failure(now);
                }
                is_due
            };
            (0..3_600).step_by(10).filter(due).collect::<Vec<_>>()
        };
        assert_eq!(attempts(&retries), [0, 20, 60, 140, 300, 620, 1_220, 1_820, 2_420, 3_020]);
        retries.reset();
        assert_eq!(attempts(&retries)[..3], [0, 20, 60]);
    }
}
