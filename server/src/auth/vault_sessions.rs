//! Sessions that were opened with the vault's key. They allow little, are needed for some minutes,
//! and are kept in memory alone: a restart of the server ends them.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crystallum_api::Id;

/// How long such a session is valid: making a passkey and writing a recovery sheet down takes some
/// minutes, and another session can be opened at any time.
const LIFETIME: Duration = Duration::from_secs(30 * 60);
/// How many there are for one account. The oldest one makes room.
const MAX_OF_ACCOUNT: usize = 4;
/// How many there are in all. Each takes about 100 bytes, and each account with one has lost
/// something.
const MAX_SESSIONS: usize = 10_000;

/// The sessions, by the hashes of their tokens.
#[derive(Default)]
pub(crate) struct VaultSessions(Mutex<HashMap<[u8; 32], Entry>>);

#[derive(Clone, Copy)]
struct Entry {
    account: Id,
    opened: Duration,
}

impl VaultSessions {
    /// Opens a session. Returns false if there are too many.
    pub(crate) fn open(&self, token: [u8; 32], account: Id, now: Duration) -> bool {
        let mut sessions = self.lock();
        sessions.retain(|_, entry| entry.is_valid(now));
        let of_account = sessions.iter().filter(|(_, entry)| entry.account == account);
        let oldest = of_account.clone().min_by_key(|(_, entry)| entry.opened).map(|(token, _)| *token);
        if of_account.count() >= MAX_OF_ACCOUNT
            && let Some(oldest) = oldest
        {
            sessions.remove(&oldest);
        }
        if sessions.len() >= MAX_SESSIONS {
            return false;
        }
        sessions.insert(token, Entry { account, opened: now });
        true
    }

    /// Returns the account of a session that is valid.
    pub(crate) fn find(&self, token: &[u8; 32], now: Duration) -> Option<Id> {
        self.lock().get(token).filter(|entry| entry.is_valid(now)).map(|entry| entry.account)
    }

    /// Ends a session, if there is one with this token.
    pub(crate) fn end(&self, token: &[u8; 32]) {
        self.lock().remove(token);
    }

    /// Ends all sessions of an account except the one with this token.
    pub(crate) fn end_others(&self, account: Id, token: &[u8; 32]) {
        self.lock().retain(|other, entry| entry.account != account || other == token);
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<[u8; 32], Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Entry {
    fn is_valid(&self, now: Duration) -> bool {
        now < self.opened + LIFETIME
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SECOND: Duration = Duration::from_secs(1);
    const ANNA: Id = Id([1; 16]);
    const BORIS: Id = Id([2; 16]);

    fn token(number: usize) -> [u8; 32] {
        let mut token = [0; 32];
        token[..8].copy_from_slice(&u64::try_from(number).unwrap().to_be_bytes());
        token
    }

    #[test]
    fn they_end_by_themselves_or_when_they_are_ended() {
        let sessions = VaultSessions::default();
        for number in 1..=3 {
            assert!(sessions.open(token(number), ANNA, SECOND));
        }
        assert!(sessions.open(token(4), BORIS, SECOND));
        assert_eq!(sessions.find(&token(1), LIFETIME), Some(ANNA));
        assert_eq!(sessions.find(&token(1), LIFETIME + SECOND), None);
        sessions.end(&token(1));
        sessions.end_others(ANNA, &token(2));
        let found = [1, 2, 3, 4].map(|number| sessions.find(&token(number), SECOND));
        assert_eq!(found, [None, Some(ANNA), None, Some(BORIS)]);
    }

    #[test]
    fn their_number_is_bounded() {
        let sessions = VaultSessions::default();
        for number in 0..MAX_OF_ACCOUNT + 1 {
            let now = SECOND * u32::try_from(number).unwrap();
            assert!(sessions.open(token(number), ANNA, now));
        }
        assert_eq!(sessions.find(&token(0), SECOND), None, "the oldest one made room");
        assert_eq!(sessions.find(&token(1), SECOND), Some(ANNA));
        for number in MAX_OF_ACCOUNT + 1..MAX_SESSIONS + 1 {
            let account = Id(u128::try_from(number).unwrap().to_be_bytes());
            assert!(sessions.open(token(number), account, SECOND));
        }
        assert!(!sessions.open(token(0), BORIS, SECOND));
        assert!(sessions.open(token(0), BORIS, LIFETIME * 2), "the others have expired");
    }
}
