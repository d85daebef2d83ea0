//! Ceremonies between challenge and response. A challenge is computed from the ceremony's id, so
//! that open ceremonies need no memory and nobody can use it up. What is remembered, until the
//! ceremony would have expired anyway, is that a challenge was answered: it is valid once.

pub(crate) mod answered;

use std::net::IpAddr;
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crystallum_api::Id;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::auth::ceremonies::answered::{Answered, Completed, LIFETIME_SECONDS, NotConsidered};

/// The number of bytes of an id that the key vouches for.
const NAMED_BYTES: usize = 8;

/// What a ceremony is for. A challenge for one is none for another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    /// A passkey is being created.
    Registration,
    /// A passkey is being used to sign in.
    Login,
    /// A recovery code is being used to sign in.
    Recovery,
    /// The vault's key and a device's are being used to sign in.
    Vault,
}

/// What is known about a ceremony.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Ceremony {
    /// It is open, and this is its challenge.
    Open([u8; 32]),
    /// It was a registration that created an account. Repeating the request returns the same
    /// response.
    Completed(Box<Completed>),
}

/// All ceremonies.
pub(crate) struct Ceremonies {
    /// The key of this run. Without randomness there are no ceremonies.
    key: Option<[u8; 32]>,
    serial: AtomicU32,
    answered: Mutex<Answered>,
}

impl Ceremonies {
    /// Generates the key. Challenges of an earlier run of the server are not valid.
    pub(crate) fn new() -> Self {
        let mut key = [0; 32];
        let key = getrandom::fill(&mut key).ok().map(|()| key);
        Self { key, serial: AtomicU32::new(0), answered: Mutex::default() }
    }

    /// Starts a ceremony. Returns its id and its challenge, or `None` without randomness.
    pub(crate) fn start(&self, now: Duration, kind: Kind) -> Option<(Id, [u8; 32])> {
        let serial = self.serial.fetch_add(1, Ordering::Relaxed);
        let mut id = [0; 16];
        let (named, tag) = id.split_at_mut(NAMED_BYTES);
        named.copy_from_slice(&[seconds(now).to_be_bytes(), serial.to_be_bytes()].concat());
        let vouched = self.hash(kind, b"id", named)?;
        tag.copy_from_slice(vouched.get(..tag.len())?);
        Some((Id(id), self.hash(kind, b"challenge", &id)?))
    }

    /// Returns what is known about a ceremony, and leaves it open.
    pub(crate) fn find(&self, now: Duration, kind: Kind, id: Id) -> Option<Ceremony> {
        let challenge = self.challenge(now, kind, id)?;
        match self.lock().find(now, id) {
            None => Some(Ceremony::Open(challenge)),
            Some(completed) => completed.map(Ceremony::Completed),
        }
    }

    /// Uses a challenge up. Each network has a share of the answers that are remembered; those for
    /// known credentials (`known`) have room in any case.
    pub(crate) fn answer(
        &self,
        now: Duration,
        kind: Kind,
        id: Id,
        network: IpAddr,
        known: impl FnOnce() -> bool,
    ) -> Result<[u8; 32], NotConsidered> {
        let challenge = self.challenge(now, kind, id).ok_or(NotConsidered::Unknown)?;
        self.lock().add(now, id, network, known).map(|()| challenge)
    }

    /// Uses up the challenge of a registration that created an account, and remembers the result.
    pub(crate) fn complete(&self, now: Duration, id: Id, network: IpAddr, completed: Completed) {
        let mut answered = self.lock();
        // There is a known credential now. A challenge that was answered meanwhile has no result.
        if answered.add(now, id, network, || true).is_ok() {
            answered.complete(id, completed);
        }
    }

    /// Returns the challenge of a ceremony that was started and has not expired.
    fn challenge(&self, now: Duration, kind: Kind, id: Id) -> Option<[u8; 32]> {
        let (named, tag) = id.0.split_at(NAMED_BYTES);
        let mut vouching = self.keyed(kind, b"id")?;
        vouching.update(named);
        vouching.verify_truncated_left(tag).ok()?;
        let started = u32::from_be_bytes(named.get(..4)?.try_into().ok()?);
        let age = seconds(now).checked_sub(started)?;
        (age < LIFETIME_SECONDS).then(|| self.hash(kind, b"challenge", &id.0))?
    }

    fn hash(&self, kind: Kind, what: &[u8], data: &[u8]) -> Option<[u8; 32]> {
        let mut keyed = self.keyed(kind, what)?;
        keyed.update(data);
        Some(keyed.finalize().into_bytes().into())
    }

    fn keyed(&self, kind: Kind, what: &[u8]) -> Option<Hmac<Sha256>> {
        let mut keyed = Hmac::<Sha256>::new_from_slice(&self.key?).ok()?;
        let number = match kind {
            Kind::Registration => [1],
            Kind::Login => [2],
            Kind::Recovery => [3],
            Kind::Vault => [4],
        };
        keyed.update(&number);
        keyed.update(what);
        Some(keyed)
    }

    fn lock(&self) -> MutexGuard<'_, Answered> {
        self.answered.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn seconds(now: Duration) -> u32 {
    u32::try_from(now.as_secs()).unwrap_or(u32::MAX)
}

#[cfg(test)]
mod tests;
