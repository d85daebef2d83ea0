//! Records every byte of a connection.

use std::io;
use std::pin::Pin;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;

/// What one browser has sent and received. Clones share the recording.
#[derive(Clone, Default)]
pub(crate) struct Tape {
    pub(crate) sent: Track,
    pub(crate) received: Track,
}

impl Tape {
    /// Returns a tape that keeps nothing.
    pub(crate) fn off() -> Self {
        Self { sent: Track(None), received: Track(None) }
    }
}

/// The bytes in one direction.
#[derive(Clone)]
pub(crate) struct Track(Option<Arc<Mutex<Vec<u8>>>>);

impl Default for Track {
    fn default() -> Self {
        Self(Some(Arc::default()))
    }
}

impl Track {
    fn add(&self, bytes: &[u8]) {
        if let Some(kept) = &self.0 {
            kept.lock().unwrap_or_else(PoisonError::into_inner).extend_from_slice(bytes);
        }
    }

    /// Returns every byte so far.
    pub(crate) fn bytes(&self) -> Vec<u8> {
        let kept = self.0.as_ref().expect("this recording is switched on");
        kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }
}

/// A connection whose bytes are recorded.
pub(crate) struct RecordedStream {
    pub(crate) stream: TcpStream,
    pub(crate) tape: Tape,
}

impl AsyncRead for RecordedStream {
    fn poll_read(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        buf: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let polled = Pin::new(&mut self.stream).poll_read(cx, buf);
        if let Some(new) = buf.filled().get(before..) {
            self.tape.received.add(new);
        }
        polled
    }
}

impl AsyncWrite for RecordedStream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let polled = Pin::new(&mut self.stream).poll_write(cx, bytes);
        if let Poll::Ready(Ok(sent)) = &polled {
            self.tape.sent.add(bytes.get(..*sent).unwrap_or_default());
        }
        polled
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.stream).poll_shutdown(cx)
    }
}
