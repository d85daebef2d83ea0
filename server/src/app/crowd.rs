//! Connections, or requests, of which there may only be so many. When there are too many, one of
//! the client that has most of them makes room for the new one, so that silent clients keep nobody
//! out.

use std::cmp::Reverse;
use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crystallum_api::Condition;

use crate::app::handle::Handle;
use crate::app::pressure::Pressure;

/// How many there may be.
#[derive(Clone, Copy, Debug)]
pub(crate) struct CrowdLimits {
    /// In all.
    pub(crate) total: usize,
    /// Of one address or network.
    pub(crate) share: usize,
}

impl CrowdLimits {
    /// Connections to the server. `app/capacity.rs` says what each may cost. One address
    /// that is not a proxy may have 6 for each of some 40 people.
    pub(crate) const CONNECTIONS: Self = Self { total: 1_024, share: 256 };
    /// Connections to the port for metrics: those of a few programs that read them.
    pub(crate) const METRICS: Self = Self { total: 32, share: 32 };
    /// Requests that are under way: in all, no more than connections. One network may have all that
    /// a browser asks for at once over HTTP/2, or 6 for each of 20 people with HTTP/1.1. Most
    /// requests take milliseconds, so that this is enough for an office of some hundred people.
    pub(crate) const REQUESTS: Self = Self { total: 1_024, share: 128 };

    /// Multiplies the share.
    pub(crate) fn scaled(self, scale: u32) -> Self {
        let scale = usize::try_from(scale).unwrap_or(usize::MAX);
        Self { share: self.share.saturating_mul(scale).min(self.total), ..self }
    }

    /// Lowers the limits to this number.
    pub(crate) fn within(self, total: usize) -> Self {
        let total = self.total.min(total);
        Self { total, share: self.share.min(total) }
    }
}

/// All connections, or all requests.
pub(crate) struct Crowd {
    limits: CrowdLimits,
    pressure: Arc<Pressure>,
    condition: Condition,
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    next: u64,
    all: HashMap<u64, (IpAddr, Handle)>,
    by_owner: HashMap<IpAddr, usize>,
}

impl Crowd {
    /// Creates an empty crowd, which notices `condition` when it is full.
    pub(crate) fn new(limits: CrowdLimits, condition: Condition, pressure: &Arc<Pressure>) -> Arc<Self> {
        Arc::new(Self { limits, pressure: Arc::clone(pressure), condition, table: Mutex::default() })
    }

    /// Returns how many there are.
    pub(crate) fn count(&self) -> usize {
        self.lock().all.len()
    }

    /// Takes one more. Proxies have no share of their own, since their clients have. Returns `None`
    /// if there is no room: there are too many, and the server is busy with all of them.
    pub(crate) fn admit(self: &Arc<Self>, owner: IpAddr, is_proxy: bool, handle: &Handle) -> Option<Place> {
        let mut table = self.lock();
        let of_owner = table.by_owner.get(&owner).copied().unwrap_or(0);
        let too_many = if !is_proxy && of_owner >= self.limits.share {
            Some(Some(owner))
        } else {
            (table.all.len() >= self.limits.total).then_some(None)
        };
        if let Some(of) = too_many {
            self.pressure.notice(self.condition);
            table.evict(of)?;
        }
        let id = table.next;
        table.next += 1;
        table.all.insert(id, (owner, handle.clone()));
        *table.by_owner.entry(owner).or_insert(0) += 1;
        Some(Place { crowd: Arc::clone(self), id })
    }

