//! Rate limits per network, session and account. People who share an address share the limits of
//! its network, so those apply only to requests that nothing else vouches for: a session that was
//! valid a moment ago, or a proof for a known credential, counts towards its account instead.
//! Sessions have limits of their own, so that whoever has stolen one cannot use up what its owner
//! has in others, and what carries a proof does not count towards the session or the account.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use crystallum_api::{Condition, Id, LimitClass};
use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

use crate::app::clock::Clock;
use crate::app::pressure::Pressure;
use crate::http::error::{ApiError, ApiResult};

/// Requests under `/api` per network and minute, apart from those with a session.
const NETWORK_PER_MINUTE: u32 = 1_200;
/// Attempts to create an account per network and minute.
const SIGN_UP_PER_MINUTE: u32 = 60;
/// Proofs that do not hold per network and minute.
const FALSE_PROOFS_PER_MINUTE: u32 = 60;
/// Requests of one session per minute. A device that opens a vault sends some ten.
const SESSION_PER_MINUTE: u32 = 600;
/// Requests of all sessions of an account per minute.
const ACCOUNT_PER_MINUTE: u32 = 3 * SESSION_PER_MINUTE;
/// Attempts of one session per minute at what needs a proof. Whether the proof holds is counted
/// apart from this.
const PROVING_PER_MINUTE: u32 = 300;
/// Shares read or deleted by one session per minute.
const SHARE_PER_MINUTE: u32 = 120;
/// Shares read or deleted by all sessions of an account per minute.
const SHARES_OF_ACCOUNT_PER_MINUTE: u32 = 3 * SHARE_PER_MINUTE;
/// Proofs for the known credentials of an account per minute that count towards no network.
/// Somebody who signs in needs one or two.
const PROOFS_PER_MINUTE: u32 = 20;
/// The number of checks between two sweeps of idle keys.
const SWEEP_INTERVAL: u32 = 1_024;

/// The rate limits of this server.
pub(crate) struct Limits {
    network: Limit<IpAddr>,
    sign_up: Limit<IpAddr>,
    false_proofs: Limit<IpAddr>,
    session: Limit<Token>,
    account: Limit<Id>,
    proving: Limit<Token>,
    session_shares: Limit<Token>,
    account_shares: Limit<Id>,
    proofs: Limit<Id>,
    sign_ins: Arc<Semaphore>,
}

/// The hash of a session's token.
type Token = [u8; 32];

impl Limits {
    /// Returns the default limits multiplied by `scale`.
    pub(crate) fn new(clock: &Clock, scale: u32, pressure: &Arc<Pressure>) -> Self {
        Self {
            network: Limit::new(NETWORK_PER_MINUTE, scale, clock, pressure),
            sign_up: Limit::new(SIGN_UP_PER_MINUTE, scale, clock, pressure),
            false_proofs: Limit::new(FALSE_PROOFS_PER_MINUTE, scale, clock, pressure),
            session: Limit::new(SESSION_PER_MINUTE, scale, clock, pressure),
            account: Limit::new(ACCOUNT_PER_MINUTE, scale, clock, pressure),
            proving: Limit::new(PROVING_PER_MINUTE, scale, clock, pressure),
            session_shares: Limit::new(SHARE_PER_MINUTE, scale, clock, pressure),
            account_shares: Limit::new(SHARES_OF_ACCOUNT_PER_MINUTE, scale, clock, pressure),
            proofs: Limit::new(PROOFS_PER_MINUTE, scale, clock, pressure),
            sign_ins: Arc::new(Semaphore::new(1)),
        }
    }

    /// Counts a request under `/api`.
    pub(crate) fn check_network(&self, network: IpAddr) -> ApiResult<()> {
        self.network.check(network)
    }

    /// Counts an attempt to create an account.
    pub(crate) fn check_sign_up(&self, network: IpAddr) -> ApiResult<()> {
        self.sign_up.check(network)
    }

    /// Counts a proof that does not hold, or that nobody can know to hold.
    pub(crate) fn check_false_proof(&self, network: IpAddr) -> ApiResult<()> {
        self.false_proofs.check(network)
    }

