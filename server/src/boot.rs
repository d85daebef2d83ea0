//! From settings to a running server.

use std::fs;
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use axum::http::HeaderValue;
use crystallum_api::SignUp;
use thiserror::Error;
use tokio::net::TcpListener;
use tokio::sync::{Mutex, watch};
use tokio::task::JoinHandle;

use crate::app::App;
use crate::ceremonies::Ceremonies;
use crate::clock::Clock;
use crate::limits::Limits;
use crate::listener;
use crate::origin::{Origin, OriginError};
use crate::passkeys::Passkeys;
use crate::router::router;
use crate::session::Lifetime;
use crate::settings::Settings;
use crate::statics::Statics;
use crate::store::Store;
use crate::vault::Quotas;

/// Why the server did not start.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StartError {
    /// The address can be reached from elsewhere, and nothing encrypts the way.
    #[error(
        "{0} can be reached from other machines, but this server does not encrypt by itself. Listen on 127.0.0.1, or put a \
         proxy that ends TLS before it and name the proxy's address with --trusted-proxy."
    )]
    Unencrypted(SocketAddr),
    /// The origin is none.
    #[error("--origin {0} cannot be used: {1}.")]
    Origin(String, OriginError),
    /// There is no app in the folder.
    #[error("{0} has no index.html: build the app first, or name the folder it was built to with --app.")]
    NoApp(PathBuf),
    /// Somebody else listens on the port.
    #[error("Port {0} is in use; stop what uses it, or choose another with --listen.")]
    PortInUse(u16),
    /// The address cannot be listened on.
    #[error("{0} cannot be listened on: {1}")]
    Listen(SocketAddr, io::Error),
    /// The data folder cannot be used.
    #[error(transparent)]
    Data(#[from] DataError),
    /// The database cannot be opened.
    #[error("the database cannot be opened: {0}")]
    Database(#[from] sqlx::migrate::MigrateError),
}

impl StartError {
    /// The exit code of the process.
    pub fn exit_code(&self) -> u8 {
        match self {
            Self::Unencrypted(_) | Self::Origin(..) | Self::NoApp(_) => 2,
            Self::PortInUse(_) => 3,
            Self::Listen(..) | Self::Data(_) | Self::Database(_) => 1,
        }
    }
}

/// The data folder cannot be used.
#[derive(Debug, Error)]
#[error("the data folder {0} cannot be used: {1}")]
pub struct DataError(PathBuf, io::Error);

/// A running server.
pub struct Server {
    address: SocketAddr,
    origin: String,
    stop: watch::Sender<bool>,
    task: JoinHandle<()>,
}

impl Server {
    /// Starts listening; returns when the first request would be answered.
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
        let listener = TcpListener::bind(listen).await.map_err(|error| match error.kind() {
            io::ErrorKind::AddrInUse => StartError::PortInUse(listen.port()),
            _ => StartError::Listen(listen, error),
        })?;
        let address = listener.local_addr().map_err(|error| StartError::Listen(listen, error))?;
        let app = Arc::new(build(&settings, origin(address.port())?, clock).await?);
        let origin = app.origin.to_str().unwrap_or_default().to_owned();
        tracing::info!(%address, origin, "started");
        let (stop, stopped) = watch::channel(false);
        let proxies: Vec<IpAddr> = if listen.ip().is_loopback() { Vec::new() } else { app.proxies.clone() };
        let task = tokio::spawn(async move {
            listener::serve(listener, router(Arc::clone(&app)), proxies, stopped).await;
            app.store.close().await;
            tracing::info!("stopped");
        });
        Ok(Self { address, origin, stop, task })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The origin that may use it.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Stops accepting connections, lets running requests finish and closes the database.
    pub async fn stop(self) {
        self.stop.send_replace(true);
        if self.task.await.is_err() {
            tracing::error!("the server did not end well");
        }
    }
}

/// Makes the data folder, readable by its owner only.
pub(crate) fn prepare(data: &Path) -> Result<(), DataError> {
    let failed = |error| DataError(data.to_owned(), error);
    fs::create_dir_all(data).map_err(failed)?;
    let empty = fs::read_dir(data).map_err(failed)?.next().is_none();
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

/// Everything a request may use.
pub(crate) async fn build(settings: &Settings, origin: Origin, clock: Clock) -> Result<App, StartError> {
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
    prepare(&settings.data)?;
    Ok(App {
        store: Store::open(&settings.data).await?,
        passkeys,
        ceremonies: Ceremonies::default(),
        creating: Mutex::new(()),
        limits: Limits::new(&clock, settings.rate_scale),
        quotas: Quotas { records: settings.quota_records.into(), bytes: settings.quota_bytes.into() },
        lifetime: Lifetime { idle: settings.session_idle.into(), life: settings.session_life.into() },
        sign_up: settings.sign_up.unwrap_or(usual),
        encrypted: origin.is_encrypted(),
        origin: header,
        proxies: settings.trusted_proxies.iter().map(IpAddr::to_canonical).collect(),
        statics,
        clock,
    })
}
