//! Lets each account wait for the database with one write, and with one large read, at a time, and
//! bounds how many writes wait.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, PoisonError, Weak};

use crystallum_api::Id;
use tokio::sync::{Mutex, OwnedMutexGuard};

use crate::app::pressure::Pressure;
use crate::http::error::ApiResult;
use crate::vault::places::{Place, Places, Writer};

/// The accounts that write or wait. The database serves whoever waits in the order of arrival, so
/// an account that sends many writes at the same time would make all others wait for all of them.
/// In the same way, the sessions of an account wait with one write each, so that a stolen one does
/// not delay its owner.
pub(crate) struct Turns {
    places: Arc<Places>,
    sessions: Queues<[u8; 32]>,
    accounts: Queues<Id>,
}

/// The turn of a write, until it is dropped.
pub(crate) struct Turn {
    _account: OwnedMutexGuard<()>,
    _session: Option<OwnedMutexGuard<()>>,
    _place: Place,
}

impl Turns {
    /// Returns turns that nobody waits for.
    pub(crate) fn new(pressure: &Arc<Pressure>) -> Self {
        Self { places: Places::new(pressure), sessions: Queues::default(), accounts: Queues::default() }
    }

    /// Waits until no earlier write of this session is under way or waiting, and then for the
    /// account.
    pub(crate) async fn of_session(&self, account: Id, token: [u8; 32]) -> ApiResult<Turn> {
        let place = self.places.take(Writer::Session(account, token))?;
        let session = self.sessions.wait(token).await;
        let account = self.accounts.wait(account).await;
        Ok(Turn { _account: account, _session: Some(session), _place: place })
    }

    /// Waits for the account only. Whoever calls this has seen that the request comes from its
    /// owner.
    pub(crate) async fn of_owner(&self, account: Id) -> ApiResult<Turn> {
        let place = self.places.take(Writer::Owner(account))?;
        Ok(Turn { _account: self.accounts.wait(account).await, _session: None, _place: place })
    }

    /// Waits until nobody writes to the account, for work of the server itself.
    pub(crate) async fn of_server(&self, account: Id) -> OwnedMutexGuard<()> {
        self.accounts.wait(account).await
    }

    /// Takes a place for a write that needs no turn.
    pub(crate) fn place(&self, writer: Writer) -> ApiResult<Place> {
        self.places.take(writer)
    }

    /// Returns how many writes wait or are under way.
    pub(crate) fn count(&self) -> usize {
        self.places.count()
    }
}

/// The accounts that read what may be large, or wait. As with writes, each session of an account
/// waits with one read, and each account too.
#[derive(Default)]
pub(crate) struct ReadTurns {
    sessions: Queues<[u8; 32]>,
    accounts: Queues<Id>,
}

/// The turn of a read, until it is dropped.
pub(crate) struct ReadTurn {
    _account: OwnedMutexGuard<()>,
    _session: OwnedMutexGuard<()>,
}

impl ReadTurns {
    /// Waits until no earlier read of this session is under way or waiting, and then for the
    /// account.
    pub(crate) async fn take(&self, account: Id, token: [u8; 32]) -> ReadTurn {
        let session = self.sessions.wait(token).await;
        ReadTurn { _account: self.accounts.wait(account).await, _session: session }
    }
}

/// Queues of those who wait for the same thing.
struct Queues<K>(std::sync::Mutex<HashMap<K, Weak<Mutex<()>>>>);

impl<K> Default for Queues<K> {
    fn default() -> Self {
        Self(std::sync::Mutex::default())
    }
}

impl<K: Hash + Eq> Queues<K> {
    async fn wait(&self, key: K) -> OwnedMutexGuard<()> {
        self.queue_of(key).lock_owned().await
    }

    fn queue_of(&self, key: K) -> Arc<Mutex<()>> {
        let mut queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(queue) = queues.get(&key).and_then(Weak::upgrade) {
            return queue;
        }
        // Queues in which nobody is any more are dropped whenever a new one comes.
        queues.retain(|_, queue| queue.strong_count() > 0);
        let queue = Arc::default();
        queues.insert(key, Arc::downgrade(&queue));
        queue
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::{Semaphore, mpsc};

    use super::*;
    use crate::app::clock::Clock;

    fn turns() -> Turns {
        Turns::new(&Arc::new(Pressure::new(Clock::manual(1_000))))
    }

    /// The writes are those of an account that sends thirty at once and of two that send one each,
    /// afterwards. The writer serves one at a time, in the order of arrival.
    #[tokio::test]
    async fn many_writes_of_one_account_delay_another_by_one() {
        let (turns, writer) = (Arc::new(turns()), Arc::new(Semaphore::new(0)));
        let (sender, mut finished) = mpsc::unbounded_channel();
        let mut tasks = Vec::new();
        for account in [[1; 30].as_slice(), &[2, 3]].concat() {
            let (turns, writer, sender) = (Arc::clone(&turns), Arc::clone(&writer), sender.clone());
            tasks.push(tokio::spawn(async move {
                let _turn = turns.of_session(Id([account; 16]), [account; 32]).await.unwrap();
                let _writer = writer.acquire().await.unwrap();
                sender.send(account).unwrap();
                tokio::task::yield_now().await;
            }));
            // The task runs until it waits.
            tokio::task::yield_now().await;
        }
        writer.add_permits(1);
        for task in tasks {
            task.await.unwrap();
        }
        let mut order = Vec::new();
        while let Ok(account) = finished.try_recv() {
            order.push(account);
        }
        assert_eq!(order.len(), 32);
        assert_eq!(order[..3], [1, 2, 3]);
    }

    #[tokio::test]
    async fn nobody_is_remembered_who_does_not_wait() {
        let turns = turns();
        for account in 0..100 {
            drop(turns.of_session(Id([account; 16]), [account; 32]).await.unwrap());
        }
        assert_eq!(turns.accounts.0.lock().unwrap().len(), 1);
        assert_eq!(turns.sessions.0.lock().unwrap().len(), 1);
        assert_eq!(turns.count(), 0);
    }

    /// A session with many writes has only one of them in its account's queue.
    #[tokio::test]
    async fn the_owner_and_other_sessions_are_not_behind_all_writes_of_one_session() {
        let (turns, account) = (Arc::new(turns()), Id([1; 16]));
        let (sender, mut finished) = mpsc::unbounded_channel();
        let first = turns.of_session(account, [1; 32]).await.unwrap();
        let mut tasks = Vec::new();
        for writer in [[1; 20].as_slice(), &[2, 0]].concat() {
            let (turns, sender) = (Arc::clone(&turns), sender.clone());
            tasks.push(tokio::spawn(async move {
                let turn = match writer {
                    0 => turns.of_owner(account).await,
                    session => turns.of_session(account, [session; 32]).await,
                };
                sender.send(writer).unwrap();
                drop(turn.unwrap());
            }));
            tokio::task::yield_now().await;
        }
        drop(first);
        for task in tasks {
            task.await.unwrap();
        }
        let mut order = Vec::new();
        while let Ok(writer) = finished.try_recv() {
            order.push(writer);
        }
        assert_eq!((order.len(), &order[..2]), (22, [2, 0].as_slice()));
    }
}
