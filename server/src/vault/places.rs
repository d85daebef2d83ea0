//! Bounds how many writes wait for their turn, so that nobody's queue is without end.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use crystallum_api::{Code, Condition, Id};

use crate::app::pressure::Pressure;
use crate::http::error::{ApiError, ApiResult};

/// How many writes may wait or be under way, in all. Each is a request whose client waits.
const IN_ALL: usize = 512;
/// How many of these may be for new accounts.
const OF_NEW_ACCOUNTS: usize = IN_ALL / 4;
/// How many may come from one account. A device sends one at a time, except for shares.
const OF_ACCOUNT: usize = 64;
/// How many may come from one session.
const OF_SESSION: usize = 32;
/// The places for accounts that want many. The other half is for those that want few.
const FOR_MANY: usize = IN_ALL / 2;
/// The part of the free places among these that one account may have, as a divisor.
const PART_OF_FREE: usize = 4;
/// How many every account may have as long as any place is free.
const AT_LEAST: usize = 2;
/// How many seconds a client waits whose account or session has no place.
const RETRY_SECONDS: u32 = 1;

/// Whose write it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Writer {
    /// That of a session, given by its account and the hash of its token.
    Session(Id, [u8; 32]),
    /// That of somebody who has just proved to be an account's owner. Proofs are rare, so that
    /// only the number of places in all applies.
    Owner(Id),
    /// That of somebody who creates an account.
    NewAccount,
}

/// The places of writes that wait or are under way.
pub(super) struct Places {
    pressure: Arc<Pressure>,
    taken: Mutex<Taken>,
}

#[derive(Default)]
struct Taken {
    all: usize,
    new_accounts: usize,
    accounts: HashMap<Id, usize>,
    sessions: HashMap<[u8; 32], usize>,
}

impl Places {
    /// Returns the places, of which none is taken.
    pub(super) fn new(pressure: &Arc<Pressure>) -> Arc<Self> {
        Arc::new(Self { pressure: Arc::clone(pressure), taken: Mutex::default() })
    }

    /// Takes a place until the returned value is dropped.
    pub(super) fn take(self: &Arc<Self>, writer: Writer) -> ApiResult<Place> {
        let refused = self.lock().add(writer);
        if let Some(refusal) = refused {
            self.pressure.notice(Condition::Writes);
            return Err(refusal);
        }
        Ok(Place { places: Arc::clone(self), writer })
    }

    /// Returns how many places are taken.
    pub(super) fn count(&self) -> usize {
        self.lock().all
    }

    fn lock(&self) -> MutexGuard<'_, Taken> {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Taken {
    /// Counts a write, or returns why there is no place for it.
    fn add(&mut self, writer: Writer) -> Option<ApiError> {
        let free = IN_ALL.saturating_sub(self.all);
        if free == 0 {
            return Some(Code::Unavailable.into());
        }
        match writer {
            Writer::Session(account, token) => {
                let share = (FOR_MANY.saturating_sub(self.all) / PART_OF_FREE).max(AT_LEAST);
                let has_room = count(&self.sessions, &token) < OF_SESSION
                    && count(&self.accounts, &account) < OF_ACCOUNT.min(share);
                if !has_room {
                    return Some(ApiError::rate_limited(RETRY_SECONDS));
                }
                *self.sessions.entry(token).or_default() += 1;
                *self.accounts.entry(account).or_default() += 1;
            }
            Writer::Owner(_) => {}
            Writer::NewAccount if self.new_accounts >= OF_NEW_ACCOUNTS => {
                return Some(Code::Unavailable.into());
            }
            Writer::NewAccount => self.new_accounts += 1,
        }
        self.all += 1;
        None
    }

    fn remove(&mut self, writer: Writer) {
        match writer {
            Writer::Session(account, token) => {
                decrease(&mut self.sessions, &token);
                decrease(&mut self.accounts, &account);
            }
            Writer::Owner(_) => {}
            Writer::NewAccount => self.new_accounts -= 1,
        }
        self.all -= 1;
    }
}

fn count<K: Hash + Eq>(counts: &HashMap<K, usize>, key: &K) -> usize {
    counts.get(key).copied().unwrap_or(0)
}

fn decrease<K: Hash + Eq>(counts: &mut HashMap<K, usize>, key: &K) {
    if let Some(number) = counts.get_mut(key) {
        *number -= 1;
        if *number == 0 {
            counts.remove(key);
        }
    }
}

/// The place of one write.
pub(crate) struct Place {
    places: Arc<Places>,
    writer: Writer,
}

impl Drop for Place {
    fn drop(&mut self) {
        self.places.lock().remove(self.writer);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::app::clock::Clock;

    fn places() -> (Arc<Places>, Arc<Pressure>) {
        let pressure = Arc::new(Pressure::new(Clock::manual(1_000)));
        (Places::new(&pressure), pressure)
    }

    fn account(number: usize) -> Id {
        let mut id = [0; 16];
        id[..8].copy_from_slice(&number.to_be_bytes());
        Id(id)
    }

    fn session(account: Id, number: u8) -> Writer {
        let mut token = [number; 32];
        token[..16].copy_from_slice(&account.0);
        Writer::Session(account, token)
    }

    /// Takes places until there are none, with sessions of one account after another.
    fn take_all(places: &Arc<Places>, account: Id, sessions: u8) -> (Vec<Place>, Code) {
        let mut taken = Vec::new();
        let mut last = Code::Unavailable;
        for number in 0..sessions {
            last = loop {
                match places.take(session(account, number)) {
                    Ok(place) => taken.push(place),
                    Err(refusal) => break refusal.code(),
                }
            };
        }
        (taken, last)
    }

    #[test]
    fn a_session_has_less_than_its_account_and_owners_are_not_counted() {
        let (places, pressure) = places();
        let (one, code) = take_all(&places, account(1), 1);
        assert_eq!((one.len(), code), (OF_SESSION, Code::RateLimited));
        assert_eq!(pressure.present(), [Condition::Writes]);
        let (others, _) = take_all(&places, account(1), 32);
        assert!(one.len() + others.len() <= OF_ACCOUNT);
        assert!(places.take(Writer::Owner(account(1))).is_ok());
        drop((one, others));
        assert_eq!(places.count(), 0);
        let taken = places.lock();
        assert!(taken.accounts.is_empty() && taken.sessions.is_empty());
    }

    #[test]
    fn many_accounts_leave_places_for_others() {
        let (places, _) = places();
        let floods: Vec<_> = (0..50).map(|number| take_all(&places, account(number), 9).0).collect();
        assert!(floods.iter().all(|flood| flood.len() >= AT_LEAST));
        let mut honest = Vec::new();
        for other in 100..150 {
            honest.push(places.take(session(account(other), 0)).unwrap());
        }
        assert!(places.count() < IN_ALL);
    }

    #[test]
    fn new_accounts_have_a_part_and_all_have_an_end() {
        let (places, _) = places();
        let new_accounts: Vec<_> = std::iter::from_fn(|| places.take(Writer::NewAccount).ok()).collect();
        assert_eq!(new_accounts.len(), OF_NEW_ACCOUNTS);
        let owners: Vec<_> = std::iter::from_fn(|| places.take(Writer::Owner(account(1))).ok()).collect();
        assert_eq!(new_accounts.len() + owners.len(), IN_ALL);
        let refused = places.take(session(account(1), 1)).err().unwrap();
        assert_eq!(refused.code(), Code::Unavailable);
    }
}
