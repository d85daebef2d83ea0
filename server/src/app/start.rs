//! Starts a server from its settings.

use std::fs::{self, TryLockError};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use axum::http::HeaderValue;
use crystallum_api::SignUp;
use sqlx::migrate::MigrateError;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, watch};
use tokio::task::JoinHandle;

use crate::app::clock::Clock;
use crate::app::listener;
use crate::app::lock::{self, DataLock};
use crate::app::origin::{Origin, OriginError};
use crate::app::settings::Settings;
use crate::app::state::App;
use crate::auth::ceremonies::Ceremonies;
use crate::auth::passkeys::Passkeys;
use crate::auth::session::Lifetime;
use crate::http::limits::Limits;
use crate::http::metrics::{self, Metrics};
use crate::http::router::router;
use crate::http::statics::Statics;
use crate::shares::{self, Stores};
use crate::store::Database;
use crate::vault::Quotas;

/// Why the server did not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address is reachable from other machines, and nothing encrypts the connection.
    #[error(
        "{0} can be reached from other machines, but this server does not encrypt by itself. Listen on 127.0.0.1, or put a \
         proxy that ends TLS before it and name the proxy's address with --trusted-proxy."
    )]
    Unencrypted(SocketAddr),
    /// The origin is not valid.
    #[error("--origin {0} cannot be used: {1}.")]
    Origin(String, OriginError),
    /// The app folder contains no app.
    #[error("{0} has no index.html: build the app first, or name the folder it was built to with --app.")]
    NoApp(PathBuf),
    /// Another process listens on the port.
    #[error("Port {0} is in use; stop what uses it, or choose another with --listen.")]
    PortInUse(u16),
    /// The server cannot listen on the address.
    #[error("{0} cannot be listened on: {1}")]
    Listen(SocketAddr, io::Error),
    /// The metrics would be readable from other machines.
    #[error("--metrics {0} can be reached from other machines; use 127.0.0.1, or [::1].")]
    MetricsReachable(SocketAddr),
    /// Another server uses the data folder.
    #[error(
        "The data folder {0} is in use by another server; stop that one, or choose another folder with --data."
    )]
    DataInUse(PathBuf),
    /// The data folder cannot be used.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The database cannot be opened.
    #[error("the database cannot be opened: {0}")]
    Database(#[from] MigrateError),
}

impl StartError {
    /// Returns the exit code of the process.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Unencrypted(_) | Self::Origin(..) | Self::NoApp(_) | Self::MetricsReachable(_) => 2,
            Self::PortInUse(_) | Self::DataInUse(_) => 3,
            Self::Listen(..) | Self::Data(_) | Self::Database(_) => 1,
        }
    }
}

/// The error for a data folder that cannot be used.
#[derive(Debug, Error)]
#[error("the data folder {0} cannot be used: {1}")]
pub struct DataError(PathBuf, io::Error);

/// A running server.
pub struct Server {
    address: SocketAddr,
    metrics: Option<SocketAddr>,
    origin: String,
    app: Arc<App>,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

/// The time between two sweeps of the share stores.
const SWEEP_INTERVAL: Duration = Duration::from_secs(3_600);

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
        let listener = bind(listen).await?;
        let metrics_listener = match settings.metrics {
            Some(address) => Some(bind(address).await?),
            None => None,
        };
        let address = listener.local_addr().map_err(|error| StartError::Listen(listen, error))?;
        let metrics = metrics_listener.as_ref().and_then(|listener| listener.local_addr().ok());
        let app = Arc::new(build_app(&settings, origin(address.port())?, clock).await?);
        let origin = app.origin.to_str().unwrap_or_default().to_owned();
        tracing::info!(%address, origin, "started");
        let (stop, stopped) = watch::channel(false);
        let proxies: Vec<IpAddr> = if listen.ip().is_loopback() { Vec::new() } else { app.proxies.clone() };
        let running = Arc::clone(&app);
        let task = tokio::spawn(async move {
            let service = router(Arc::clone(&running));
            tokio::join!(
                listener::serve(listener, service, proxies, stopped.clone()),
                serve_metrics(metrics_listener, Arc::clone(&running), stopped.clone()),
                sweep_every_hour(&running, stopped)
            );
            running.database.close().await;
            running.lock.release();
            tracing::info!("stopped");
        });
        Ok(Self { address, metrics, origin, app, stop, task })
    }

    /// Runs the hourly sweep now: reconciles the share stores with the main database.
    pub async fn sweep(&self) {
        sweep(&self.app).await;
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

    /// Stops accepting connections, lets running requests finish, and closes the database.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if self.task.await.is_err() {
            tracing::error!("the server did not end well");
        }
    }
}

