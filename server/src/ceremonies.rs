//! Ceremonies between challenge and answer: in memory, single use, short-lived, bounded in number.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crystallum_api::{Committed, Id};
use webauthn_rs::prelude::{DiscoverableAuthentication, PasskeyRegistration};

use crate::error::{Answer, Refusal};

/// Seconds a challenge is accepted.
pub(crate) const LIFE: u32 = 300;
/// Challenges open at one time.
const MOST: usize = 50_000;

/// A ceremony's state.
#[derive(Clone)]
pub(crate) enum Ceremony {
    /// A passkey is being made.
    Registration(Box<PasskeyRegistration>),
    /// A passkey is being used.
    Login(Box<DiscoverableAuthentication>),
    /// A recovery code is being used; what it signs.
    Recovery([u8; 32]),
    /// A registration that made an account; the same request again gets the same answer.
    Made {
        /// The account.
        account: Id,
        /// SHA-256 of the request.
        request: [u8; 32],
        /// What was answered.
        answer: Committed,
    },
}

/// All ceremonies that are under way.
#[derive(Default)]
pub(crate) struct Ceremonies(Mutex<HashMap<Id, Entry>>);

struct Entry {
    until: Duration,
    ceremony: Ceremony,
}

impl Ceremonies {
    /// Keeps a new ceremony.
    pub(crate) fn open(&self, now: Duration, id: Id, ceremony: Ceremony) -> Answer<()> {
        let mut entries = self.lock();
        if entries.len() >= MOST {
            entries.retain(|_, entry| entry.until > now);
        }
        if entries.len() >= MOST {
            return Err(Refusal::rate_limited(LIFE));
        }
        entries.insert(id, Entry { until: now + Duration::from_secs(LIFE.into()), ceremony });
        Ok(())
    }

    /// A ceremony that is still open; it stays open.
    pub(crate) fn look(&self, now: Duration, id: Id) -> Option<Ceremony> {
        self.lock().get(&id).filter(|entry| entry.until > now).map(|entry| entry.ceremony.clone())
    }

    /// A ceremony that was still open; it is closed now.
    pub(crate) fn take(&self, now: Duration, id: Id) -> Option<Ceremony> {
        self.lock().remove(&id).filter(|entry| entry.until > now).map(|entry| entry.ceremony)
    }

    /// Remembers for the rest of its life what a ceremony has made.
    pub(crate) fn made(&self, id: Id, account: Id, request: [u8; 32], answer: Committed) {
        if let Some(entry) = self.lock().get_mut(&id) {
            entry.ceremony = Ceremony::Made { account, request, answer };
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Id, Entry>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use crystallum_api::Code;

    use super::*;

    fn made() -> Ceremony {
        Ceremony::Made { account: Id([1; 16]), request: [2; 32], answer: Committed { counter: 1 } }
    }

    fn id(number: usize) -> Id {
        Id(u128::try_from(number).unwrap().to_be_bytes())
    }

    #[test]
    fn is_taken_once() {
        let ceremonies = Ceremonies::default();
        ceremonies.open(Duration::ZERO, id(1), made()).unwrap();
        assert!(ceremonies.look(Duration::ZERO, id(1)).is_some());
        assert!(ceremonies.take(Duration::ZERO, id(1)).is_some());
        assert!(ceremonies.take(Duration::ZERO, id(1)).is_none());
        assert!(ceremonies.take(Duration::ZERO, id(2)).is_none());
    }

    #[test]
    fn dies_of_age() {
        let ceremonies = Ceremonies::default();
        let life = Duration::from_secs(LIFE.into());
        ceremonies.open(Duration::ZERO, id(1), made()).unwrap();
        assert!(ceremonies.look(life - Duration::from_secs(1), id(1)).is_some());
        assert!(ceremonies.look(life, id(1)).is_none());
        assert!(ceremonies.take(life, id(1)).is_none());
    }

    #[test]
    fn are_bounded_and_old_ones_make_room() {
        let ceremonies = Ceremonies::default();
        for number in 0..MOST {
            ceremonies.open(Duration::ZERO, id(number), made()).unwrap();
        }
        let refused = ceremonies.open(Duration::from_secs(1), id(MOST), made()).unwrap_err();
        assert_eq!(refused.code(), Code::RateLimited);
        ceremonies.open(Duration::from_secs(LIFE.into()), id(MOST), made()).unwrap();
        assert_eq!(ceremonies.lock().len(), 1);
    }
}
