use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// The clock from which the server takes its time.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System(Instant),
    Manual(Arc<Times>),
}

/// The two times of a manual clock, in seconds.
#[derive(Debug)]
struct Times {
    unix: AtomicU64,
    monotonic: AtomicU64,
}

impl Clock {
    /// Returns the system clock.
    pub fn system() -> Self {
        Self(Source::System(Instant::now()))
    }

    /// Returns a clock that starts `seconds` after the Unix epoch and only moves when it is
    /// advanced.
    pub fn manual(seconds: u64) -> Self {
        Self(Source::Manual(Arc::new(Times { unix: seconds.into(), monotonic: seconds.into() })))
    }

    /// Moves a manual clock and all its clones forward. Does nothing to the system clock.
    pub fn advance(&self, seconds: u64) {
        if let Source::Manual(now) = &self.0 {
            now.unix.fetch_add(seconds, Ordering::SeqCst);
            now.monotonic.fetch_add(seconds, Ordering::SeqCst);
        }
    }

    /// Sets the date of a manual clock and all its clones, in seconds since the Unix epoch, as when
    /// somebody corrects the clock of a machine. No time passes. Does nothing to the system clock.
    pub fn set_unix(&self, seconds: u64) {
        if let Source::Manual(now) = &self.0 {
            now.unix.store(seconds, Ordering::SeqCst);
        }
    }

    /// Returns the seconds since the Unix epoch.
    pub(crate) fn unix(&self) -> i64 {
        let seconds = match &self.0 {
            Source::System(_) => SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs(),
            Source::Manual(now) => now.unix.load(Ordering::SeqCst),
        };
        i64::try_from(seconds).unwrap_or(i64::MAX)
    }

    /// Returns the time since an arbitrary starting point. It never goes backwards.
    pub(crate) fn monotonic(&self) -> Duration {
        match &self.0 {
            Source::System(start) => start.elapsed(),
            Source::Manual(now) => Duration::from_secs(now.monotonic.load(Ordering::SeqCst)),
        }
    }
}

impl governor::clock::Clock for Clock {
    type Instant = Duration;

    fn now(&self) -> Duration {
        self.monotonic()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn clones_share_one_time() {
        let clock = Clock::manual(100);
        let other = clock.clone();
        clock.advance(20);
        assert_eq!(other.unix(), 120);
        assert_eq!(other.monotonic(), Duration::from_secs(120));
        clock.set_unix(5);
        assert_eq!(other.unix(), 5);
        assert_eq!(other.monotonic(), Duration::from_secs(120));
    }
}
