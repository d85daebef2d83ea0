//! Remembers sessions that were ended and are not deleted yet, because nothing could be written.

use std::collections::HashSet;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How many sessions are remembered. Only sessions of the server are, and an account has few.
const MAX_REMEMBERED: usize = 100_000;

/// The hashes of the tokens of these sessions. They do not survive a restart.
#[derive(Default)]
pub(crate) struct EndedSessions(Mutex<HashSet<[u8; 32]>>);

impl EndedSessions {
    /// Remembers a session. Returns false if there is no room for it.
    pub(crate) fn remember(&self, token: [u8; 32]) -> bool {
        let mut ended = self.lock();
        ended.contains(&token) || (ended.len() < MAX_REMEMBERED && ended.insert(token))
    }

    /// Forgets a session, which was deleted.
    pub(crate) fn forget(&self, token: &[u8; 32]) {
        self.lock().remove(token);
    }

    /// Returns whether a session was ended.
    pub(crate) fn has(&self, token: &[u8; 32]) -> bool {
        self.lock().contains(token)
    }

    /// Returns all of them.
    pub(crate) fn all(&self) -> Vec<[u8; 32]> {
        self.lock().iter().copied().collect()
    }

    fn lock(&self) -> MutexGuard<'_, HashSet<[u8; 32]>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
