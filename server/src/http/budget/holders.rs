//! Who holds the bytes of a budget, and who of them makes room.

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use crystallum_api::Id;
use tokio::sync::Notify;
use tokio::time::Instant;

use crate::app::handle::Handle;

/// How long the connection of a holder has to be silent before it is cut off to make room. A client
/// that reads or sends moves bytes several times a second, even if its radio has to wake up.
const QUIET: Duration = Duration::from_secs(1);

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

/// All reservations of a budget.
pub(super) struct Holders {
    total: usize,
    share: usize,
    used: usize,
    next: u64,
    by_payer: HashMap<Payer, usize>,
    /// The reservations in the order in which they were opened.
    all: BTreeMap<u64, Holder>,
    /// Those that wait because everything is used.
    queue: BTreeSet<u64>,
}

struct Holder {
    payer: Payer,
    handle: Handle,
    bytes: usize,
    /// When it last took or gave back bytes.
    since: Instant,
    /// How it is woken if it waits for room.
    waits: Option<Arc<Notify>>,
}

impl Holders {
    /// Creates the holders of a budget, of which nothing is used.
    pub(super) fn new(total: usize, share: usize) -> Self {
        Self {
            total,
            share,
            used: 0,
            next: 0,
            by_payer: HashMap::new(),
            all: BTreeMap::new(),
            queue: BTreeSet::new(),
        }
    }

    /// Returns how many bytes are in use.
    pub(super) fn used(&self) -> usize {
        self.used
    }

    /// Adds a reservation without bytes, and returns its number.
    pub(super) fn open(&mut self, payer: Payer, handle: Handle) -> u64 {
        let id = self.next;
        self.next += 1;
        self.all.insert(id, Holder { payer, handle, bytes: 0, since: Instant::now(), waits: None });
        id
    }

    /// Removes a reservation.
    pub(super) fn close(&mut self, id: u64) {
        let bytes = self.all.get(&id).map_or(0, |holder| holder.bytes);
        self.queue.remove(&id);
        self.give_back(id, bytes);
        self.all.remove(&id);
    }

    /// Takes bytes for a reservation, unless there is no room or it is the turn of another.
    pub(super) fn take(&mut self, id: u64, bytes: usize) -> Result<(), Full> {
        let Some(holder) = self.all.get(&id) else { return Err(Full::Total) };
        let of_payer = self.by_payer.get(&holder.payer).copied().unwrap_or(0).saturating_add(bytes);
        if of_payer > self.share {
            return Err(Full::Share);
        }
        let has_room = self.used.saturating_add(bytes) <= self.total;
        if bytes > 0 && !(has_room && self.is_turn_of(id)) {
            return Err(Full::Total);
        }
        let Some(holder) = self.all.get_mut(&id) else { return Err(Full::Total) };
        self.used += bytes;
        holder.bytes += bytes;
        holder.since = Instant::now();
        if bytes > 0 {
            self.by_payer.insert(holder.payer, of_payer);
        }
        Ok(())
    }

    /// Gives bytes of a reservation back.
    pub(super) fn give_back(&mut self, id: u64, bytes: usize) {
        let Some(holder) = self.all.get_mut(&id) else { return };
        holder.bytes = holder.bytes.saturating_sub(bytes);
        holder.since = Instant::now();
        self.used = self.used.saturating_sub(bytes);
        let payer = holder.payer;
        if let Some(of_payer) = self.by_payer.get_mut(&payer) {
            *of_payer = of_payer.saturating_sub(bytes);
            if *of_payer == 0 {
                self.by_payer.remove(&payer);
            }
        }
        if bytes > 0 {
            self.wake(Some(payer));
        }
    }

    /// Notes that a reservation waits for room, and returns what wakes it. It is not cut off for
    /// others while it waits.
    pub(super) fn begin_waiting(&mut self, id: u64) -> Arc<Notify> {
        let woken: Arc<Notify> = Arc::default();
        if let Some(holder) = self.all.get_mut(&id) {
            holder.waits = Some(Arc::clone(&woken));
        }
        woken
    }

    /// Notes that a reservation does not wait any more. It is the turn of the next.
    pub(super) fn end_waiting(&mut self, id: u64) {
        self.queue.remove(&id);
        if let Some(holder) = self.all.get_mut(&id) {
            holder.waits = None;
        }
        self.wake(None);
    }

