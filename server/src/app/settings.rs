use std::net::{Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use crystallum_api::SignUp;

use crate::app::network::Network;

/// The settings of a server.
#[derive(Clone, Debug)]
pub struct Settings {
    /// The data folder. It is created if it is missing, readable only by its owner.
    pub data: PathBuf,
    /// The address to listen on. Port 0 lets the system choose.
    pub listen: SocketAddr,
    /// The origin at which browsers use this server. Port 0 stands for the port that was bound.
    pub origin: String,
    /// The folder of the built app with its `index.html`. Without it, only `/api` is served.
    pub app: Option<PathBuf>,
    /// Who may create a vault. By default anyone may if only the local machine can reach the
    /// server, otherwise an invitation is needed.
    pub sign_up: Option<SignUp>,
    /// Proxies that terminate TLS for this server. Their `X-Forwarded-For` header is trusted.
    pub trusted_proxies: Vec<Network>,
    /// How many seconds without a request end a session.
    pub session_idle: u32,
    /// How many seconds a session lasts at most.
    pub session_life: u32,
    /// How many live records an account may have.
    pub quota_records: u32,
    /// How many bytes an account may store.
    pub quota_bytes: u32,
    /// How many bytes all accounts together may use of the disk.
    pub quota_disk: u64,
    /// How many entries a vault may have: records, deleted ones included, devices, sign-in methods
    /// and shares. The memory that the server may use grows with it.
    pub vault_entries: u64,
    /// The factor by which every rate limit is multiplied.
    pub rate_scale: u32,
    /// The address at which Prometheus reads the metrics, reachable only from the local machine.
    /// Without it, there are no metrics.
    pub metrics: Option<SocketAddr>,
}

impl Settings {
    /// Returns settings for local use: any free port of the loopback address, with the origin
    /// `http://localhost:PORT`.
    pub fn local(data: impl Into<PathBuf>) -> Self {
        Self {
            data: data.into(),
            listen: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            origin: "http://localhost:0".to_owned(),
            app: None,
            sign_up: None,
            trusted_proxies: Vec::new(),
            session_idle: Self::SESSION_IDLE,
            session_life: Self::SESSION_LIFE,
            quota_records: Self::QUOTA_RECORDS,
            quota_bytes: Self::QUOTA_BYTES,
            quota_disk: Self::QUOTA_DISK,
            vault_entries: Self::VAULT_ENTRIES,
            rate_scale: 1,
            metrics: None,
        }
    }

    /// The default for `session_idle`: one hour.
    pub const SESSION_IDLE: u32 = 3_600;
    /// The default for `session_life`: twelve hours.
    pub const SESSION_LIFE: u32 = 43_200;
    /// The default for `quota_records`.
    pub const QUOTA_RECORDS: u32 = 20_000;
    /// The default for `quota_bytes`: 256 MiB.
    pub const QUOTA_BYTES: u32 = 268_435_456;
    /// The default for `quota_disk`: 10 GiB.
    pub const QUOTA_DISK: u64 = 10 << 30;
    /// The default for `vault_entries`. A vault of 10,000 records has a quarter of it.
    pub const VAULT_ENTRIES: u64 = 40_000;
}
