use axum::http::HeaderValue;

use super::*;

const OTHER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 9));
const CLIENT: IpAddr = IpAddr::V4(Ipv4Addr::new(198, 51, 100, 7));

fn claimed(peer: &str, lines: &[&[u8]]) -> Claimed {
    let headers: HeaderMap =
        lines.iter().map(|line| (FORWARDED_FOR, HeaderValue::from_bytes(line).unwrap())).collect();
    let proxies = ["10.0.0.1".parse().unwrap(), "10.1.0.0/16".parse().unwrap()];
    claimed_address(peer.parse().unwrap(), &headers, &proxies)
}

#[test]
fn believes_only_trusted_proxies() {
    assert_eq!(claimed("192.0.2.9", &[]), Claimed::Address(OTHER));
    assert_eq!(claimed("192.0.2.9", &[b"198.51.100.7"]), Claimed::Untrusted);
    for proxy in ["10.0.0.1", "::ffff:10.0.0.1", "10.1.200.3"] {
        assert_eq!(claimed(proxy, &[b"198.51.100.7"]), Claimed::Address(CLIENT), "{proxy}");
    }
    assert_eq!(claimed("10.2.0.1", &[b"198.51.100.7"]), Claimed::Untrusted);
}

#[test]
fn takes_the_last_address_that_a_proxy_wrote() {
    for lines in [
        &[&b"203.0.113.1, 198.51.100.7"[..]][..],
        &[b"203.0.113.1", b"198.51.100.7, 10.0.0.1"],
        &[b"198.51.100.7, 10.1.2.3:4711, 10.0.0.1"],
        &[b"198.51.100.7,"],
        &[b"198.51.100.7", b""],
        &[b"\xff\xfe, 198.51.100.7"],
        &[b"\xff", b"198.51.100.7"],
    ] {
        assert_eq!(claimed("10.0.0.1", lines), Claimed::Address(CLIENT), "{lines:?}");
    }
}

#[test]
fn addresses_may_have_ports() {
    let v6 = IpAddr::from([0x2001, 0xdb8, 0, 0, 0, 0, 0, 1]);
    for (text, address) in [
        ("198.51.100.7:4711", CLIENT),
        ("\"198.51.100.7:4711\"", CLIENT),
        ("2001:db8::1", v6),
        ("[2001:db8::1]", v6),
        ("[2001:db8::1]:4711", v6),
        ("\"[2001:db8::1]:4711\"", v6),
    ] {
        assert_eq!(claimed("10.0.0.1", &[text.as_bytes()]), Claimed::Address(address), "{text}");
    }
}

#[test]
fn what_is_no_address_is_unknown() {
    for text in [
        "nonsense",
        "unknown",
        "198.51.100.7, nonsense",
        "198.51.100.7:",
        "198.51.100.7:x",
        "198.51.100.7:70000",
        "198.51.100.7:+1",
        "[198.51.100.7]:1",
        "[2001:db8::1",
        "[2001:db8::1]x",
        "10.0.0.1",
        "",
        " , ",
    ] {
        assert_eq!(claimed("10.0.0.1", &[text.as_bytes()]), Claimed::Unknown, "{text}");
    }
    assert_eq!(claimed("10.0.0.1", &[]), Claimed::Unknown);
}

#[test]
fn a_network_is_an_ipv4_address_or_an_ipv6_56() {
    let network = |text: &str| network_of(text.parse().unwrap());
    assert_eq!(network("::ffff:192.0.2.1"), network("192.0.2.1"));
    assert_ne!(network("192.0.2.2"), network("192.0.2.1"));
    assert_eq!(network("2001:db8:0:1ff::1"), network("2001:db8:0:100::2"));
    assert_ne!(network("2001:db8:0:200::1"), network("2001:db8:0:100::1"));
}
