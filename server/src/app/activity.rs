//! What a connection is doing, so that the right one is closed when there are too many.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicU64, Ordering};
use std::task::{Context, Poll};
use std::time::Duration;

use axum::body::{Body, Bytes, HttpBody};
use hyper::body::{Frame, SizeHint};
use tokio::time::Instant;

/// What a connection is doing.
pub(crate) struct Activity {
    start: Instant,
    /// Milliseconds from the start to the last byte that was sent or received.
    last_byte: AtomicU64,
    /// Whether a request is being handled.
    running: AtomicBool,
    /// Whether the handler waits for the rest of the request's body.
    blocked: AtomicBool,
    /// Whether the handler waits until others have given memory back.
    waits_for_room: AtomicBool,
}

impl Activity {
    /// Returns the activity of a new connection.
    pub(crate) fn new() -> Self {
        Self {
            start: Instant::now(),
            last_byte: AtomicU64::new(0),
            running: AtomicBool::new(false),
            blocked: AtomicBool::new(false),
            waits_for_room: AtomicBool::new(false),
        }
    }

    /// Notes that bytes were sent or received.
    pub(crate) fn note_bytes(&self) {
        let elapsed = u64::try_from(self.start.elapsed().as_millis()).unwrap_or(u64::MAX);
        self.last_byte.store(elapsed, Ordering::Relaxed);
    }

    /// Notes that a request is being handled, until the returned value is dropped.
    pub(crate) fn begin(self: &Arc<Self>) -> Running {
        self.running.store(true, Ordering::Relaxed);
        Running(Arc::clone(self))
    }

    /// Notes that the request waits for memory, until the returned value is dropped.
    pub(crate) fn wait_for_room(self: &Arc<Self>) -> WaitingForRoom {
        self.waits_for_room.store(true, Ordering::Relaxed);
        WaitingForRoom(Arc::clone(self))
    }

    /// Returns when the connection moved a byte for the last time.
    pub(crate) fn last_byte(&self) -> Instant {
        self.start + Duration::from_millis(self.last_byte.load(Ordering::Relaxed))
    }

    /// Returns whether the server has nothing to do until this client sends or reads something, or
    /// others do.
    pub(crate) fn waits_for_client(&self) -> bool {
        !self.running.load(Ordering::Relaxed)
            || self.blocked.load(Ordering::Relaxed)
            || self.waits_for_room.load(Ordering::Relaxed)
    }
}

/// A request that is being handled.
pub(crate) struct Running(Arc<Activity>);

impl Drop for Running {
    fn drop(&mut self) {
        self.0.running.store(false, Ordering::Relaxed);
        self.0.blocked.store(false, Ordering::Relaxed);
    }
}

/// A request that waits for memory.
pub(crate) struct WaitingForRoom(Arc<Activity>);

impl Drop for WaitingForRoom {
    fn drop(&mut self) {
        self.0.waits_for_room.store(false, Ordering::Relaxed);
    }
}

/// A body that notes when its reader waits for the client.
pub(crate) struct WatchedBody {
    body: Body,
    activity: Arc<Activity>,
}

impl WatchedBody {
    /// Watches the body of the request that is being handled.
    pub(crate) fn new(body: Body, activity: Arc<Activity>) -> Self {
        Self { body, activity }
    }
}

impl HttpBody for WatchedBody {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(context);
        self.activity.blocked.store(polled.is_pending(), Ordering::Relaxed);
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
