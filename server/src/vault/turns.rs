//! Lets each account wait for the database with one write, and with one large read, at a time.

use std::collections::HashMap;
use std::sync::{Arc, PoisonError, Weak};

use crystallum_api::Id;
use tokio::sync::{Mutex, OwnedMutexGuard};

/// The accounts that write, or read, or wait. The database serves whoever waits in the order of arrival, so
/// an account that sends many requests at the same time would make all others wait for all of them.
#[derive(Default)]
pub(crate) struct Turns(std::sync::Mutex<HashMap<Id, Weak<Mutex<()>>>>);

impl Turns {
    /// Waits until nothing of this account that came earlier is under way or waiting.
    pub(crate) async fn take(&self, account: Id) -> OwnedMutexGuard<()> {
        self.queue_of(account).lock_owned().await
    }

    fn queue_of(&self, account: Id) -> Arc<Mutex<()>> {
        let mut queues = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(queue) = queues.get(&account).and_then(Weak::upgrade) {
            return queue;
        }
        // Queues in which nobody is any more are dropped whenever a new one comes.
        queues.retain(|_, queue| queue.strong_count() > 0);
        let queue = Arc::default();
        queues.insert(account, Arc::downgrade(&queue));
        queue
    }
}

#[cfg(test)]
mod tests {
    use tokio::sync::{Semaphore, mpsc};

    use super::*;

    /// The writes are those of an account that sends forty at once and of two that send one each,
    /// afterwards. The writer serves one at a time, in the order of arrival.
    #[tokio::test]
    async fn many_writes_of_one_account_delay_another_by_one() {
        let (turns, writer) = (Arc::new(Turns::default()), Arc::new(Semaphore::new(0)));
        let (sender, mut finished) = mpsc::unbounded_channel();
        let mut tasks = Vec::new();
        for account in [[1; 40].as_slice(), &[2, 3]].concat() {
            let (turns, writer, sender) = (Arc::clone(&turns), Arc::clone(&writer), sender.clone());
            tasks.push(tokio::spawn(async move {
                let _turn = turns.take(Id([account; 16])).await;
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
        assert_eq!(order.len(), 42);
        assert_eq!(order[..3], [1, 2, 3]);
    }

    #[tokio::test]
    async fn nobody_is_remembered_who_does_not_wait() {
        let turns = Turns::default();
        for account in 0..100 {
            drop(turns.take(Id([account; 16])).await);
        }
        assert_eq!(turns.0.lock().unwrap().len(), 1);
    }
}
