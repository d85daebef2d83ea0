use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

/// Where the server takes its time from.
#[derive(Clone, Debug)]
pub struct Clock(Source);

#[derive(Clone, Debug)]
enum Source {
    System(Instant),
    Manual(Arc<AtomicU64>),
}

impl Clock {
    /// The machine's clock.
    pub fn system() -> Self {
        Self(Source::System(Instant::now()))
    }

    /// A clock that stands still until it is advanced, starting `seconds` after 1970.
    pub fn manual(seconds: u64) -> Self {
        Self(Source::Manual(Arc::new(AtomicU64::new(seconds))))
    }

    /// Moves a manual clock and all its clones forward; a system clock stays as it is.
    pub fn advance(&self, seconds: u64) {
        if let Source::Manual(now) = &self.0 {
            now.fetch_add(seconds, Ordering::SeqCst);
        }
    }

    /// Seconds since 1970.
    pub(crate) fn unix(&self) -> i64 {
        let seconds = match &self.0 {
            Source::System(_) => SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default().as_secs(),
            Source::Manual(now) => now.load(Ordering::SeqCst),
        };
        i64::try_from(seconds).unwrap_or(i64::MAX)
    }

    /// Time since an arbitrary point, never going back.
    pub(crate) fn monotonic(&self) -> Duration {
        match &self.0 {
            Source::System(start) => start.elapsed(),
            Source::Manual(now) => Duration::from_secs(now.load(Ordering::SeqCst)),
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
    }
}
