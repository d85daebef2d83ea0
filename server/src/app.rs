use std::net::IpAddr;

use axum::http::HeaderValue;
use crystallum_api::SignUp;
use tokio::sync::Mutex;

use crate::ceremonies::Ceremonies;
use crate::clock::Clock;
use crate::limits::Limits;
use crate::lock::DataLock;
use crate::metrics::Metrics;
use crate::passkeys::Passkeys;
use crate::session::Lifetime;
use crate::shares::Stores;
use crate::statics::Statics;
use crate::store::Database;
use crate::vault::Quotas;

/// What every request may use.
pub(crate) struct App {
    pub(crate) clock: Clock,
    pub(crate) database: Database,
    pub(crate) stores: Stores,
    /// What keeps other servers out of the data folder.
    pub(crate) lock: DataLock,
    pub(crate) passkeys: Passkeys,
    pub(crate) ceremonies: Ceremonies,
    /// Accounts are made one at a time, so a repeated request finds what the first one made.
    pub(crate) account_creation: Mutex<()>,
    pub(crate) limits: Limits,
    pub(crate) quotas: Quotas,
    pub(crate) lifetime: Lifetime,
    pub(crate) sign_up: SignUp,
    /// The only value of the `Origin` header that may write.
    pub(crate) origin: HeaderValue,
    /// The host of the origin: the RP id.
    pub(crate) host: String,
    /// Whether browsers see this server under TLS.
    pub(crate) encrypted: bool,
    pub(crate) proxies: Vec<IpAddr>,
    pub(crate) statics: Option<Statics>,
    /// What is counted, where somebody wants to know.
    pub(crate) metrics: Option<Metrics>,
}
