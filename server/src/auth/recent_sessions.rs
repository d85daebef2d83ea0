//! Remembers which sessions were valid a moment ago, so that their requests need not share a limit
//! with everybody else behind the same address before the database is asked.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

use crystallum_api::Id;

/// How many sessions are remembered at least, if so many are in use. Each takes about 100 bytes,
/// and there may be twice as many.
const MAX_YOUNG: usize = 20_000;

/// The hashes of the tokens of sessions that were valid when they were last used. Whether they
/// still are is known only when the database was asked; one that is not is forgotten then.
#[derive(Default)]
pub(crate) struct RecentSessions(Mutex<Generations>);

/// What was used since the last change of generations, and what was used in the one before.
#[derive(Default)]
struct Generations {
    young: HashMap<[u8; 32], Id>,
    old: HashMap<[u8; 32], Id>,
}

impl RecentSessions {
    /// Returns the account of a session that was valid when it was last used.
    pub(crate) fn find(&self, token: &[u8; 32]) -> Option<Id> {
        let generations = self.lock();
        generations.young.get(token).or_else(|| generations.old.get(token)).copied()
    }

    /// Remembers a session that is valid.
    pub(crate) fn remember(&self, token: [u8; 32], account: Id) {
        let mut generations = self.lock();
        if generations.young.len() >= MAX_YOUNG && !generations.young.contains_key(&token) {
            generations.old = std::mem::take(&mut generations.young);
        }
        generations.young.insert(token, account);
    }

    /// Forgets a session that is not valid any more.
    pub(crate) fn forget(&self, token: &[u8; 32]) {
        let mut generations = self.lock();
        generations.young.remove(token);
        generations.old.remove(token);
    }

    fn lock(&self) -> MutexGuard<'_, Generations> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(number: usize) -> [u8; 32] {
        let mut token = [0; 32];
        token[..8].copy_from_slice(&u64::try_from(number).unwrap().to_be_bytes());
        token
    }

    #[test]
    fn what_is_used_is_remembered_and_the_rest_is_bounded() {
        let (sessions, account) = (RecentSessions::default(), Id([7; 16]));
        for number in 0..5 * MAX_YOUNG {
            sessions.remember(token(number), account);
            if number % 1_000 == 0 {
                sessions.remember(token(0), account);
            }
        }
        for known in [0, 4 * MAX_YOUNG] {
            assert_eq!(sessions.find(&token(known)), Some(account));
        }
        assert_eq!(sessions.find(&token(1)), None);
        let generations = sessions.lock();
        assert!(generations.young.len() + generations.old.len() <= 2 * MAX_YOUNG);
        drop(generations);
        sessions.forget(&token(0));
        assert_eq!(sessions.find(&token(0)), None);
    }
}
