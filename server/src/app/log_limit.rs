//! Bounds how many lines of one kind the log gets in a minute: strangers can cause one with every
//! request, and must not fill the disk, nor hide what matters among their own lines.

use std::collections::HashMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tracing::callsite::Identifier;
use tracing::field::{Field, Visit};
use tracing::{Event, Level, Subscriber};
use tracing_subscriber::layer::{Context, Layer};

use crate::app::clock::Clock;

/// The time within which lines are counted.
const WINDOW: Duration = Duration::from_secs(60);
/// How many lines of a kind are written within that time if they tell of something unusual.
const MAX_WARNINGS: u64 = 60;
/// How many are written of other kinds, such as those that tell how a request was answered.
const MAX_INFORMATION: u64 = 600;

/// Counts the lines of each kind. A kind is a place in the program that writes lines.
pub(crate) struct LogLimit {
    clock: Clock,
    kinds: Mutex<HashMap<Identifier, Kind>>,
}

#[derive(Default)]
struct Kind {
    since: Duration,
    lines: u64,
    left_out: u64,
    /// The message of the lines, once some were left out. Messages are fixed texts.
    message: String,
}

impl LogLimit {
    /// Returns a limit that has counted nothing.
    pub(crate) fn new(clock: Clock) -> Self {
        Self { clock, kinds: Mutex::default() }
    }

    /// Writes a line for each kind of which lines were left out in a minute that is over, or in any
    /// if this is the `last` chance.
    pub(crate) fn report(&self, last: bool) {
        let now = self.clock.monotonic();
        let mut reports = Vec::new();
        for kind in self.lock().values_mut().filter(|kind| kind.left_out > 0) {
            if last || now.saturating_sub(kind.since) >= WINDOW {
                reports.push((std::mem::take(&mut kind.message), std::mem::take(&mut kind.left_out)));
            }
        }
        // The lock is free by now: these lines are counted like all others.
        for (kind, times) in reports {
            tracing::warn!(parent: None, kind, times, "lines of one kind were left out");
        }
    }

    /// Counts a line and returns whether it is written.
    fn admit(&self, event: &Event<'_>) -> bool {
        let most = if *event.metadata().level() <= Level::WARN { MAX_WARNINGS } else { MAX_INFORMATION };
        let now = self.clock.monotonic();
        let mut kinds = self.lock();
        let kind = kinds.entry(event.metadata().callsite()).or_default();
        // What was left out before is reported by the next report.
        if kind.lines == 0 || now.saturating_sub(kind.since) >= WINDOW {
            (kind.since, kind.lines) = (now, 0);
        }
        if kind.lines < most {
            kind.lines += 1;
            return true;
        }
        kind.left_out += 1;
        if kind.message.is_empty() {
            event.record(&mut Message(&mut kind.message));
        }
        false
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Identifier, Kind>> {
        self.kinds.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Lets lines pass as the limit says.
pub(crate) struct WithinLimit(pub(crate) Arc<LogLimit>);

impl<S: Subscriber> Layer<S> for WithinLimit {
    fn event_enabled(&self, event: &Event<'_>, _: Context<'_, S>) -> bool {
        self.0.admit(event)
    }
}

/// Takes the message of an event.
struct Message<'a>(&'a mut String);

impl Visit for Message<'_> {
    fn record_debug(&mut self, field: &Field, value: &dyn fmt::Debug) {
        if field.name() == "message" {
            *self.0 = format!("{value:?}");
        }
    }
}

#[cfg(test)]
mod tests {
    use tracing_subscriber::layer::SubscriberExt;

    use super::*;

    #[test]
    fn each_kind_has_a_number_of_lines_in_a_minute() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let clock = Clock::manual(1_000);
        let limit = Arc::new(LogLimit::new(clock.clone()));
        let lines = tracing_subscriber::fmt::layer().json().with_writer(Mutex::new(file.reopen().unwrap()));
        let subscriber = tracing_subscriber::registry().with(lines).with(WithinLimit(Arc::clone(&limit)));
        tracing::subscriber::with_default(subscriber, || {
            let minute = || {
                for number in 0..1_000 {
                    tracing::warn!(number, "a stranger");
                    tracing::info!(number, "a request");
                }
                tracing::error!("something else");
            };
            minute();
            limit.report(false);
            clock.advance(60);
            limit.report(false);
            limit.report(false);
            minute();
            limit.report(true);
        });
        let log = std::fs::read_to_string(file.path()).unwrap();
        let count = |text: &str| log.lines().filter(|line| line.contains(text)).count();
        for (text, expected) in [
            ("\"message\":\"a stranger\"", 2 * 60),
            ("\"message\":\"a request\"", 2 * 600),
            ("\"message\":\"something else\"", 2),
            ("\"kind\":\"a stranger\",\"times\":940", 2),
            ("\"kind\":\"a request\",\"times\":400", 2),
        ] {
            assert_eq!(count(text), expected, "{text}");
        }
        assert_eq!(log.lines().count(), 2 * (60 + 600 + 1 + 2));
    }
}
