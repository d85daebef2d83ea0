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
use tokio::sync::watch;
use tower::ServiceExt;

use crate::app::activity::{Activity, WatchedBody};
use crate::app::capacity::{MAX_BUFFER, MAX_HEADERS};
use crate::app::crowd::{Crowd, Place};
use crate::app::handle::Handle;
use crate::app::listener::accepts::Accepts;
use crate::app::listener::paced::Paced;
use crate::app::network::Network;
use crate::app::pressure::Pressure;
use crate::app::problems::Problems;
use crate::app::proxy_reports::ProxyReports;
use crate::http::layers::client::Peer;

mod accepts;
mod paced;

/// How long a connection may be without a complete header. The time also runs between two requests,
/// so that it is not shorter: a proxy that reuses a connection while the server closes it loses a
/// request.
const HEADER_TIMEOUT: Duration = Duration::from_secs(30);
/// How long running requests may take to finish after a shutdown begins.
const SHUTDOWN_GRACE: Duration = Duration::from_secs(20);
/// How long a shutdown waits for clients that are still sending a body or reading an answer.
const CLIENT_GRACE: Duration = Duration::from_secs(3);
/// The pause after a failed accept, for example when the process is out of file descriptors. It is
/// long enough for connections that are cut off to be closed.
const ACCEPT_BACKOFF: Duration = Duration::from_millis(100);
/// How many connections are cut off when none can be accepted, so that ten times as many find their
/// way in each second.
const MAKE_ROOM_FOR: usize = 16;

/// Who may connect to a port, and how much their connections may cost.
pub(crate) struct Gate {
    /// The open connections.
    pub(crate) connections: Arc<Crowd>,
    /// The proxies that may open as many connections as there are: their clients are limited one by
    /// one, by their requests.
    pub(crate) proxies: Vec<Network>,
    /// Whether nobody but the proxies and the local machine may connect.
    pub(crate) proxies_only: bool,
    /// Where peers that may not connect are reported.
    pub(crate) reports: Arc<ProxyReports>,
    /// Where limits are reported that turn work away.
    pub(crate) pressure: Arc<Pressure>,
    /// Where it is reported that connections cannot be accepted.
    pub(crate) problems: Arc<Problems>,
}

impl Gate {
    fn is_proxy(&self, peer: IpAddr) -> bool {
        self.proxies.iter().any(|proxy| proxy.contains(peer))
    }

    fn may_connect(&self, peer: IpAddr) -> bool {
        !self.proxies_only || peer.is_loopback() || self.is_proxy(peer)
    }

    /// Returns a place for a connection, unless the peer may not connect or there is no room.
    fn admit(&self, peer: IpAddr, handle: &Handle) -> Option<Place> {
        if !self.may_connect(peer) {
            self.reports.refused(peer);
            return None;
        }
        self.connections.admit(peer, self.is_proxy(peer), handle)
    }
}

/// Serves until `stop` is set, then lets running requests finish.
pub(crate) async fn serve(
    listener: TcpListener,
    router: Router,
    gate: Gate,
    mut stop: watch::Receiver<bool>,
) {
    let graceful = GracefulShutdown::new();
    let mut accepts = Accepts::new(Arc::clone(&gate.problems));
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            () = accepts.calm() => {
                accepts.note_calm();
                continue;
            }
            // An error means that the sender was dropped, in which case the server stops too.
            _ = stop.wait_for(|stop| *stop) => break,
        };
        let (stream, peer) = match accepted {
            Ok((stream, peer)) => (stream, peer.ip().to_canonical()),
            Err(error) => {
                if accepts.note_failure(&error) {
                    gate.connections.make_room(MAKE_ROOM_FOR);
                    tokio::time::sleep(ACCEPT_BACKOFF).await;
                }
                continue;
            }
        };
        let handle = Handle::new();
        let Some(place) = gate.admit(peer, &handle) else { continue };
        let connection = serve_connection(stream, peer, &router, &handle, &gate.pressure);
        let connection = graceful.watch(connection);
        let stop = stop.clone();
        tokio::spawn(async move {
            tokio::select! {
                // A broken connection only affects its own client.
                _ = connection => {}
                () = handle.is_cut() => {}
                () = out_of_patience(stop, handle.activity()) => {}
            }
            handle.note_end();
            drop(place);
        });
        // The connection is read before the next one can take its place.
        tokio::task::yield_now().await;
    }
    drop(listener);
    if tokio::time::timeout(SHUTDOWN_GRACE, graceful.shutdown()).await.is_err() {
        tracing::warn!("some requests did not finish in time");
    }
}

/// Waits until the server is shutting down and the client has had enough time to send or read.
async fn out_of_patience(mut stop: watch::Receiver<bool>, activity: &Activity) {
    drop(stop.wait_for(|stop| *stop).await);
    tokio::time::sleep(CLIENT_GRACE).await;
    while !activity.waits_for_client() {
        tokio::time::sleep(ACCEPT_BACKOFF).await;
    }
}

fn serve_connection(
    stream: TcpStream,
    peer: IpAddr,
    router: &Router,
    handle: &Handle,
    pressure: &Arc<Pressure>,
) -> impl GracefulConnection<Error = hyper::Error> + Send + use<> {
    let router = router.clone();
    let handle = handle.clone();
    let activity = Arc::clone(handle.activity());
    let stream = Paced::new(stream, Arc::clone(&activity), Arc::clone(pressure));
    let service = service_fn(move |request: Request<Incoming>| {
        let mut request =
            request.map(|body| Body::new(WatchedBody::new(Body::new(body), Arc::clone(&activity))));
        request.extensions_mut().insert(Peer(peer));
        request.extensions_mut().insert(handle.clone());
        let response = router.clone().oneshot(request);
        let activity = Arc::clone(&activity);
        async move {
            // A request that waits behind an answer which is not read yet does not get here.
            let running = activity.begin();
            let response = response.await;
            drop(running);
            response
        }
    });
    http1::Builder::new()
        .timer(TokioTimer::new())
        .header_read_timeout(HEADER_TIMEOUT)
        .max_headers(MAX_HEADERS)
        .max_buf_size(MAX_BUFFER)
        .serve_connection(TokioIo::new(stream), service)
}

#[cfg(test)]
mod tests;
