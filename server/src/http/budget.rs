//! Budgets of memory: how many bytes of bodies and answers may be in memory at one time, in all and
//! for each client. When a budget is used up, whoever holds most of it makes room.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use tokio::sync::Notify;
use tokio::time::{Instant, timeout};

use crate::app::activity::WaitingForRoom;
use crate::app::handle::Handle;
use crate::http::budget::holders::{Full, Holders, Payer};

pub(crate) mod holders;

/// How often somebody who waits for room looks for holders that have fallen silent meanwhile.
const RECHECK: Duration = Duration::from_millis(500);

/// A number of bytes, of which each payer may use a share.
pub(crate) struct Budget {
    holders: Mutex<Holders>,
}

impl Budget {
    /// Creates a budget of `total` bytes, of which each payer may use `share`.
    pub(crate) fn new(total: usize, share: usize) -> Arc<Self> {
        Arc::new(Self { holders: Mutex::new(Holders::new(total, share)) })
    }

    /// Returns an empty reservation that can grow, for a request on this connection.
    pub(crate) fn open(self: &Arc<Self>, payer: Payer, handle: &Handle) -> Reservation {
        let id = self.lock().open(payer, handle.clone());
        Reservation { budget: Arc::clone(self), handle: handle.clone(), id, bytes: 0 }
    }

    /// Returns how many bytes are in use.
    pub(crate) fn used(&self) -> usize {
        self.lock().used()
    }

    fn lock(&self) -> MutexGuard<'_, Holders> {
        self.holders.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Bytes of a budget. They are given back when this is dropped.
pub(crate) struct Reservation {
    budget: Arc<Budget>,
    handle: Handle,
    id: u64,
    bytes: usize,
}

impl Reservation {
    /// Returns how many bytes are reserved.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Reserves more bytes, if there is room for them now and nobody has been waiting for it.
    pub(crate) fn grow(&mut self, bytes: usize) -> Result<(), Full> {
        self.budget.lock().take(self.id, bytes)?;
        self.bytes += bytes;
        Ok(())
    }

    /// Reserves more bytes, and waits until there is room for at most `patience`. If it has to
    /// wait, others are cut off to make room.
    pub(crate) async fn wait_to_grow(&mut self, bytes: usize, patience: Duration) -> Result<(), Full> {
        let waiting = Waiting::begin(&self.budget, self.id, &self.handle);
        let start = Instant::now();
        loop {
            let waited = start.elapsed();
            let taken = self.budget.lock().take_or_cut(self.id, bytes, waited >= patience / 2);
            let Err(full) = taken else { break };
            let rest = patience.saturating_sub(waited);
            if rest.is_zero() {
                return Err(full);
            }
            // Whether room was made or only time passed is found out above.
            drop(timeout(rest.min(RECHECK), waiting.woken.notified()).await);
        }
        drop(waiting);
        self.bytes += bytes;
        Ok(())
    }

    /// Gives back what exceeds `bytes`.
    pub(crate) fn shrink_to(&mut self, bytes: usize) {
        let excess = self.bytes.saturating_sub(bytes);
        if excess > 0 {
            self.budget.lock().give_back(self.id, excess);
            self.bytes -= excess;
        }
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.budget.lock().close(self.id);
    }
}

/// A reservation that waits for room, until this is dropped.
struct Waiting<'a> {
    budget: &'a Budget,
    id: u64,
    woken: Arc<Notify>,
    _activity: WaitingForRoom,
}

impl<'a> Waiting<'a> {
    fn begin(budget: &'a Budget, id: u64, handle: &Handle) -> Self {
        let woken = budget.lock().begin_waiting(id);
        Self { budget, id, woken, _activity: handle.activity().wait_for_room() }
    }
}

impl Drop for Waiting<'_> {
    fn drop(&mut self) {
        self.budget.lock().end_waiting(self.id);
    }
}

#[cfg(test)]
mod tests;
