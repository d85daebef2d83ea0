//! The pace at which a body has to arrive.

use std::time::Duration;

use tokio::time::{Instant, timeout_at};

/// How long a body may take without being measured. It covers a lost packet or two and a radio that
/// has to wake up.
const GRACE: Duration = Duration::from_secs(10);
/// The bytes a second that a body has to arrive with after that: less than any mobile network of
/// today gives, and enough that a body is not kept open for the sake of it.
const MIN_BYTES_PER_SECOND: u64 = 4_096;

/// Measures a body that arrives.
pub(crate) struct Pace {
    start: Instant,
    bytes: usize,
}

/// The error for a body that arrives too slowly.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct TooSlow;

impl Pace {
    /// Starts to measure.
    pub(crate) fn start() -> Self {
        Self { start: Instant::now(), bytes: 0 }
    }

    /// Waits for the next frame, as long as the body keeps its pace.
    pub(crate) async fn next<T>(&self, frame: impl Future<Output = T>) -> Result<T, TooSlow> {
        timeout_at(self.deadline(), frame).await.map_err(|_| TooSlow)
    }

    /// Counts bytes that have arrived.
    pub(crate) fn count(&mut self, bytes: usize) {
        self.bytes = self.bytes.saturating_add(bytes);
    }

    /// Returns how many bytes have arrived.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Returns when more has to have arrived.
    fn deadline(&self) -> Instant {
        let bytes = u64::try_from(self.bytes).unwrap_or(u64::MAX);
        self.start + GRACE + Duration::from_millis(bytes.saturating_mul(1_000) / MIN_BYTES_PER_SECOND)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    async fn sent(pause: Duration, bytes: usize, times: usize) -> Result<(), TooSlow> {
        let mut pace = Pace::start();
        for _ in 0..times {
            pace.next(tokio::time::sleep(pause)).await?;
            pace.count(bytes);
        }
        Ok(())
    }

    #[tokio::test(start_paused = true)]
    async fn a_slow_body_is_given_up() {
        assert_eq!(sent(Duration::from_secs(9), 1, 1).await, Ok(()));
        assert_eq!(sent(Duration::from_secs(11), 1, 1).await, Err(TooSlow));
        assert_eq!(sent(Duration::from_secs(1), 1, 11).await, Err(TooSlow));
        assert_eq!(sent(Duration::from_secs(1), 4_096, 1_000).await, Ok(()));
        assert_eq!(sent(Duration::from_secs(1), 2_000, 100).await, Err(TooSlow));
    }
}
