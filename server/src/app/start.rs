//! Starts and stops a server.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use crystallum_api::Condition;
use socket2::SockRef;
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;
use tokio::task::JoinHandle;

use crate::app::build::build_app;
use crate::app::capacity::{MAX_SEGMENT, RECEIVE_BUFFER, SEND_BUFFER};
use crate::app::clock::Clock;
use crate::app::crowd::{Crowd, CrowdLimits};
use crate::app::error::{Crashed, StartError};
use crate::app::listener::{self, Gate};
use crate::app::logs::report_left_out;
use crate::app::origin::Origin;
use crate::app::settings::Settings;
use crate::app::state::App;
use crate::app::{log_clearing, monitor};
use crate::http::metrics::serve as metrics;
use crate::http::router::router;
use crate::vault::deletion;

/// A running server.
pub struct Server {
    address: SocketAddr,
    metrics: Option<SocketAddr>,
    origin: String,
    pub(super) app: Arc<App>,
    stop: watch::Sender<bool>,
    pub(super) task: JoinHandle<()>,
}

/// How many connections may wait to be accepted, as in the standard library's listener.
const BACKLOG: u32 = 1_024;
/// The time between two sweeps of the share stores.
const SWEEP_INTERVAL: Duration = Duration::from_secs(3_600);

/// Ends the streams of hints when the server stops, since their clients would not end them.
async fn close_hints(app: &App, mut stopped: watch::Receiver<bool>) {
    drop(stopped.wait_for(|stopped| *stopped).await);
    app.hints.close();
}

impl Server {
    /// Starts a server and returns once it accepts requests.
    pub async fn start(settings: Settings, clock: Clock) -> Result<Self, StartError> {
        let Settings { listen, .. } = settings;
        if !listen.ip().is_loopback() && settings.trusted_proxies.is_empty() {
            return Err(StartError::Unencrypted(listen));
        }
        let origin = |port| {
            Origin::parse(&settings.origin, port)
                .map_err(|why| StartError::Origin(settings.origin.clone(), why))
        };
        origin(listen.port())?;
        if let Some(metrics) = settings.metrics.filter(|metrics| !metrics.ip().is_loopback()) {
            return Err(StartError::MetricsReachable(metrics));
        }
        let listener = bind(listen)?;
        let metrics_listener = match settings.metrics {
            Some(address) => Some(bind(address)?),
            None => None,
        };
        let address = listener.local_addr().map_err(|error| StartError::Listen(listen, error))?;
        let metrics = metrics_listener.as_ref().and_then(|listener| listener.local_addr().ok());
        let app = Arc::new(build_app(&settings, origin(address.port())?, clock).await?);
        let origin = app.origin.to_str().unwrap_or_default().to_owned();
        tracing::info!(%address, origin, "started");
        let (stop, stopped) = watch::channel(false);
        let gate = server_gate(&app, !listen.ip().is_loopback());
        let running = Arc::clone(&app);
        let task = tokio::spawn(async move {
            let service = router(Arc::clone(&running));
            tokio::join!(
                listener::serve(listener, service, gate, stopped.clone()),
                serve_metrics(metrics_listener, Arc::clone(&running), stopped.clone()),
                monitor::run(&running, stopped.clone()),
                deletion::run(&running, stopped.clone()),
                log_clearing::run(&running, stopped.clone()),
                close_hints(&running, stopped.clone()),
                sweep_every_hour(&running, stopped)
            );
            running.stores.clear_stale_logs().await;
            running.database.close().await;
            running.lock.release();
            report_left_out(true);
            tracing::info!("stopped");
        });
        Ok(Self { address, metrics, origin, app, stop, task })
    }

    /// Returns the address the server listens on.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// Returns the address of the Prometheus metrics, if they are enabled.
    pub fn metrics(&self) -> Option<SocketAddr> {
        self.metrics
    }

    /// Returns the only origin that may use the server.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Serves until `shutdown` is over, and then stops.
    pub async fn run_until(mut self, shutdown: impl Future<Output = ()>) -> Result<(), Crashed> {
        tokio::select! {
            // The task ends only when it is told to, or when it panics.
            _ = &mut self.task => {
                tracing::error!("the server did not end well");
                return Err(Crashed);
            }
            () = shutdown => {}
        }
        self.end().await
    }

    /// Stops accepting connections, lets running requests finish, and closes the database.
    pub async fn stop(self) {
        // Whoever stops the server can do nothing about it; it is logged.
        drop(self.end().await);
    }

    async fn end(self) -> Result<(), Crashed> {
        self.stop.send_replace(true);
        self.task.await.map_err(|_| {
            tracing::error!("the server did not end well");
            Crashed
        })
    }
}

fn bind(address: SocketAddr) -> Result<TcpListener, StartError> {
    listen(address).map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => StartError::PortInUse(address.port()),
        _ => StartError::Listen(address, error),
    })
}

/// Listens with small buffers. The system would otherwise let each connection use megabytes, which
/// count as the server's memory, and report a client's progress in steps as large.
fn listen(address: SocketAddr) -> io::Result<TcpListener> {
    let socket = if address.is_ipv4() { TcpSocket::new_v4()? } else { TcpSocket::new_v6()? };
    #[cfg(unix)]
    socket.set_reuseaddr(true)?;
    socket.set_send_buffer_size(SEND_BUFFER)?;
    socket.set_recv_buffer_size(RECEIVE_BUFFER)?;
    #[cfg(unix)]
    SockRef::from(&socket).set_tcp_mss(MAX_SEGMENT)?;
    socket.bind(address)?;
    socket.listen(BACKLOG)
}

async fn serve_metrics(listener: Option<TcpListener>, app: Arc<App>, stopped: watch::Receiver<bool>) {
    if let Some(listener) = listener {
        let gate = Gate {
            connections: Crowd::new(CrowdLimits::METRICS, Condition::Connections, &app.pressure),
            proxies: Vec::new(),
            proxies_only: false,
            reports: Arc::clone(&app.proxy_reports),
            pressure: Arc::clone(&app.pressure),
            problems: Arc::clone(&app.problems),
        };
        listener::serve(listener, metrics::router(app), gate, stopped).await;
    }
}

/// Returns who may connect to the server's port.
fn server_gate(app: &App, proxies_only: bool) -> Gate {
    Gate {
        connections: Arc::clone(&app.connections),
        proxies: app.proxies.clone(),
        proxies_only,
        reports: Arc::clone(&app.proxy_reports),
        pressure: Arc::clone(&app.pressure),
        problems: Arc::clone(&app.problems),
    }
}

async fn sweep(app: &App) {
    app.sweeper().record_and_sweep().await;
}

/// Sweeps at the start and then every hour until the server stops. A sweep that has started runs to
/// completion.
async fn sweep_every_hour(app: &App, mut stopped: watch::Receiver<bool>) {
    // The start itself has told the stores of the main database.
    app.sweeper().sweep().await;
    loop {
        let stop = stopped.wait_for(|stop| *stop);
        if tokio::time::timeout(SWEEP_INTERVAL, stop).await.is_ok() {
            return;
        }
        sweep(app).await;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_buffer_holds_many_segments_also_on_one_machine() {
        let listener = listen(SocketAddr::from(([127, 0, 0, 1], 0))).unwrap();
        let client = tokio::net::TcpStream::connect(listener.local_addr().unwrap()).await.unwrap();
        let (accepted, _) = listener.accept().await.unwrap();
        for end in [&client, &accepted] {
            assert!(SockRef::from(end).tcp_mss().unwrap() <= MAX_SEGMENT);
        }
    }
}
