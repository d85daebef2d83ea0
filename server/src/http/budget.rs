//! Budgets of memory: how many bytes of bodies and answers may be in memory at one time, in all and
//! for each client.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crystallum_api::Id;
use tokio::sync::Notify;

/// Whose share of a budget is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Payer {
    /// A network without a session.
    Network(IpAddr),
    /// An account.
    Account(Id),
}

/// Why a budget has no room.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Full {
    /// The payer has used its share. Others still have room.
    Share,
    /// Everybody together has used everything.
    Total,
}

/// A number of bytes, of which each payer may use a share.
pub(crate) struct Budget {
    total: usize,
    share: usize,
    used: Mutex<Used>,
    freed: Notify,
}

#[derive(Default)]
struct Used {
    total: usize,
    by_payer: HashMap<Payer, usize>,
}

impl Budget {
    /// Creates a budget of `total` bytes, of which each payer may use `share`.
    pub(crate) fn new(total: usize, share: usize) -> Arc<Self> {
        Arc::new(Self { total, share, used: Mutex::default(), freed: Notify::new() })
    }

    /// Returns an empty reservation that can grow.
    pub(crate) fn open(self: &Arc<Self>, payer: Payer) -> Reservation {
        Reservation { budget: Arc::clone(self), payer, bytes: 0 }
    }

    /// Reserves bytes, and waits until there is room for at most `patience`.
    pub(crate) async fn wait_for(
        self: &Arc<Self>,
        payer: Payer,
        bytes: usize,
        patience: Duration,
    ) -> Result<Reservation, Full> {
        let mut reservation = self.open(payer);
        let waited = tokio::time::timeout(patience, async {
            loop {
                let freed = self.freed.notified();
                if reservation.grow(bytes).is_ok() {
                    return;
                }
                freed.await;
            }
        });
        if waited.await.is_err() {
            reservation.grow(bytes)?;
        }
        Ok(reservation)
    }

    /// Returns how many bytes are in use.
    pub(crate) fn used(&self) -> usize {
        self.lock().total
    }

    fn take(&self, payer: Payer, bytes: usize) -> Result<(), Full> {
        let mut used = self.lock();
        let of_payer = used.by_payer.get(&payer).copied().unwrap_or(0);
        if of_payer.saturating_add(bytes) > self.share {
            return Err(Full::Share);
        }
        if used.total.saturating_add(bytes) > self.total {
            return Err(Full::Total);
        }
        used.total += bytes;
        if bytes > 0 {
            used.by_payer.insert(payer, of_payer + bytes);
        }
        Ok(())
    }

    fn give_back(&self, payer: Payer, bytes: usize) {
        let mut used = self.lock();
        used.total = used.total.saturating_sub(bytes);
        if let Some(of_payer) = used.by_payer.get_mut(&payer) {
            *of_payer = of_payer.saturating_sub(bytes);
            if *of_payer == 0 {
                used.by_payer.remove(&payer);
            }
        }
        drop(used);
        self.freed.notify_waiters();
    }

    fn lock(&self) -> MutexGuard<'_, Used> {
        self.used.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Bytes of a budget. They are given back when this is dropped.
pub(crate) struct Reservation {
    budget: Arc<Budget>,
    payer: Payer,
    bytes: usize,
}

impl Reservation {
    /// Returns how many bytes are reserved.
    pub(crate) fn bytes(&self) -> usize {
        self.bytes
    }

    /// Reserves more bytes, if there is room for them now.
    pub(crate) fn grow(&mut self, bytes: usize) -> Result<(), Full> {
        self.budget.take(self.payer, bytes)?;
        self.bytes += bytes;
        Ok(())
    }

    /// Reserves more bytes, and waits until there is room for at most `patience`.
    pub(crate) async fn wait_to_grow(&mut self, bytes: usize, patience: Duration) -> Result<(), Full> {
        let more = self.budget.wait_for(self.payer, bytes, patience).await?;
        self.bytes += more.into_bytes();
        Ok(())
    }

    /// Returns the reserved bytes, which now belong to the caller.
    fn into_bytes(mut self) -> usize {
        std::mem::take(&mut self.bytes)
    }

    /// Gives back what exceeds `bytes`.
    pub(crate) fn shrink_to(&mut self, bytes: usize) {
        let excess = self.bytes.saturating_sub(bytes);
        if excess > 0 {
            self.budget.give_back(self.payer, excess);
            self.bytes -= excess;
        }
    }
}

impl Drop for Reservation {
    fn drop(&mut self) {
        self.shrink_to(0);
    }
}

#[cfg(test)]
mod tests;
