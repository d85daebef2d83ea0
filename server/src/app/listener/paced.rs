//! A stream that fails when the other side reads too slowly.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use crystallum_api::Condition;
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

use crate::app::activity::Activity;
use crate::app::pressure::Pressure;

/// How long a client may be behind with reading. The system reports progress in steps of about a
/// third of its buffer, which a slow mobile connection takes some 20 seconds to read.
const MAX_BEHIND: Duration = Duration::from_secs(30);
/// The bytes a second with which a client that is behind catches up.
const MIN_BYTES_PER_SECOND: u32 = 1_024;

/// A stream whose other side has to read what is written.
pub(super) struct Paced<S> {
    stream: S,
    activity: Arc<Activity>,
    pressure: Arc<Pressure>,
    /// How far the client is behind, not counting the present wait.
    behind: Duration,
    waiting: Option<Waiting>,
}

/// A write that waits for the client.
struct Waiting {
    since: Instant,
    limit: Pin<Box<Sleep>>,
}

impl<S> Paced<S> {
    /// Watches a stream.
    pub(super) fn new(stream: S, activity: Arc<Activity>, pressure: Arc<Pressure>) -> Self {
        Self { stream, activity, pressure, behind: Duration::ZERO, waiting: None }
    }

    /// Measures a write, and turns it into an error when the client is too far behind.
    fn measure(
        &mut self,
        context: &mut Context<'_>,
        polled: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        let Poll::Ready(result) = polled else {
            let rest = MAX_BEHIND.saturating_sub(self.behind);
            let waiting = self.waiting.get_or_insert_with(|| Waiting {
                since: Instant::now(),
                limit: Box::pin(tokio::time::sleep(rest)),
            });
            ready!(waiting.limit.as_mut().poll(context));
            self.pressure.notice(Condition::Slow);
            return Poll::Ready(Err(io::ErrorKind::TimedOut.into()));
        };
        if let Some(waiting) = self.waiting.take() {
            self.behind = self.behind.saturating_add(waiting.since.elapsed());
        }
        if let Ok(bytes) = result {
            let bytes = u32::try_from(bytes).unwrap_or(u32::MAX);
            let caught_up = Duration::from_secs(1).saturating_mul(bytes) / MIN_BYTES_PER_SECOND;
            self.behind = self.behind.saturating_sub(caught_up);
            self.activity.note_bytes();
        }
        Poll::Ready(result)
    }
}

impl<S: AsyncRead + Unpin> AsyncRead for Paced<S> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buffer.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(context, buffer);
        if buffer.filled().len() > before {
            self.activity.note_bytes();
        }
        polled
    }
}

impl<S: AsyncWrite + Unpin> AsyncWrite for Paced<S> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(context, bytes);
        self.measure(context, polled)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write_vectored(context, slices);
        self.measure(context, polled)
    }

    fn is_write_vectored(&self) -> bool {
        self.stream.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt, duplex};

    use super::*;
    use crate::app::clock::Clock;

    /// Writes without end to a client that reads `bytes` every `pause`, and returns how many
    /// seconds that lasted and how much was read.
    async fn served(pause: Duration, bytes: usize, most: usize) -> (u64, usize) {
        let (ours, mut theirs) = duplex(1_024);
        let pressure = Arc::new(Pressure::new(Clock::manual(1_000)));
        let mut stream = Paced::new(ours, Arc::new(Activity::new()), Arc::clone(&pressure));
        let start = Instant::now();
        let writing = tokio::spawn(async move { while stream.write_all(&[7; 512]).await.is_ok() {} });
        let mut read = 0;
        let mut buffer = vec![0; bytes];
        while read < most && !writing.is_finished() {
            tokio::time::sleep(pause).await;
            read += theirs.read(&mut buffer).await.unwrap();
        }
        let seconds = start.elapsed().as_secs();
        if read < most {
            writing.await.unwrap();
            assert_eq!(pressure.present(), [Condition::Slow]);
        } else {
            assert_eq!(pressure.present(), []);
        }
        (seconds, read)
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_does_not_read_is_given_up() {
        let (ours, _theirs) = duplex(1_024);
        let pressure = Arc::new(Pressure::new(Clock::manual(1_000)));
        let mut stream = Paced::new(ours, Arc::new(Activity::new()), pressure);
        let start = Instant::now();
        let error = stream.write_all(&[7; 2_000]).await.unwrap_err();
        assert_eq!((error.kind(), start.elapsed()), (io::ErrorKind::TimedOut, MAX_BEHIND));
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_has_to_keep_a_minimum_rate() {
        let (seconds, _) = served(Duration::from_secs(1), 100, usize::MAX).await;
        assert!((30..60).contains(&seconds), "{seconds}");
        let (_, read) = served(Duration::from_millis(100), 1_024, 2_000_000).await;
        assert!(read >= 2_000_000);
        let (_, read) = served(Duration::from_secs(20), 30_000, 0).await;
        assert_eq!(read, 0);
    }

    #[tokio::test(start_paused = true)]
    async fn a_pause_between_answers_does_not_count() {
        let (ours, mut theirs) = duplex(1_024);
        let pressure = Arc::new(Pressure::new(Clock::manual(1_000)));
        let mut stream = Paced::new(ours, Arc::new(Activity::new()), pressure);
        for _ in 0..10 {
            stream.write_all(&[7; 1_024]).await.unwrap();
            tokio::time::sleep(Duration::from_secs(60)).await;
            theirs.read_exact(&mut [0; 1_024]).await.unwrap();
        }
    }
}
