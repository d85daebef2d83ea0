//! Networks of IP addresses.

use std::net::IpAddr;
use std::str::FromStr;

use thiserror::Error;

/// An address, or a network in CIDR notation, such as `10.1.0.0/16`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Network {
    first: IpAddr,
    prefix: u8,
}

/// Why a text is not a network of proxies.
#[derive(Debug, Error, PartialEq, Eq)]
pub enum NetworkError {
    /// The text is neither an address nor a network.
    #[error("it is neither an address nor a network such as 10.1.0.0/16")]
    Malformed,
    /// The network contains every address.
    #[error("it is the whole Internet: anybody could then claim to be anybody")]
    Everybody,
}

impl Network {
    /// Returns whether the network contains an address.
    pub fn contains(&self, address: IpAddr) -> bool {
        truncate(address.to_canonical(), self.prefix) == Some(self.first)
    }
}

impl From<IpAddr> for Network {
    fn from(address: IpAddr) -> Self {
        let first = address.to_canonical();
        Self { first, prefix: bits(first) }
    }
}

impl FromStr for Network {
    type Err = NetworkError;

    fn from_str(text: &str) -> Result<Self, NetworkError> {
        let Some((address, prefix)) = text.split_once('/') else {
            return text.parse().map(IpAddr::into).map_err(|_| NetworkError::Malformed);
        };
        let written: IpAddr = address.parse().map_err(|_| NetworkError::Malformed)?;
        let digits = !prefix.is_empty() && prefix.bytes().all(|byte| byte.is_ascii_digit());
        let prefix: u8 = prefix.parse().ok().filter(|_| digits).ok_or(NetworkError::Malformed)?;
        if prefix == 0 {
            return Err(NetworkError::Everybody);
        }
        // A network of mapped addresses is one of IPv4 addresses.
        let canonical = written.to_canonical();
        let mapped = bits(written) - bits(canonical);
        let prefix = prefix.checked_sub(mapped).ok_or(NetworkError::Malformed)?;
        if prefix == 0 {
            return Err(NetworkError::Everybody);
        }
        let first = truncate(canonical, prefix).ok_or(NetworkError::Malformed)?;
        Ok(Self { first, prefix })
    }
}

/// Returns the first address of the network to which an address belongs, or `None` if the address
/// has fewer bits than the prefix.
pub(crate) fn truncate(address: IpAddr, prefix: u8) -> Option<IpAddr> {
    let host = u32::from(bits(address).checked_sub(prefix)?);
    Some(match address {
        IpAddr::V4(v4) => {
            let mask = u32::MAX.checked_shl(host).unwrap_or(0);
            IpAddr::V4((v4.to_bits() & mask).into())
        }
        IpAddr::V6(v6) => {
            let mask = u128::MAX.checked_shl(host).unwrap_or(0);
            IpAddr::V6((v6.to_bits() & mask).into())
        }
    })
}

fn bits(address: IpAddr) -> u8 {
    if address.is_ipv4() { 32 } else { 128 }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn contains(network: &str, address: &str) -> bool {
        network.parse::<Network>().unwrap().contains(address.parse().unwrap())
    }

    #[test]
    fn an_address_is_a_network_of_one() {
        assert!(contains("10.0.0.1", "10.0.0.1") && !contains("10.0.0.1", "10.0.0.2"));
        assert!(contains("10.0.0.1", "::ffff:10.0.0.1") && contains("::ffff:10.0.0.1", "10.0.0.1"));
        assert!(contains("2001:db8::1", "2001:db8::1") && !contains("2001:db8::1", "2001:db8::2"));
    }

    #[test]
    fn a_network_ends_at_its_prefix() {
        for (network, inside, outside) in [
            ("10.1.0.0/16", "10.1.255.255", "10.2.0.0"),
            ("10.1.2.3/16", "10.1.0.0", "10.0.255.255"),
            ("10.0.0.0/8", "::ffff:10.9.9.9", "11.0.0.0"),
            ("192.0.2.128/25", "192.0.2.255", "192.0.2.127"),
            ("192.0.2.1/32", "192.0.2.1", "192.0.2.0"),
            ("128.0.0.0/1", "255.255.255.255", "127.255.255.255"),
            ("2001:db8:0:100::/56", "2001:db8:0:1ff::1", "2001:db8:0:200::"),
            ("fd00::/8", "fdff::1", "fe00::"),
            ("::ffff:10.0.0.0/104", "10.255.0.1", "11.0.0.1"),
        ] {
            assert!(contains(network, inside), "{network} {inside}");
            assert!(!contains(network, outside), "{network} {outside}");
        }
        assert!(!contains("10.0.0.0/8", "fd00::1") && !contains("fd00::/8", "10.0.0.1"));
    }

    #[test]
    fn refuses_what_is_no_network() {
        for wrong in [
            "",
            "proxy",
            "10.0.0",
            "10.0.0.0/",
            "10.0.0.0/33",
            "10.0.0.0/+8",
            "10.0.0.0/8/8",
            "fd00::/129",
            "/8",
            "::ffff:10.0.0.0/8",
        ] {
            assert_eq!(wrong.parse::<Network>(), Err(NetworkError::Malformed), "{wrong}");
        }
        for wrong in ["0.0.0.0/0", "::/0", "::ffff:0.0.0.0/96"] {
            assert_eq!(wrong.parse::<Network>(), Err(NetworkError::Everybody), "{wrong}");
        }
    }
}
