//! A store that answers in time, or is unavailable.

use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::time::Duration;

use async_trait::async_trait;
use crystallum_api::Id;
use tokio::sync::watch;

use crate::{Contents, Key, Listed, Memory, ShareStore, State, StoreError};

/// How long a call may take. A file on a disk that works answers in milliseconds; a mount that
/// hangs never does.
const MAX_WAIT: Duration = Duration::from_secs(5);

/// Limits the time that each call to a store may take. A call that takes longer fails as if the
/// store were unavailable, although it may still be carried out later.
pub struct Timely<S> {
    store: S,
    /// Whether the last call was answered in time.
    answers: AtomicBool,
    held: watch::Sender<bool>,
    waiting: AtomicUsize,
}

impl<S: ShareStore> Timely<S> {
    /// Wraps a store.
    pub fn new(store: S) -> Self {
        let held = watch::Sender::new(false);
        Self { store, answers: AtomicBool::new(true), held, waiting: AtomicUsize::new(0) }
    }

    async fn in_time<T>(
        &self,
        call: impl Future<Output = Result<T, StoreError>> + Send,
    ) -> Result<T, StoreError> {
        self.waiting.fetch_add(1, Ordering::Relaxed);
        let mut held = self.held.subscribe();
        let answered = tokio::time::timeout(MAX_WAIT, async {
            // The sender cannot be dropped while this waits.
            drop(held.wait_for(|held| !held).await);
            call.await
        });
        let answered = answered.await;
        self.waiting.fetch_sub(1, Ordering::Relaxed);
        self.answers.store(answered.is_ok(), Ordering::Relaxed);
        answered.unwrap_or(Err(StoreError::Unavailable))
    }
}

#[async_trait]
impl<S: ShareStore> ShareStore for Timely<S> {
    async fn check(&self) -> Result<(), StoreError> {
        self.in_time(self.store.check()).await
    }

    async fn recheck(&self) {
        let recheck = async {
            self.store.recheck().await;
            Ok(())
        };
        self.in_time(recheck).await.unwrap_or_default();
    }

    fn works(&self) -> bool {
        self.answers.load(Ordering::Relaxed) && self.store.works()
    }

    async fn pending(&self) -> Result<u64, StoreError> {
        self.in_time(self.store.pending()).await
    }

    async fn put(&self, key: Key, contents: &Contents, now: i64) -> Result<(), StoreError> {
        self.in_time(self.store.put(key, contents, now)).await
    }

    async fn state(&self, key: Key) -> Result<State, StoreError> {
        self.in_time(self.store.state(key)).await
    }

    async fn read(&self, key: Key, credential: &[u8]) -> Result<Vec<u8>, StoreError> {
        self.in_time(self.store.read(key, credential)).await
    }

    async fn delete(&self, key: Key, credential: &[u8]) -> Result<(), StoreError> {
        self.in_time(self.store.delete(key, credential)).await
    }

    async fn claim(&self, keys: &[Key], memory: Memory) -> Result<(), StoreError> {
        self.in_time(self.store.claim(keys, memory)).await
    }

    async fn remember(&self, memory: Memory) -> Result<(), StoreError> {
        self.in_time(self.store.remember(memory)).await
    }

    async fn memory(&self) -> Result<Option<Memory>, StoreError> {
        self.in_time(self.store.memory()).await
    }

    async fn orphan(&self, keys: &[Key], now: i64) -> Result<(), StoreError> {
        self.in_time(self.store.orphan(keys, now)).await
    }

    async fn discard(&self, keys: &[Key]) -> Result<(), StoreError> {
        self.in_time(self.store.discard(keys)).await
    }

    async fn delete_account(&self, account: Id) -> Result<(), StoreError> {
        self.in_time(self.store.delete_account(account)).await
    }

    async fn list(&self, after: Option<Key>) -> Result<Vec<Listed>, StoreError> {
        self.in_time(self.store.list(after)).await
    }

    fn hold(&self, held: bool) {
        self.held.send_replace(held);
    }

    fn waiting(&self) -> usize {
        self.waiting.load(Ordering::Relaxed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::StoreFile;

    #[tokio::test(start_paused = true)]
    async fn a_store_that_does_not_answer_is_unavailable_until_it_does() {
        let folder = tempfile::tempdir().expect("a folder");
        // Its folder does not exist, so the store itself answers at once that it is unavailable.
        let file = StoreFile::new(1, Id([1; 16]), folder.path().join("none/store.db"));
        let store = Timely::new(file);
        store.hold(true);
        let start = tokio::time::Instant::now();
        assert_eq!(store.check().await, Err(StoreError::Unavailable));
        assert_eq!((start.elapsed(), store.waiting()), (MAX_WAIT, 0));
        assert!(!store.works() && !store.answers.load(Ordering::Relaxed));
        store.hold(false);
        assert_eq!(store.in_time(async { Ok(7) }).await, Ok(7));
        assert!(store.answers.load(Ordering::Relaxed));
    }
}
