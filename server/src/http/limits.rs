//! Rate limits per network and per account.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use crystallum_api::{Condition, Id};
use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::app::clock::Clock;
use crate::app::pressure::Pressure;
use crate::http::error::{ApiError, ApiResult};

/// Requests under `/api` per network and minute. A page that opens a large vault sends a few dozen,
/// and a busy one a few in a minute, so that this is enough for an office behind one address.
const NETWORK_PER_MINUTE: u32 = 1_200;
/// Ceremony requests per network and minute. Signing in takes two, so that thirty people behind one
/// address can sign in within the same minute.
const CEREMONY_PER_MINUTE: u32 = 60;
/// Requests with a session per account and minute.
const ACCOUNT_PER_MINUTE: u32 = 600;
/// Shares read or deleted per account and minute.
const SHARE_PER_MINUTE: u32 = 120;
/// Attempts to sign in to an account per minute when the server remembers no more attempts of
/// strangers. Somebody who signs in needs one or two.
const SIGN_IN_PER_MINUTE: u32 = 20;
/// The number of checks between two sweeps of idle keys.
const SWEEP_INTERVAL: u32 = 1_024;

/// The rate limits of this server.
pub(crate) struct Limits {
    network: Limit<IpAddr>,
    ceremony: Limit<IpAddr>,
    account: Limit<Id>,
    share: Limit<Id>,
    sign_in: Limit<Id>,
}

impl Limits {
    /// Returns the default limits multiplied by `scale`.
    pub(crate) fn new(clock: &Clock, scale: u32, pressure: &Arc<Pressure>) -> Self {
        Self {
            network: Limit::new(NETWORK_PER_MINUTE, scale, clock, pressure),
            ceremony: Limit::new(CEREMONY_PER_MINUTE, scale, clock, pressure),
            account: Limit::new(ACCOUNT_PER_MINUTE, scale, clock, pressure),
            share: Limit::new(SHARE_PER_MINUTE, scale, clock, pressure),
            sign_in: Limit::new(SIGN_IN_PER_MINUTE, scale, clock, pressure),
        }
    }

    /// Counts a request under `/api`.
    pub(crate) fn check_network(&self, network: IpAddr) -> ApiResult<()> {
        self.network.check(network)
    }

    /// Counts a request that is part of a ceremony.
    pub(crate) fn check_ceremony(&self, network: IpAddr) -> ApiResult<()> {
        self.ceremony.check(network)
    }

    /// Counts a request with a session.
    pub(crate) fn check_account(&self, account: Id) -> ApiResult<()> {
        self.account.check(account)
    }

    /// Counts an attempt to sign in to an account for which its network has no room.
    pub(crate) fn check_sign_in(&self, account: Id) -> ApiResult<()> {
        self.sign_in.check(account)
    }

    /// Counts a request that presents a store's credential. Every attempt counts.
    pub(crate) fn check_share(&self, account: Id) -> ApiResult<()> {
        self.share.check(account)
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
        if self.checks.fetch_add(1, Ordering::Relaxed) % SWEEP_INTERVAL == SWEEP_INTERVAL - 1 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        self.limiter.check_key(&key).map_err(|refused| {
            self.pressure.notice(Condition::Rate);
            let wait = refused.wait_time_from(self.limiter.clock().now());
            let seconds = u32::try_from(wait.as_secs()).unwrap_or(u32::MAX);
            ApiError::rate_limited(seconds.saturating_add(1))
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
        for _ in 0..CEREMONY_PER_MINUTE {
            limits.check_ceremony(address).unwrap();
        }
        assert_eq!(limits.check_ceremony(address).unwrap_err().code(), Code::RateLimited);
        limits.check_ceremony(IpAddr::from([192, 0, 2, 2])).unwrap();
        clock.advance(60);
        limits.check_ceremony(address).unwrap();
    }

    #[test]
    fn scale_multiplies() {
        let limits = limits(&Clock::manual(1_000), 3);
        let address = IpAddr::from([192, 0, 2, 1]);
        for _ in 0..CEREMONY_PER_MINUTE * 3 {
            limits.check_ceremony(address).unwrap();
        }
        assert!(limits.check_ceremony(address).is_err());
    }
}
