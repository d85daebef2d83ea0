//! A connection, as far as others must know it: what it is doing, and how it is cut off.

use std::net::IpAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::Notify;

use crate::app::activity::Activity;

/// A connection. Clones refer to the same one.
#[derive(Clone)]
pub(crate) struct Handle {
    activity: Arc<Activity>,
    client: Arc<Mutex<Option<IpAddr>>>,
    end: Arc<End>,
}

#[derive(Default)]
struct End {
    gone: AtomicBool,
    cut: Notify,
}

impl Handle {
    /// Returns the handle of a new connection.
    pub(crate) fn new() -> Self {
        Self { activity: Arc::new(Activity::new()), client: Arc::default(), end: Arc::default() }
    }

    /// Returns what the connection is doing.
    pub(crate) fn activity(&self) -> &Arc<Activity> {
        &self.activity
    }

    /// Notes whose request the connection carries: a proxy's connection is used for many.
    pub(crate) fn set_client(&self, client: IpAddr) {
        *self.client.lock().unwrap_or_else(PoisonError::into_inner) = Some(client);
    }

    /// Returns whose request the connection carried last.
    pub(crate) fn client(&self) -> Option<IpAddr> {
        *self.client.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Cuts the connection off, because it has to make room for another.
    pub(crate) fn cut(&self) {
        self.note_end();
        self.end.cut.notify_one();
    }

    /// Waits until the connection is cut off.
    pub(crate) async fn is_cut(&self) {
        self.end.cut.notified().await;
    }

    /// Notes that the connection has ended. What is still done for it ends by itself.
    pub(crate) fn note_end(&self) {
        self.end.gone.store(true, Ordering::Relaxed);
    }

    /// Returns whether the connection has ended, or is about to because it was cut off.
    pub(crate) fn is_gone(&self) -> bool {
        self.end.gone.load(Ordering::Relaxed)
    }
}
