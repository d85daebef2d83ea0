//! Tells open devices that something of their account has changed, so that nobody has to ask again
//! and again. What has changed is read from the database by whoever is told.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crystallum_api::Id;
use tokio::sync::watch;

/// How many streams there may be in all, each of which takes a connection.
const MAX_STREAMS: usize = 512;
/// How many streams one network may have: an office behind one address.
const MAX_OF_NETWORK: usize = 128;
/// How many streams one account may have: one for each open device.
const MAX_OF_ACCOUNT: usize = 16;
/// How many of them one session may have, so that a stolen one leaves room for the others. A
/// browser has one, and for a moment another while a page is loaded again.
const MAX_OF_SESSION: usize = 4;

/// The streams of hints.
pub(crate) struct Hints {
    max: usize,
    table: Mutex<Table>,
}

#[derive(Default)]
struct Table {
    accounts: HashMap<Id, Streams>,
    networks: HashMap<IpAddr, usize>,
    total: usize,
    closed: bool,
}

struct Streams {
    /// The hashes of the sessions' tokens, one for each stream.
    sessions: Vec<[u8; 32]>,
    changed: watch::Sender<()>,
}

/// There are too many streams. A device without one asks from time to time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct TooMany;

impl Hints {
    /// Creates no streams. They take at most half of the connections, so that there is room for
    /// everything else on a server that may open few files.
    pub(crate) fn new(max_connections: usize) -> Self {
        Self { max: MAX_STREAMS.min(max_connections / 2), table: Mutex::default() }
    }

    /// Adds a stream for a session of an account.
    pub(crate) fn subscribe(
        self: &Arc<Self>,
        (account, session): (Id, [u8; 32]),
        network: IpAddr,
    ) -> Result<Subscription, TooMany> {
        let mut table = self.lock();
        let of_account = table.accounts.get(&account).map_or(&[][..], |streams| &streams.sessions);
        let of_session = of_account.iter().filter(|other| **other == session).count();
        let of_network = table.networks.get(&network).copied().unwrap_or(0);
        if table.closed
            || table.total >= self.max
            || of_network >= MAX_OF_NETWORK
            || of_account.len() >= MAX_OF_ACCOUNT
            || of_session >= MAX_OF_SESSION
        {
            return Err(TooMany);
        }
        table.total += 1;
        *table.networks.entry(network).or_insert(0) += 1;
        let streams = table
            .accounts
            .entry(account)
            .or_insert_with(|| Streams { sessions: Vec::new(), changed: watch::channel(()).0 });
        streams.sessions.push(session);
        let changed = streams.changed.subscribe();
        Ok(Subscription { hints: Arc::clone(self), account, session, network, changed })
    }

    /// Wakes the streams of an account, because it was written to, or because sessions of it ended.
    pub(crate) fn announce(&self, account: Id) {
        if let Some(streams) = self.lock().accounts.get(&account) {
            streams.changed.send_replace(());
        }
    }

    /// Ends every stream, because the server stops.
    pub(crate) fn close(&self) {
        let mut table = self.lock();
        table.closed = true;
        // A stream whose sender is gone ends.
        table.accounts.clear();
    }

