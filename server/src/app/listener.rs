//! Accepts connections and limits what each may cost.

use std::net::IpAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use hyper::Request;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::{GracefulConnection, GracefulShutdown};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tower::ServiceExt;

use crate::http::layers::rate_limit::Peer;

const MAX_CONNECTIONS: usize = 1_024;
const MAX_HEADERS: usize = 64;
const MAX_HEADER_BYTES: usize = 64 * 1_024;
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);
/// How long running requests may take to finish after a shutdown begins.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(20);
/// The pause after a failed accept, for example when the process is out of file descriptors.
const ACCEPT_BACKOFF: Duration = Duration::from_millis(100);

/// Serves until `stop` is set, then lets running requests finish. If `proxies` is not empty, only
/// those addresses and the local machine may connect.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    proxies: Vec<IpAddr>,
    mut stop: watch::Receiver<bool>,
) {
    let graceful = GracefulShutdown::new();
    let slots = Arc::new(Semaphore::new(MAX_CONNECTIONS));
    loop {
        let accepted = tokio::select! {
            accepted = accept(&listener, &slots) => accepted,
            // An error means that the sender was dropped, in which case the server stops too.
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let Some((stream, peer, slot)) = accepted else {
            tokio::time::sleep(ACCEPT_BACKOFF).await;
            continue;
        };
        if may_connect(peer, &proxies) {
            let connection = graceful.watch(serve_connection(stream, peer, &router));
            tokio::spawn(async move {
                // A broken connection only affects its own client.
                drop(connection.await);
                drop(slot);
            });
        }
    }
    drop(listener);
    if tokio::time::timeout(SHUTDOWN_GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
}

type Accepted = (TcpStream, IpAddr, OwnedSemaphorePermit);

async fn accept(listener: &TcpListener, slots: &Arc<Semaphore>) -> Option<Accepted> {
    let slot = Arc::clone(slots).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => Some((stream, peer.ip().to_canonical(), slot)),
        Err(error) => {
            tracing::warn!(%error, "a connection could not be accepted");
            None
        }
    }
}

fn may_connect(peer: IpAddr, proxies: &[IpAddr]) -> bool {
    proxies.is_empty() || peer.is_loopback() || proxies.contains(&peer)
}

fn serve_connection(
    stream: TcpStream,
    peer: IpAddr,
    router: &Router,
) -> impl GracefulConnection<Error = hyper::Error> + Send + use<> {
    let router = router.clone();
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request = request.map(Body::new);
        request.extensions_mut().insert(Peer(peer));
        router.clone().oneshot(request)
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_HEADER_BYTES)
        .serve_connection(TokioIo::new(stream), service)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn with_proxies_nobody_else_connects() {
        let (proxy, other) = (IpAddr::from([10, 0, 0, 1]), IpAddr::from([10, 0, 0, 2]));
        assert!(may_connect(other, &[]));
        assert!(may_connect(proxy, &[proxy]));
        assert!(may_connect(IpAddr::from([127, 0, 0, 1]), &[proxy]));
        assert!(!may_connect(other, &[proxy]));
    }
}
