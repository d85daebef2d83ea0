//! Remembers which limits turn work away, for the health endpoint, the metrics and the log.

use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crystallum_api::Condition;

use crate::app::clock::Clock;

/// How long a condition counts as present after it was last noticed.
const PRESENT_FOR: Duration = Duration::from_secs(10);
/// The time between two log lines about a condition that lasts.
const LOG_INTERVAL: Duration = Duration::from_secs(60);

/// The conditions that the server is or was in.
pub(crate) struct Pressure {
    clock: Clock,
    noticed: Mutex<[Noticed; Condition::ALL.len()]>,
}

#[derive(Clone, Copy, Default)]
struct Noticed {
    count: u64,
    last: Option<Duration>,
    /// When the last log line was written, and the count at that time.
    logged: Option<(Duration, u64)>,
}

impl Pressure {
    /// Creates the memory of a server that is under no pressure.
    pub(crate) fn new(clock: Clock) -> Self {
        Self { clock, noticed: Mutex::default() }
    }

    /// Notices a condition. It is logged at once, and then at most once a minute.
    pub(crate) fn notice(&self, condition: Condition) {
        let now = self.clock.monotonic();
        let mut all = self.lock();
        let Some(noticed) =
            Condition::ALL.iter().position(|each| *each == condition).and_then(|at| all.get_mut(at))
        else {
            return;
        };
        noticed.count += 1;
        noticed.last = Some(now);
        let times = noticed.count - noticed.logged.map_or(0, |(_, count)| count);
        if noticed.logged.is_some_and(|(at, _)| now.saturating_sub(at) < LOG_INTERVAL) {
            return;
        }
        noticed.logged = Some((now, noticed.count));
        drop(all);
        match condition {
            // These are logged with the proxy's address.
            Condition::UnknownClients | Condition::UnnamedProxy => {}
            _ => tracing::warn!(condition = condition.name(), times, "a limit turned work away"),
        }
    }

    /// Returns the conditions that are present.
    pub(crate) fn present(&self) -> Vec<Condition> {
        self.counts().filter(|(_, _, present)| *present).map(|(condition, ..)| condition).collect()
    }

    /// Returns how often each condition was noticed, and whether it is present.
    pub(crate) fn counts(&self) -> impl Iterator<Item = (Condition, u64, bool)> {
        let now = self.clock.monotonic();
        let all = *self.lock();
        Condition::ALL.iter().copied().zip(all).map(move |(condition, noticed)| {
            let present = noticed.last.is_some_and(|last| now.saturating_sub(last) < PRESENT_FOR);
            (condition, noticed.count, present)
        })
    }

    fn lock(&self) -> MutexGuard<'_, [Noticed; Condition::ALL.len()]> {
        self.noticed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_condition_is_present_for_a_while() {
        let clock = Clock::manual(1_000);
        let pressure = Pressure::new(clock.clone());
        assert_eq!(pressure.present(), []);
        pressure.notice(Condition::Bodies);
        pressure.notice(Condition::Bodies);
        assert_eq!(pressure.present(), [Condition::Bodies]);
        clock.advance(9);
        pressure.notice(Condition::Answers);
        assert_eq!(pressure.present(), [Condition::Bodies, Condition::Answers]);
        clock.advance(1);
        assert_eq!(pressure.present(), [Condition::Answers]);
        assert!(pressure.counts().any(|counted| counted == (Condition::Bodies, 2, false)));
    }
}
