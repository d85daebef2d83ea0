//! Remembers which shares the stores have accepted lately, for a commit that names a share of a
//! store that has failed since.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

use crystallum_api::Id;
use crystallum_share_store::Key;

/// How many shares are remembered.
const MAX: usize = 20_000;
/// For how many seconds a share is remembered at least, unless there are too many.
const LIFETIME_SECONDS: i64 = 3_600;

/// The shares that were accepted lately.
#[derive(Default)]
pub(super) struct RecentPuts(Mutex<HashMap<Key, Accepted>>);

struct Accepted {
    store: Id,
    hash: [u8; 32],
    at: i64,
}

impl RecentPuts {
    /// Remembers that a store has accepted a share.
    pub(super) fn note(&self, store: Id, key: Key, hash: [u8; 32], now: i64) {
        let mut accepted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if accepted.len() >= MAX {
            accepted.retain(|_, share| share.at.saturating_add(LIFETIME_SECONDS) > now);
        }
        if accepted.len() < MAX {
            accepted.insert(key, Accepted { store, hash, at: now });
        }
    }

    /// Returns whether this store has accepted this share.
    pub(super) fn has(&self, store: Id, key: Key, hash: &[u8]) -> bool {
        let accepted = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        accepted.get(&key).is_some_and(|share| share.store == store && share.hash == hash)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(number: usize) -> Key {
        Key { account: Id([1; 16]), share: Id(u128::try_from(number).unwrap().to_be_bytes()) }
    }

    #[test]
    fn only_what_was_accepted_counts() {
        let puts = RecentPuts::default();
        puts.note(Id([2; 16]), key(1), [3; 32], 0);
        assert!(puts.has(Id([2; 16]), key(1), &[3; 32]));
        assert!(!puts.has(Id([4; 16]), key(1), &[3; 32]));
        assert!(!puts.has(Id([2; 16]), key(2), &[3; 32]));
        assert!(!puts.has(Id([2; 16]), key(1), &[4; 32]));
    }

    #[test]
    fn their_number_is_bounded_and_old_ones_make_room() {
        let puts = RecentPuts::default();
        for number in 0..MAX {
            puts.note(Id([2; 16]), key(number), [3; 32], 0);
        }
        puts.note(Id([2; 16]), key(MAX), [3; 32], LIFETIME_SECONDS - 1);
        assert!(!puts.has(Id([2; 16]), key(MAX), &[3; 32]));
        puts.note(Id([2; 16]), key(MAX), [3; 32], LIFETIME_SECONDS);
        assert!(puts.has(Id([2; 16]), key(MAX), &[3; 32]) && !puts.has(Id([2; 16]), key(0), &[3; 32]));
    }
}