async fn bind(address: SocketAddr) -> Result<TcpListener, StartError> {
    TcpListener::bind(address).await.map_err(|error| match error.kind() {
        io::ErrorKind::AddrInUse => StartError::PortInUse(address.port()),
        _ => StartError::Listen(address, error),
    })
}

async fn serve_metrics(listener: Option<TcpListener>, app: Arc<App>, stopped: watch::Receiver<bool>) {
    if let Some(listener) = listener {
        listener::serve(listener, metrics::router(app), Vec::new(), stopped).await;
    }
}

async fn sweep(app: &App) {
    shares::sweep(&app.stores, &app.database, app.clock.unix()).await;
}

/// Sweeps at the start and then every hour until the server stops. A sweep that has started runs to
/// completion.
async fn sweep_every_hour(app: &App, mut stopped: watch::Receiver<bool>) {
    loop {
        sweep(app).await;
        let stop = stopped.wait_for(|stop| *stop);
        if tokio::time::timeout(SWEEP_INTERVAL, stop).await.is_ok() {
            return;
        }
    }
}

/// Creates the data folder, readable only by its owner.
pub(crate) fn prepare_data_folder(data: &Path) -> Result<(), DataError> {
    let failed = |error| DataError(data.to_owned(), error);
    fs::create_dir_all(data).map_err(failed)?;
    let is_foreign = |entry: &io::Result<fs::DirEntry>| {
        !entry.as_ref().is_ok_and(|entry| entry.file_name() == lock::FILE_NAME)
    };
    let empty = !fs::read_dir(data).map_err(failed)?.any(|entry| is_foreign(&entry));
    if !empty && !data.join("vault.db").exists() {
        return Err(failed(io::Error::other(
            "it holds other files; name an empty folder or one of this server's",
        )));
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(data, fs::Permissions::from_mode(0o700)).map_err(failed)?;
    }
    Ok(())
}

/// Locks the data folder for this server.
fn lock_data_folder(data: &Path) -> Result<DataLock, StartError> {
    DataLock::acquire(data).map_err(|error| match error {
        TryLockError::WouldBlock => StartError::DataInUse(data.to_owned()),
        TryLockError::Error(error) => DataError(data.to_owned(), error).into(),
    })
}

/// Builds the state shared by all request handlers.
pub(crate) async fn build_app(settings: &Settings, origin: Origin, clock: Clock) -> Result<App, StartError> {
    let failed = |why| StartError::Origin(settings.origin.clone(), why);
    let statics = match &settings.app {
        Some(folder) if !folder.join("index.html").is_file() => {
            return Err(StartError::NoApp(folder.clone()));
        }
        folder => folder.clone().map(Statics::new),
    };
    let private = settings.listen.ip().is_loopback() && origin.is_local();
    let usual = if private { SignUp::Open } else { SignUp::Invite };
    let passkeys = Passkeys::new(&origin).map_err(|_| failed(OriginError::Malformed))?;
    let header = HeaderValue::try_from(origin.header()).map_err(|_| failed(OriginError::Malformed))?;
    prepare_data_folder(&settings.data)?;
    let lock = lock_data_folder(&settings.data)?;
    let database = Database::open(&settings.data).await?;
    Ok(App {
        stores: Stores::open(&settings.data, &database).await.map_err(MigrateError::from)?,
        database,
        lock,
        passkeys,
        ceremonies: Ceremonies::default(),
        account_creation: Mutex::new(()),
        limits: Limits::new(&clock, settings.rate_scale),
        quotas: Quotas { records: settings.quota_records.into(), bytes: settings.quota_bytes.into() },
        lifetime: Lifetime { idle: settings.session_idle.into(), max_age: settings.session_life.into() },
        sign_up: settings.sign_up.unwrap_or(usual),
        encrypted: origin.is_encrypted(),
        host: origin.host().to_owned(),
        origin: header,
        proxies: settings.trusted_proxies.iter().map(IpAddr::to_canonical).collect(),
        statics,
        metrics: settings.metrics.map(|_| Metrics::new(&settings.data)),
        clock,
    })
}
