//! Reports proxies behind which clients cannot be told apart, and those that may not connect.

use std::collections::HashMap;
use std::net::IpAddr;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use crate::app::clock::Clock;
use crate::app::network::truncate;

/// How many networks are reported within [`EXPIRY`], of each kind of fault and of address. Whoever
/// can connect from many addresses could otherwise fill the log.
const MAX_REPORTED: usize = 32;
/// After what time a network is reported again.
const EXPIRY: Duration = Duration::from_secs(3_600);
/// How long a refused connection is a problem.
const REFUSED_FOR: Duration = Duration::from_secs(600);

/// What a proxy does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Fault {
    Unnamed,
    NamesNobody,
    Refused,
}

/// The networks that were reported lately.
pub(crate) struct ProxyReports {
    clock: Clock,
    reported: Mutex<Reported>,
}

#[derive(Default)]
struct Reported {
    /// When each network was reported.
    times: HashMap<(Fault, IpAddr), Duration>,
    /// When a connection was last refused.
    refused: Option<Duration>,
}

impl ProxyReports {
    /// Creates a memory without reports.
    pub(crate) fn new(clock: Clock) -> Self {
        Self { clock, reported: Mutex::default() }
    }

    /// Logs the address of a peer that acts as a proxy without being named as one.
    pub(crate) fn unnamed(&self, peer: IpAddr) {
        if self.is_new(Fault::Unnamed, peer) {
            tracing::warn!(
                address = %peer,
                "a proxy is not named with --trusted-proxy, so all its clients share one limit"
            );
        }
    }

    /// Logs the address of a trusted proxy that does not report its clients.
    pub(crate) fn names_nobody(&self, peer: IpAddr) {
        if self.is_new(Fault::NamesNobody, peer) {
            tracing::warn!(
                address = %peer,
                "a proxy sends no address in X-Forwarded-For, so all its clients share one limit"
            );
        }
    }

    /// Logs the address of a peer that is not allowed to connect.
    pub(crate) fn refused(&self, peer: IpAddr) {
        self.lock().refused = Some(self.clock.monotonic());
        if self.is_new(Fault::Refused, peer) {
            tracing::warn!(
                address = %peer,
                "refused a connection from an address that --trusted-proxy does not name"
            );
        }
    }

    /// Returns whether a connection was refused lately.
    pub(crate) fn refuses(&self) -> bool {
        let now = self.clock.monotonic();
        self.lock().refused.is_some_and(|at| now.saturating_sub(at) < REFUSED_FOR)
    }

    fn is_new(&self, fault: Fault, peer: IpAddr) -> bool {
        let now = self.clock.monotonic();
        let network = network_of(peer);
        let mut reported = self.lock();
        reported.times.retain(|_, at| now.saturating_sub(*at) < EXPIRY);
        // Strangers do not crowd out the proxies of one's own network.
        let alike = |(of, other): &(Fault, IpAddr)| *of == fault && is_private(*other) == is_private(network);
        let has_room = reported.times.keys().filter(|key| alike(key)).count() < MAX_REPORTED;
        if reported.times.contains_key(&(fault, network)) || !has_room {
            return false;
        }
        reported.times.insert((fault, network), now);
        true
    }

    fn lock(&self) -> MutexGuard<'_, Reported> {
        self.reported.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Returns the network whose addresses are reported as one.
fn network_of(peer: IpAddr) -> IpAddr {
    let peer = peer.to_canonical();
    truncate(peer, if peer.is_ipv4() { 24 } else { 56 }).unwrap_or(peer)
}

/// Returns whether an address belongs to a network of one's own rather than to the Internet.
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => v4.is_private() || v4.is_loopback() || v4.is_link_local(),
        IpAddr::V6(v6) => v6.is_loopback() || v6.is_unique_local() || v6.is_unicast_link_local(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_network_is_reported_once_an_hour() {
        let clock = Clock::manual(1_000);
        let reports = ProxyReports::new(clock.clone());
        assert!(reports.is_new(Fault::Unnamed, IpAddr::from([192, 0, 2, 1])));
        assert!(!reports.is_new(Fault::Unnamed, IpAddr::from([192, 0, 2, 2])));
        assert!(reports.is_new(Fault::NamesNobody, IpAddr::from([192, 0, 2, 2])));
        clock.advance(3_599);
        assert!(!reports.is_new(Fault::Unnamed, IpAddr::from([192, 0, 2, 1])));
        clock.advance(1);
        assert!(reports.is_new(Fault::Unnamed, IpAddr::from([192, 0, 2, 1])));
    }

    #[test]
    fn strangers_are_few_and_crowd_out_no_proxy() {
        let reports = ProxyReports::new(Clock::manual(1_000));
        let strangers = || (0..200_u8).map(|part| IpAddr::from([198, 51, part, 1]));
        let reported = strangers().filter(|address| reports.is_new(Fault::Refused, *address)).count();
        assert_eq!(reported, MAX_REPORTED);
        assert!(!strangers().any(|address| reports.is_new(Fault::Refused, address)));
        for own in [[10, 0, 0, 5], [172, 17, 0, 1], [127, 0, 0, 1]] {
            assert!(reports.is_new(Fault::Refused, IpAddr::from(own)), "{own:?}");
        }
        assert!(reports.is_new(Fault::Unnamed, IpAddr::from([198, 51, 250, 1])));
        assert!(reports.lock().times.len() <= 2 * MAX_REPORTED);
    }

    #[test]
    fn a_refused_connection_is_a_problem_for_ten_minutes() {
        let clock = Clock::manual(1_000);
        let reports = ProxyReports::new(clock.clone());
        assert!(!reports.refuses());
        reports.refused(IpAddr::from([10, 0, 0, 5]));
        clock.advance(599);
        assert!(reports.refuses());
        clock.advance(1);
        assert!(!reports.refuses());
    }
}
