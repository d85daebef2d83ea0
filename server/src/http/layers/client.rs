//! Determines the client that sent a request: the peer, or whoever a trusted proxy says it is.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, header};
use axum::middleware::Next;
use axum::response::Response;
use crystallum_api::{Condition, Endpoint};

use crate::app::network::{Network, truncate};
use crate::app::state::App;

const FORWARDED_FOR: HeaderName = HeaderName::from_static("x-forwarded-for");
const SEC_FETCH_SITE: HeaderName = HeaderName::from_static("sec-fetch-site");
/// The length of the prefix by which IPv6 clients are told apart. Providers assign a /56 to a
/// household and often more to whoever asks. A /64 each would give one attacker 256 shares.
const IPV6_PREFIX: u8 = 56;

/// The address of the connection's other end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// The network of the client: its IPv4 address, or the /56 network of its IPv6 address. Limits
/// apply to it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ClientNetwork(pub(crate) IpAddr);

/// Puts the client's network into the request's extensions.
pub(crate) async fn identify(State(app): State<Arc<App>>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |Peer(peer)| *peer);
    // The operator asks for the state of the server without going through the proxy.
    let is_health = request.uri().path() == Endpoint::Health.path();
    let address = match claimed_address(peer, request.headers(), &app.proxies) {
        Claimed::Address(address) => {
            if app.encrypted && address == peer && !is_health && is_of_browser(request.headers()) {
                // This server speaks no TLS, so a proxy has sent this, and has kept to itself for
                // whom.
                app.pressure.notice(Condition::UnnamedProxy);
                app.proxy_reports.unnamed(peer);
            }
            address
        }
        Claimed::Unknown => {
            if !is_health {
                app.pressure.notice(Condition::UnknownClients);
                app.proxy_reports.names_nobody(peer);
            }
            peer
        }
        Claimed::Untrusted => {
            app.pressure.notice(Condition::UnnamedProxy);
            app.proxy_reports.unnamed(peer);
            peer
        }
    };
    request.extensions_mut().insert(ClientNetwork(network_of(address)));
    next.run(request).await
}

/// Returns the client's network, which [`identify`] has determined.
pub(crate) fn client_of(request: &Request) -> IpAddr {
    let network = request.extensions().get::<ClientNetwork>();
    network.map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |ClientNetwork(network)| *network)
}

/// Returns the network by which a client is limited.
pub(crate) fn network_of(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        v6 @ IpAddr::V6(_) => truncate(v6, IPV6_PREFIX).unwrap_or(v6),
        v4 @ IpAddr::V4(_) => v4,
    }
}

/// Returns whether a page of this server, or a browser that asks for one, has sent a request. A
/// tool of the operator sends none of these headers.
fn is_of_browser(headers: &HeaderMap) -> bool {
    headers.contains_key(header::ORIGIN) || headers.contains_key(SEC_FETCH_SITE)
}

/// What is known about the address of a client.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Claimed {
    /// It is known.
    Address(IpAddr),
    /// The peer is a trusted proxy that does not report it.
    Unknown,
    /// The peer reports it, but is not a trusted proxy.
    Untrusted,
}

/// Returns the last address in `X-Forwarded-For` that is not a trusted proxy, if the peer is a
/// trusted proxy.
fn claimed_address(peer: IpAddr, headers: &HeaderMap, proxies: &[Network]) -> Claimed {
    let trusted = |address| proxies.iter().any(|proxy| proxy.contains(address));
    if !trusted(peer) {
        let claims = headers.contains_key(FORWARDED_FOR);
        return if claims { Claimed::Untrusted } else { Claimed::Address(peer) };
    }
    // The client may have sent the start of the header, which is not always text.
    let lines: Vec<&[u8]> = headers.get_all(FORWARDED_FOR).iter().map(|line| line.as_bytes()).collect();
    let entries = lines.iter().rev().flat_map(|line| line.rsplit(|byte| *byte == b','));
    for entry in entries.map(<[u8]>::trim_ascii).filter(|entry| !entry.is_empty()) {
        match std::str::from_utf8(entry).ok().and_then(read_address) {
            Some(address) if trusted(address) => {}
            Some(address) => return Claimed::Address(address),
            None => return Claimed::Unknown,
        }
    }
    Claimed::Unknown
}

/// Reads an address as proxies write it: alone, in brackets, or with the client's port.
fn read_address(text: &str) -> Option<IpAddr> {
    let text = text.strip_prefix('"').and_then(|text| text.strip_suffix('"')).unwrap_or(text);
    if let Ok(address) = text.parse() {
        return Some(address);
    }
    if let Some((address, rest)) = text.strip_prefix('[').and_then(|text| text.split_once(']')) {
        let port = rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port);
        return address.parse().ok().map(IpAddr::V6).filter(|_| port);
    }
    let (address, port) = text.split_once(':')?;
    address.parse().ok().map(IpAddr::V4).filter(|_| is_port(port))
}

fn is_port(text: &str) -> bool {
    text.parse::<u16>().is_ok() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests;
