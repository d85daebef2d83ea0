use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::path::PathBuf;

use crystallum_api::SignUp;

/// Everything that can be set.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Folder of the database; made when missing, readable by its owner only.
    pub data: PathBuf,
    /// Where to listen; port 0 lets the system choose.
    pub listen: SocketAddr,
    /// The origin under which browsers see this server. A port of 0 stands for the port that was bound.
    pub origin: String,
    /// Folder of the built app, with its `index.html`; without one only `/api` answers.
    pub app: Option<PathBuf>,
    /// Who may make a vault; without a choice, everybody when the server is reachable from this machine only, else the invited.
    pub sign_up: Option<SignUp>,
    /// Proxies that end TLS before this server; their `X-Forwarded-For` is believed.
    pub trusted_proxies: Vec<IpAddr>,
    /// Seconds without a request after which a session ends.
    pub session_idle: u32,
    /// Seconds after which a session ends in any case.
    pub session_life: u32,
    /// Live records an account may have.
    pub quota_records: u32,
    /// Bytes an account may store.
    pub quota_bytes: u32,
    /// Multiplies every rate limit.
    pub rate_scale: u32,
    /// Where Prometheus finds its numbers, an address that only this machine reaches; nowhere without one.
    pub metrics: Option<SocketAddr>,
}

impl Settings {
    /// Settings for one machine: any free port of the loopback address, seen as `http://localhost:PORT`.
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
            rate_scale: 1,
            metrics: None,
        }
    }

    /// One hour.
    pub const SESSION_IDLE: u32 = 3_600;
    /// Twelve hours.
    pub const SESSION_LIFE: u32 = 43_200;
    /// Twenty thousand.
    pub const QUOTA_RECORDS: u32 = 20_000;
    /// 256 MiB.
    pub const QUOTA_BYTES: u32 = 268_435_456;
}
