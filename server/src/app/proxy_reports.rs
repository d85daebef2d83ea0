//! Reports proxies behind which clients cannot be told apart, once for each address.

use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// How many addresses are remembered. Later ones are not reported: whoever can connect from many
/// addresses could otherwise fill the log.
const MAX_REPORTED: usize = 32;

/// What a proxy does wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
enum Fault {
    Unnamed,
    NamesNobody,
    Refused,
}

/// The addresses that were reported.
#[derive(Default)]
pub(crate) struct ProxyReports(Mutex<HashSet<(Fault, IpAddr)>>);

impl ProxyReports {
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
        if self.is_new(Fault::Refused, peer) {
            tracing::warn!(
                address = %peer,
                "refused a connection from an address that --trusted-proxy does not name"
            );
        }
    }

    fn is_new(&self, fault: Fault, peer: IpAddr) -> bool {
        let mut reported = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        reported.len() < MAX_REPORTED && reported.insert((fault, peer))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_is_reported_once_and_few_at_all() {
        let proxies = ProxyReports::default();
        let addresses = || (0..100_u8).map(|last| IpAddr::from([192, 0, 2, last]));
        assert_eq!(
            addresses().filter(|address| proxies.is_new(Fault::Unnamed, *address)).count(),
            MAX_REPORTED
        );
        assert_eq!(addresses().filter(|address| proxies.is_new(Fault::Unnamed, *address)).count(), 0);
    }
}