    /// Cuts off up to `number` of those that wait for their clients, but not more than half of all:
    /// the newest have had no time yet.
    pub(crate) fn make_room(&self, number: usize) {
        self.pressure.notice(self.condition);
        let mut table = self.lock();
        for _ in 0..number.min(table.all.len().div_ceil(2)) {
            if table.evict(None).is_none() {
                return;
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Table {
    /// Returns who makes room, of one owner or of all: of those that wait for their clients, one of
    /// the client that has most of them, and of these the one that has been waiting longest.
    fn next_to_go(&self, of: Option<IpAddr>) -> Option<u64> {
        let considered = self.all.iter().filter(|(_, (owner, _))| of.is_none_or(|of| *owner == of));
        let waiting: Vec<_> = considered
            .filter(|(_, (_, handle))| handle.activity().waits_for_client())
            .map(|(id, (owner, handle))| (*id, handle.client().unwrap_or(*owner), handle))
            .collect();
        let mut by_client: HashMap<IpAddr, usize> = HashMap::new();
        for (_, client, _) in &waiting {
            *by_client.entry(*client).or_insert(0) += 1;
        }
        let rank = |(id, client, handle): &(u64, IpAddr, &Handle)| {
            (Reverse(by_client.get(client).copied()), handle.activity().last_byte(), *id)
        };
        waiting.iter().min_by_key(|one| rank(one)).map(|(id, ..)| *id)
    }

    /// Cuts off whoever makes room, of one owner or of all.
    fn evict(&mut self, of: Option<IpAddr>) -> Option<()> {
        let waiting = self.next_to_go(of)?;
        self.remove(waiting)?.cut();
        Some(())
    }

    fn remove(&mut self, id: u64) -> Option<Handle> {
        let (owner, handle) = self.all.remove(&id)?;
        if let Some(count) = self.by_owner.get_mut(&owner) {
            *count -= 1;
            if *count == 0 {
                self.by_owner.remove(&owner);
            }
        }
        Some(handle)
    }
}

/// A place in a crowd, which is free again when this is dropped.
pub(crate) struct Place {
    crowd: Arc<Crowd>,
    id: u64,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.crowd.lock().remove(self.id);
    }
}

#[cfg(test)]
mod tests {
    use std::net::Ipv4Addr;
    use std::time::Duration;

    use super::*;
    use crate::app::clock::Clock;

    const ANNA: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 1));
    const LOCAL: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
    const OTTO: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 2));

    fn crowd(total: usize, share: usize) -> Arc<Crowd> {
        let pressure = Arc::new(Pressure::new(Clock::manual(1_000)));
        Crowd::new(CrowdLimits { total, share }, Condition::Connections, &pressure)
    }

    /// Takes one more, and returns it with its place.
    fn join(crowd: &Arc<Crowd>, owner: IpAddr) -> Option<(Handle, Place)> {
        let handle = Handle::new();
        crowd.admit(owner, false, &handle).map(|place| (handle, place))
    }

    async fn is_evicted((handle, _): &(Handle, Place)) -> bool {
        tokio::time::timeout(Duration::from_millis(1), handle.is_cut()).await.is_ok()
    }

    #[tokio::test(start_paused = true)]
    async fn the_one_that_waits_longest_makes_room() {
        let crowd = crowd(3, 3);
        let mut first = Vec::new();
        for _ in 0..3 {
            first.push(join(&crowd, ANNA).unwrap());
            tokio::time::advance(Duration::from_secs(1)).await;
        }
        first[0].0.activity().note_bytes();
        let _running = first[1].0.activity().begin();
        let newest = join(&crowd, OTTO).unwrap();
        assert!(is_evicted(&first[2]).await);
        assert!(!is_evicted(&first[0]).await && !is_evicted(&first[1]).await && !is_evicted(&newest).await);
        assert_eq!(crowd.count(), 3);
        assert_eq!(crowd.pressure.present(), [Condition::Connections]);
        drop(first);
        assert_eq!(crowd.count(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn an_owner_replaces_its_own() {
        let crowd = crowd(10, 2);
        let other = join(&crowd, OTTO).unwrap();
        let own = [(); 3].map(|()| join(&crowd, ANNA).unwrap());
        assert!(is_evicted(&own[0]).await);
        assert!(!is_evicted(&other).await && !is_evicted(&own[1]).await && !is_evicted(&own[2]).await);
        // Proxies are limited by the requests of their clients.
        let places: Vec<Place> = (0..7).map_while(|_| crowd.admit(ANNA, true, &Handle::new())).collect();
        assert_eq!((places.len(), crowd.count()), (7, 10));
    }

    #[tokio::test(start_paused = true)]
    async fn the_newest_have_time() {
        let crowd = crowd(9, 9);
        let all = [(); 5].map(|()| join(&crowd, ANNA).unwrap());
        crowd.make_room(16);
        assert_eq!(all.each_ref().map(|(handle, _)| handle.is_gone()), [true, true, true, false, false]);
        crowd.make_room(1);
        assert_eq!(crowd.count(), 1);
    }

    #[tokio::test(start_paused = true)]
    async fn whoever_has_most_makes_room() {
        let crowd = crowd(5, 5);
        // All of these come through one proxy, and the innocent is the oldest.
        let clients = [OTTO, ANNA, ANNA, ANNA].map(|client| {
            let one = join(&crowd, LOCAL).unwrap();
            one.0.set_client(client);
            one
        });
        let silent = join(&crowd, LOCAL).unwrap();
        let newest = join(&crowd, LOCAL).unwrap();
        assert!(is_evicted(&clients[1]).await);
        for kept in clients[2..].iter().chain([&clients[0], &silent, &newest]) {
            assert!(!kept.0.is_gone());
        }
    }

    #[tokio::test(start_paused = true)]
    async fn those_that_are_served_are_kept() {
        let crowd = crowd(2, 2);
        let two = [join(&crowd, ANNA).unwrap(), join(&crowd, ANNA).unwrap()];
        let running = two.each_ref().map(|(handle, _)| handle.activity().begin());
        assert!(join(&crowd, OTTO).is_none());
        drop(running);
        assert!(join(&crowd, OTTO).is_some());
    }
}
