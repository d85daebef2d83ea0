//! Ceremonies between challenge and response. They are kept in memory, can be used once, expire
//! soon, and are limited in number.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crystallum_api::{Committed, Id};
use webauthn_rs::prelude::{DiscoverableAuthentication, PasskeyRegistration};

use crate::http::error::{ApiError, ApiResult};

/// How long a challenge is valid, in seconds.
pub(crate) const LIFETIME_SECONDS: u32 = 300;
/// How many challenges can be open at the same time.
const MAX_OPEN: usize = 50_000;

/// The state of a ceremony.
#[derive(Clone)]
pub(crate) enum Ceremony {
    /// A passkey is being created.
    Registration(Box<PasskeyRegistration>),
    /// A passkey is being used to sign in.
    Login(Box<DiscoverableAuthentication>),
    /// A recovery code is being used to sign in. Holds the nonce that it signs.
    Recovery([u8; 32]),
    /// A registration that created an account. Repeating the request returns the same response.
    Completed {
        /// The account's id.
        account: Id,
        /// The SHA-256 of the request.
        request: [u8; 32],
        /// The response that was sent.
        response: Committed,
    },
}

/// All open ceremonies.
#[derive(Default)]
pub(crate) struct Ceremonies(Mutex<HashMap<Id, Entry>>);

struct Entry {
    until: Duration,
    ceremony: Ceremony,
}

impl Ceremonies {
    /// Adds a new ceremony.
    pub(crate) fn insert(&self, now: Duration, id: Id, ceremony: Ceremony) -> ApiResult<()> {
        let mut entries = self.lock();
        if entries.len() >= MAX_OPEN {
            entries.retain(|_, entry| entry.until > now);
        }
        if entries.len() >= MAX_OPEN {
            return Err(ApiError::rate_limited(LIFETIME_SECONDS));
        }
        entries.insert(id, Entry { until: now + Duration::from_secs(LIFETIME_SECONDS.into()), ceremony });
        Ok(())
    }

    /// Returns a ceremony that has not expired and leaves it open.
    pub(crate) fn peek(&self, now: Duration, id: Id) -> Option<Ceremony> {
        self.lock().get(&id).filter(|entry| entry.until > now).map(|entry| entry.ceremony.clone())
    }

    /// Removes a ceremony and returns it if it has not expired.
    pub(crate) fn take(&self, now: Duration, id: Id) -> Option<Ceremony> {
        self.lock().remove(&id).filter(|entry| entry.until > now).map(|entry| entry.ceremony)
    }

    /// Records the result of a registration until its ceremony expires.
    pub(crate) fn complete(&self, id: Id, account: Id, request: [u8; 32], response: Committed) {
        if let Some(entry) = self.lock().get_mut(&id) {
            entry.ceremony = Ceremony::Completed { account, request, response };
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

    fn completed() -> Ceremony {
        Ceremony::Completed { account: Id([1; 16]), request: [2; 32], response: Committed { counter: 1 } }
    }

    fn id(number: usize) -> Id {
        Id(u128::try_from(number).unwrap().to_be_bytes())
    }

    #[test]
    fn is_taken_once() {
        let ceremonies = Ceremonies::default();
        ceremonies.insert(Duration::ZERO, id(1), completed()).unwrap();
        assert!(ceremonies.peek(Duration::ZERO, id(1)).is_some());
        assert!(ceremonies.take(Duration::ZERO, id(1)).is_some());
        assert!(ceremonies.take(Duration::ZERO, id(1)).is_none());
        assert!(ceremonies.take(Duration::ZERO, id(2)).is_none());
    }

    #[test]
    fn dies_of_age() {
        let ceremonies = Ceremonies::default();
        let life = Duration::from_secs(LIFETIME_SECONDS.into());
        ceremonies.insert(Duration::ZERO, id(1), completed()).unwrap();
        assert!(ceremonies.peek(life - Duration::from_secs(1), id(1)).is_some());
        assert!(ceremonies.peek(life, id(1)).is_none());
        assert!(ceremonies.take(life, id(1)).is_none());
    }

    #[test]
    fn are_bounded_and_old_ones_make_room() {
        let ceremonies = Ceremonies::default();
        for number in 0..MAX_OPEN {
            ceremonies.insert(Duration::ZERO, id(number), completed()).unwrap();
        }
        let refused = ceremonies.insert(Duration::from_secs(1), id(MAX_OPEN), completed()).unwrap_err();
        assert_eq!(refused.code(), Code::RateLimited);
        ceremonies.insert(Duration::from_secs(LIFETIME_SECONDS.into()), id(MAX_OPEN), completed()).unwrap();
        assert_eq!(ceremonies.lock().len(), 1);
    }
}
