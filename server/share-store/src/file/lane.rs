//! Limits how much of the server a store can hold up: how many calls run at the same time, and how
//! long whoever called waits for one.

use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use tokio::sync::{Semaphore, watch};
use tokio::time::{Instant, timeout, timeout_at};
use tracing::Instrument;

/// How many calls of a store run at the same time. Each has a connection and a thread of its own,
/// which whoever adds up what a server needs has to know. Stores are asked rarely and answer within
/// milliseconds.
pub const MAX_CALLS: usize = 2;
/// How long a call may take, with the time that it waits for its turn. It is longer than SQLite
/// waits for a lock.
pub const CALL_TIMEOUT: Duration = Duration::from_secs(12);

/// Does something with a store's file, in a task of its own. Returns `None` if that does not end in
/// time.
pub async fn within_limit<T: Send + 'static>(work: impl Future<Output = T> + Send + 'static) -> Option<T> {
    timeout(CALL_TIMEOUT, tokio::spawn(work.in_current_span())).await.ok()?.ok()
}

/// The calls of a store. A call that takes too long cannot be stopped: its thread waits for the
/// disk. It keeps its place until it ends, and until then no other call begins.
#[derive(Debug)]
pub(super) struct Lane {
    places: Arc<Semaphore>,
    overdue: Arc<AtomicUsize>,
    /// Whether a test lets no call begin.
    held: watch::Sender<bool>,
    /// Whether a test lets the time limit pass at once.
    is_impatient: AtomicBool,
}

/// What a call learns of whoever called.
#[derive(Clone, Debug, Default)]
pub(super) struct Caller(Arc<AtomicBool>);

impl Caller {
    /// Returns whether nobody waits for the call any more.
    pub(super) fn has_given_up(&self) -> bool {
        self.0.load(Ordering::Acquire)
    }
}

impl Default for Lane {
    fn default() -> Self {
        Self {
            places: Arc::new(Semaphore::new(MAX_CALLS)),
            overdue: Arc::default(),
            held: watch::Sender::new(false),
            is_impatient: AtomicBool::new(false),
        }
    }
}

impl Lane {
    /// Runs a call in a task of its own. Returns `None` if it does not end in time.
    pub(super) async fn run<T, W>(&self, call: impl FnOnce(Caller) -> W) -> Option<T>
    where
        T: Send + 'static,
        W: Future<Output = T> + Send + 'static,
    {
        if self.overdue.load(Ordering::Acquire) > 0 {
            return None;
        }
        let limit = if self.is_impatient.load(Ordering::Relaxed) { Duration::ZERO } else { CALL_TIMEOUT };
        let deadline = Instant::now() + limit;
        let place = timeout_at(deadline, Arc::clone(&self.places).acquire_owned()).await.ok()?.ok()?;
        let caller = Caller::default();
        let work = call(caller.clone());
        let mut held = self.held.subscribe();
        let task = async move {
            // The sender lives as long as the lane; without it nothing is held.
            drop(held.wait_for(|held| !held).await);
            let done = work.await;
            drop(place);
            done
        };
        let mut task = tokio::spawn(task.in_current_span());
        if let Ok(done) = timeout_at(deadline, &mut task).await {
            return done.ok();
        }
        caller.0.store(true, Ordering::Release);
        self.overdue.fetch_add(1, Ordering::AcqRel);
        let overdue = Arc::clone(&self.overdue);
        tokio::spawn(async move {
            drop(task.await);
            overdue.fetch_sub(1, Ordering::AcqRel);
        });
        None
    }

    /// Returns how many calls are under way.
    pub(super) fn calls(&self) -> usize {
        MAX_CALLS.saturating_sub(self.places.available_permits())
    }

    pub(super) fn hold(&self, held: bool) {
        self.held.send_replace(held);
    }

    pub(super) fn set_impatient(&self, is_impatient: bool) {
        self.is_impatient.store(is_impatient, Ordering::Relaxed);
    }
}
