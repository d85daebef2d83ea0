//! Reports proxies that the settings do not name, once for each address.

use std::collections::HashSet;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// How many addresses are remembered. Later ones are not reported: whoever can connect from many
/// addresses could otherwise fill the log.
const MAX_REPORTED: usize = 32;

/// The addresses that were reported.
#[derive(Default)]
pub(crate) struct UnnamedProxies(Mutex<HashSet<IpAddr>>);

impl UnnamedProxies {
    /// Logs the address of a peer that acts as a proxy without being named as one.
    pub(crate) fn report(&self, peer: IpAddr) {
        if self.is_new(peer) {
            tracing::warn!(address = %peer, "a proxy is not named with --trusted-proxy");
        }
    }

    /// Logs the address of a peer that is not allowed to connect.
    pub(crate) fn report_refused(&self, peer: IpAddr) {
        if self.is_new(peer) {
            tracing::warn!(address = %peer, "refused a connection from an address that --trusted-proxy does not name");
        }
    }

    fn is_new(&self, peer: IpAddr) -> bool {
        let mut reported = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        reported.len() < MAX_REPORTED && reported.insert(peer)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_is_reported_once_and_few_at_all() {
        let proxies = UnnamedProxies::default();
        let addresses = || (0..100_u8).map(|last| IpAddr::from([192, 0, 2, last]));
        assert_eq!(addresses().filter(|address| proxies.is_new(*address)).count(), MAX_REPORTED);
        assert_eq!(addresses().filter(|address| proxies.is_new(*address)).count(), 0);
    }
}
