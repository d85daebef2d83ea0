//! Rate limits per address and per account.

use std::hash::Hash;
use std::net::IpAddr;
use std::num::NonZeroU32;
use std::sync::atomic::{AtomicU32, Ordering};

use crystallum_api::Id;
use governor::clock::Clock as _;
use governor::middleware::NoOpMiddleware;
use governor::state::keyed::HashMapStateStore;
use governor::{Quota, RateLimiter};

use crate::app::clock::Clock;
use crate::http::error::{ApiError, ApiResult};

/// Requests under `/api` per address and minute.
const ADDRESS_PER_MINUTE: u32 = 1_200;
/// Ceremony requests per address and minute.
const CEREMONY_PER_MINUTE: u32 = 60;
/// Requests with a session per account and minute.
const ACCOUNT_PER_MINUTE: u32 = 600;
/// Shares read or deleted per account and minute.
const SHARE_PER_MINUTE: u32 = 120;
/// The number of checks between two sweeps of idle keys.
const SWEEP_INTERVAL: u32 = 1_024;

/// The rate limits of this server.
pub(crate) struct Limits {
    address: Limit<IpAddr>,
    ceremony: Limit<IpAddr>,
    account: Limit<Id>,
    share: Limit<Id>,
}

impl Limits {
    /// Returns the default limits multiplied by `scale`.
    pub(crate) fn new(clock: &Clock, scale: u32) -> Self {
        Self {
            address: Limit::new(ADDRESS_PER_MINUTE, scale, clock),
            ceremony: Limit::new(CEREMONY_PER_MINUTE, scale, clock),
            account: Limit::new(ACCOUNT_PER_MINUTE, scale, clock),
            share: Limit::new(SHARE_PER_MINUTE, scale, clock),
        }
    }

    /// Counts a request under `/api`.
    pub(crate) fn check_address(&self, address: IpAddr) -> ApiResult<()> {
        self.address.check(client_network(address))
    }

    /// Counts a request that is part of a ceremony.
    pub(crate) fn check_ceremony(&self, address: IpAddr) -> ApiResult<()> {
        self.ceremony.check(client_network(address))
    }

    /// Counts a request with a session.
    pub(crate) fn check_account(&self, account: Id) -> ApiResult<()> {
        self.account.check(account)
    }

    /// Counts a request that presents a store's credential. Every attempt counts.
    pub(crate) fn check_share(&self, account: Id) -> ApiResult<()> {
        self.share.check(account)
    }
}

/// Returns the key by which a client is limited: its IPv4 address, or the /64 network of its IPv6
/// address, since a provider usually assigns a /64 to one customer.
fn client_network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(v6) => {
            let [a, b, c, d, ..] = v6.segments();
            IpAddr::from([a, b, c, d, 0, 0, 0, 0])
        }
        v4 => v4,
    }
}

struct Limit<K: Hash + Eq + Clone> {
    limiter: RateLimiter<K, HashMapStateStore<K>, Clock, NoOpMiddleware<std::time::Duration>>,
    checks: AtomicU32,
}

impl<K: Hash + Eq + Clone> Limit<K> {
    fn new(per_minute: u32, scale: u32, clock: &Clock) -> Self {
        let number = NonZeroU32::new(per_minute.saturating_mul(scale)).unwrap_or(NonZeroU32::MIN);
        let quota = Quota::per_minute(number);
        let limiter = RateLimiter::new(quota, HashMapStateStore::default(), clock.clone());
        Self { limiter, checks: AtomicU32::new(0) }
    }

    fn check(&self, key: K) -> ApiResult<()> {
        if self.checks.fetch_add(1, Ordering::Relaxed) % SWEEP_INTERVAL == SWEEP_INTERVAL - 1 {
            self.limiter.retain_recent();
            self.limiter.shrink_to_fit();
        }
        self.limiter.check_key(&key).map_err(|refused| {
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

    #[test]
    fn refuses_and_forgives() {
        let clock = Clock::manual(1_000);
        let limits = Limits::new(&clock, 1);
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
    fn counts_an_ipv6_network_as_one() {
        let limits = Limits::new(&Clock::manual(1_000), 1);
        for last in 0..CEREMONY_PER_MINUTE {
            let last = u16::try_from(last).unwrap();
            limits.check_ceremony(IpAddr::from([0x2001, 0xdb8, 0, 7, 0, 0, 0, last])).unwrap();
        }
        assert!(limits.check_ceremony(IpAddr::from([0x2001, 0xdb8, 0, 7, 1, 2, 3, 4])).is_err());
        limits.check_ceremony(IpAddr::from([0x2001, 0xdb8, 0, 8, 0, 0, 0, 1])).unwrap();
    }

    #[test]
    fn a_mapped_address_is_the_ipv4_one() {
        assert_eq!(client_network("::ffff:192.0.2.1".parse().unwrap()), IpAddr::from([192, 0, 2, 1]));
    }

    #[test]
    fn scale_multiplies() {
        let limits = Limits::new(&Clock::manual(1_000), 3);
        let address = IpAddr::from([192, 0, 2, 1]);
        for _ in 0..CEREMONY_PER_MINUTE * 3 {
            limits.check_ceremony(address).unwrap();
        }
        assert!(limits.check_ceremony(address).is_err());
    }
}