    fn lock(&self) -> MutexGuard<'_, Table> {
        self.table.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A place among the streams, until it is dropped.
pub(crate) struct Subscription {
    hints: Arc<Hints>,
    account: Id,
    session: [u8; 32],
    network: IpAddr,
    changed: watch::Receiver<()>,
}

/// The server stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Closed;

impl Subscription {
    /// Waits until the account is announced. Announcements that nobody has waited for count as one.
    pub(crate) async fn changed(&mut self) -> Result<(), Closed> {
        self.changed.changed().await.map_err(|_| Closed)
    }
}

impl Drop for Subscription {
    fn drop(&mut self) {
        let mut table = self.hints.lock();
        table.total = table.total.saturating_sub(1);
        if let Some(count) = table.networks.get_mut(&self.network) {
            *count -= 1;
            if *count == 0 {
                table.networks.remove(&self.network);
            }
        }
        if let Some(streams) = table.accounts.get_mut(&self.account) {
            if let Some(at) = streams.sessions.iter().position(|session| *session == self.session) {
                streams.sessions.swap_remove(at);
            }
            if streams.sessions.is_empty() {
                table.accounts.remove(&self.account);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const ACCOUNT: Id = Id([7; 16]);

    fn session(account: Id, number: u8) -> (Id, [u8; 32]) {
        (account, [number; 32])
    }

    fn network(number: u8) -> IpAddr {
        IpAddr::from([192, 0, 2, number])
    }

    #[tokio::test]
    async fn only_the_streams_of_an_account_are_woken() {
        let hints = Arc::new(Hints::new(1_024));
        let mut own = hints.subscribe(session(ACCOUNT, 1), network(1)).unwrap();
        let mut other = hints.subscribe(session(Id([8; 16]), 2), network(1)).unwrap();
        hints.announce(ACCOUNT);
        hints.announce(ACCOUNT);
        assert_eq!(own.changed().await, Ok(()));
        let waits = |subscription: &mut Subscription| subscription.changed.has_changed().unwrap();
        assert!(!waits(&mut own), "two announcements count as one");
        assert!(!waits(&mut other));
        hints.close();
        assert_eq!(own.changed().await, Err(Closed));
        assert_eq!(hints.subscribe(session(ACCOUNT, 1), network(1)).err(), Some(TooMany));
    }

    #[test]
    fn a_session_leaves_room_for_the_others_of_its_account() {
        let hints = Arc::new(Hints::new(1_024));
        let add = |number| hints.subscribe(session(ACCOUNT, number), network(1));
        let mut of_thief: Vec<_> = (0..MAX_OF_SESSION).map(|_| add(1).unwrap()).collect();
        assert_eq!(add(1).err(), Some(TooMany), "of the session");
        let of_owner: Vec<_> = (2..14).map(|number| add(number).unwrap()).collect();
        assert_eq!(of_thief.len() + of_owner.len(), MAX_OF_ACCOUNT);
        drop(of_owner);
        assert_eq!(add(1).err(), Some(TooMany), "other sessions have ended theirs");
        of_thief.pop();
        of_thief.push(add(1).unwrap());
        of_thief.clear();
        assert!(hints.lock().accounts.is_empty());
    }

    #[test]
    fn accounts_and_networks_have_so_many_streams() {
        let hints = Arc::new(Hints::new(1_024));
        let account = |number: usize| session(Id(u128::try_from(number).unwrap().to_be_bytes()), 1);
        let mut streams = Vec::new();
        for number in 0..16 {
            streams.push(hints.subscribe(session(ACCOUNT, number), network(1)).unwrap());
        }
        assert_eq!(hints.subscribe(session(ACCOUNT, 99), network(2)).err(), Some(TooMany), "of the account");
        for number in MAX_OF_ACCOUNT..MAX_OF_NETWORK {
            streams.push(hints.subscribe(account(number), network(1)).unwrap());
        }
        assert_eq!(hints.subscribe(account(0), network(1)).err(), Some(TooMany), "of the network");
        for number in MAX_OF_NETWORK..MAX_STREAMS {
            let network = network(u8::try_from(2 + number / 100).unwrap());
            streams.push(hints.subscribe(account(number), network).unwrap());
        }
        assert_eq!(hints.subscribe(account(0), network(200)).err(), Some(TooMany), "in all");
        streams.clear();
        let few = Arc::new(Hints::new(17));
        for number in 0..8 {
            streams.push(few.subscribe(account(number), network(1)).unwrap());
        }
        assert_eq!(few.subscribe(account(8), network(2)).err(), Some(TooMany), "half of 17 connections");
        let table = hints.lock();
        assert_eq!((table.total, table.accounts.len(), table.networks.len()), (0, 0, 0));
    }
}