    /// Wakes whoever's turn it is, and those of a payer whose share has room again.
    fn wake(&self, payer: Option<Payer>) {
        let first = self.first();
        for (id, holder) in &self.all {
            if let Some(waiting) = &holder.waits
                && (first == Some(*id) || payer == Some(holder.payer) && !self.queue.contains(id))
            {
                waiting.notify_one();
            }
        }
    }

    /// Returns whose turn it is: of those whose payer holds least, the oldest. Whoever fills the
    /// budget cannot fill the queue before the others.
    fn first(&self) -> Option<u64> {
        self.queue.iter().copied().min_by_key(|id| self.rank(*id))
    }

    fn is_turn_of(&self, id: u64) -> bool {
        self.first().is_none_or(|first| self.rank(id) <= self.rank(first))
    }

    fn rank(&self, id: u64) -> (usize, u64) {
        (self.all.get(&id).map_or(0, |holder| self.of(holder.payer)), id)
    }

    /// Takes bytes for a reservation that waits. If there is no room, and it is its turn, others
    /// are cut off. If it has waited long, not only the silent ones.
    pub(super) fn take_or_cut(&mut self, id: u64, bytes: usize, has_waited: bool) -> Result<(), Full> {
        let taken = self.take(id, bytes);
        match taken {
            Err(Full::Total) => {
                self.queue.insert(id);
                if self.is_turn_of(id) {
                    let lacking = self.used.saturating_add(bytes).saturating_sub(self.total);
                    self.cut(id, lacking, |_| true, has_waited);
                }
            }
            Err(Full::Share) => {
                self.queue.remove(&id);
                if let Some(payer) = self.all.get(&id).map(|holder| holder.payer) {
                    let of_payer = self.by_payer.get(&payer).copied().unwrap_or(0);
                    let lacking = of_payer.saturating_add(bytes).saturating_sub(self.share);
                    self.cut(id, lacking, |other| other == payer, has_waited);
                }
            }
            Ok(()) => {}
        }
        taken
    }

    /// Cuts off holders until `lacking` bytes are free or about to be.
    fn cut(&self, asker: u64, lacking: usize, concerns: impl Fn(Payer) -> bool, has_waited: bool) {
        let concerned = || self.all.iter().filter(|(_, holder)| concerns(holder.payer));
        let gone = concerned().filter(|(_, holder)| holder.handle.is_gone());
        let mut leaving: usize = gone.map(|(_, holder)| holder.bytes).sum();
        while leaving < lacking {
            let may_go = concerned().filter(|(id, holder)| self.may_go(asker, **id, holder, has_waited));
            let most = may_go.max_by_key(|(id, holder)| (self.of(holder.payer), Reverse(**id)));
            let Some((_, holder)) = most else { return };
            leaving += holder.bytes;
            holder.handle.cut();
        }
    }

    /// Returns whether a holder may be cut off for another. It may not if the server is busy with
    /// it, if it waits for room itself, or if its payer holds less than the other's.
    fn may_go(&self, asker: u64, id: u64, holder: &Holder, has_waited: bool) -> bool {
        let Some(asking) = self.all.get(&asker) else { return false };
        let activity = holder.handle.activity();
        if id == asker
            || holder.bytes == 0
            || holder.waits.is_some()
            || holder.handle.is_gone()
            || !activity.waits_for_client()
            || self.of(holder.payer) < self.of(asking.payer)
        {
            return false;
        }
        let silent_since = activity.last_byte().max(holder.since);
        // Whoever holds more than others may not keep it by moving a few bytes, and neither may an
        // older request of the same payer: it may come from somebody who has stolen a session.
        let is_greedy = || {
            holder.payer == asking.payer
                || self.of(holder.payer).saturating_mul(self.by_payer.len()) > self.used
        };
        silent_since.elapsed() >= QUIET || has_waited && is_greedy()
    }

    /// Returns how many bytes a payer holds.
    fn of(&self, payer: Payer) -> usize {
        self.by_payer.get(&payer).copied().unwrap_or(0)
    }

    #[cfg(test)]
    pub(super) fn payers(&self) -> usize {
        self.by_payer.len()
    }
}