    /// Counts a request of a session to an endpoint of this class.
    pub(crate) fn check_session(&self, token: Token, account: Id, class: LimitClass) -> ApiResult<()> {
        // Neither the session nor the account may keep its owner from proving who they are.
        if class == LimitClass::Proof {
            return self.proving.check(token);
        }
        self.session.check(token)?;
        self.account.check(account)?;
        // Every attempt counts, whether the credential is right or not.
        if class == LimitClass::StoreCredential {
            self.session_shares.check(token)?;
            self.account_shares.check(account)?;
        }
        Ok(())
    }

    /// Counts a proof for a known credential of an account, and returns whether there is room for
    /// it. If there is none, its network may still have some.
    pub(crate) fn has_room_for_proof(&self, account: Id) -> bool {
        self.proofs.admit(account).is_ok()
    }

    /// Waits until nobody else looks up whose credential a proof names. Until that is known, nobody
    /// knows towards what the proof counts, so that look-ups are limited to one connection of the
    /// database instead. Each takes a fraction of a millisecond.
    pub(crate) async fn look_up(&self) -> Option<OwnedSemaphorePermit> {
        Arc::clone(&self.sign_ins).acquire_owned().await.ok()
    }
}

struct Limit<K: Hash + Eq + Clone> {
    limiter: RateLimiter<K, HashMapStateStore<K>, Clock, NoOpMiddleware<std::time::Duration>>,
    checks: AtomicU32,
    pressure: Arc<Pressure>,
}

impl<K: Hash + Eq + Clone> Limit<K> {
    fn new(per_minute: u32, scale: u32, clock: &Clock, pressure: &Arc<Pressure>) -> Self {
        let number = NonZeroU32::new(per_minute.saturating_mul(scale)).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_minute(number);
        let limiter = RateLimiter::new(quota, HashMapStateStore::default(), clock.clone());
        Self { limiter, checks: AtomicU32::new(0), pressure: Arc::clone(pressure) }
    }

    fn check(&self, key: K) -> ApiResult<()> {
        self.admit(key).map_err(|seconds| {
            self.pressure.notice(Condition::Rate);
            ApiError::rate_limited(seconds)
        })
    }

    /// Counts a request, or returns after how many seconds there is room for it.
    fn admit(&self, key: K) -> Result<(), u32> {
        if self.checks.fetch_add(1, Ordering::Relaxed) % SWEEP_INTERVAL == SWEEP_INTERVAL - 1 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        self.limiter.check_key(&key).map_err(|refused| {
            let wait = refused.wait_time_from(self.limiter.clock().now());
            u32::try_from(wait.as_secs()).unwrap_or(u32::MAX).saturating_add(1)
        })
    }
}

#[cfg(test)]
mod tests {
    use crystallum_api::Code;

    use super::*;

    fn limits(clock: &Clock, scale: u32) -> Limits {
        Limits::new(clock, scale, &Arc::new(Pressure::new(clock.clone())))
    }

    #[test]
    fn refuses_and_forgives() {
        let clock = Clock::manual(1_000);
        let limits = limits(&clock, 1);
        let address = IpAddr::from([192, 0, 2, 1]);
        for _ in 0..SIGN_UP_PER_MINUTE {
            limits.check_sign_up(address).unwrap();
        }
        assert_eq!(limits.check_sign_up(address).unwrap_err().code(), Code::RateLimited);
        limits.check_sign_up(IpAddr::from([192, 0, 2, 2])).unwrap();
        clock.advance(60);
        limits.check_sign_up(address).unwrap();
    }

    #[test]
    fn scale_multiplies() {
        let limits = limits(&Clock::manual(1_000), 3);
        let address = IpAddr::from([192, 0, 2, 1]);
        for _ in 0..SIGN_UP_PER_MINUTE * 3 {
            limits.check_sign_up(address).unwrap();
        }
        assert!(limits.check_sign_up(address).is_err());
    }
}
