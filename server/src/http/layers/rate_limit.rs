//! Determines the address of the client, either the peer or the one that a trusted proxy reports,
//! and limits its requests.

use std::net::{IpAddr, Ipv4Addr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::HeaderMap;
use axum::middleware::Next;
use axum::response::Response;
use crystallum_api::LimitClass;

use super::{endpoint_of, is_api};
use crate::app::state::App;
use crate::http::error::ApiResult;

/// The address of the connection's other end.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Peer(pub(crate) IpAddr);

/// Limits the requests per address.
pub(crate) async fn limit(State(app): State<Arc<App>>, request: Request, next: Next) -> ApiResult<Response> {
    if is_api(request.uri().path()) {
        let peer = request.extensions().get().map_or(IpAddr::V4(Ipv4Addr::UNSPECIFIED), |Peer(peer)| *peer);
        let address = client_address(peer, request.headers(), &app.proxies);
        app.limits.check_address(address)?;
        match endpoint_of(&request).map(|endpoint| endpoint.facts().limit) {
            Some(LimitClass::Ceremony) => app.limits.check_ceremony(address)?,
            // A limit per account is checked once the account is known.
            Some(LimitClass::Ordinary | LimitClass::StoreCredential) | None => {}
        }
    }
    Ok(next.run(request).await)
}

/// Returns the last address in `X-Forwarded-For` that is not a trusted proxy, if the peer is a
/// trusted proxy.
fn client_address(peer: IpAddr, headers: &HeaderMap, proxies: &[IpAddr]) -> IpAddr {
    if !proxies.contains(&peer.to_canonical()) {
        return peer;
    }
    let lines: Vec<&str> =
        headers.get_all("x-forwarded-for").iter().filter_map(|line| line.to_str().ok()).collect();
    for text in lines.iter().rev().flat_map(|line| line.rsplit(',')) {
        let Ok(address) = text.trim().parse::<IpAddr>() else { return peer };
        if !proxies.contains(&address.to_canonical()) {
            return address;
        }
    }
    peer
}

#[cfg(test)]
mod tests {
    use axum::http::HeaderValue;

    use super::*;

    const PROXY: IpAddr = IpAddr::V4(Ipv4Addr::new(10, 0, 0, 1));
    const OTHER: IpAddr = IpAddr::V4(Ipv4Addr::new(192, 0, 2, 9));

    fn forwarded(lines: &[&'static str]) -> HeaderMap {
        lines
            .iter()
            .map(|line| ("x-forwarded-for".parse().unwrap(), HeaderValue::from_static(line)))
            .collect()
    }

    #[test]
    fn believes_only_trusted_proxies() {
        let headers = forwarded(&["198.51.100.7"]);
        assert_eq!(client_address(OTHER, &headers, &[PROXY]), OTHER);
        assert_eq!(client_address(PROXY, &headers, &[PROXY]), IpAddr::from([198, 51, 100, 7]));
        assert_eq!(
            client_address("::ffff:10.0.0.1".parse().unwrap(), &headers, &[PROXY]),
            IpAddr::from([198, 51, 100, 7])
        );
        assert_eq!(client_address(PROXY, &HeaderMap::new(), &[PROXY]), PROXY);
    }

    #[test]
    fn takes_the_last_address_that_a_proxy_wrote() {
        let second = IpAddr::from([198, 51, 100, 7]);
        assert_eq!(client_address(PROXY, &forwarded(&["203.0.113.1, 198.51.100.7"]), &[PROXY]), second);
        assert_eq!(
            client_address(PROXY, &forwarded(&["203.0.113.1", "198.51.100.7, 10.0.0.1"]), &[PROXY]),
            second
        );
        assert_eq!(client_address(PROXY, &forwarded(&["198.51.100.7, nonsense"]), &[PROXY]), PROXY);
    }
}
