use std::sync::Arc;

use axum::http::HeaderValue;
use crystallum_api::{Id, RemainingQuota, SignUp};
use tokio::sync::Mutex;

use crate::app::clock::Clock;
use crate::app::crowd::Crowd;
use crate::app::hints::Hints;
use crate::app::lock::DataLock;
use crate::app::network::Network;
use crate::app::pressure::Pressure;
use crate::app::problems::{Problem, Problems};
use crate::app::proxy_reports::ProxyReports;
use crate::app::pseudonyms::Pseudonyms;
use crate::auth::ceremonies::Ceremonies;
use crate::auth::cookie::SessionCookie;
use crate::auth::ended_sessions::EndedSessions;
use crate::auth::lifetime::Lifetime;
use crate::auth::passkeys::Passkeys;
use crate::auth::recent_sessions::RecentSessions;
use crate::auth::vault_sessions::VaultSessions;
use crate::http::limits::Limits;
use crate::http::memory::Memory;
use crate::http::metrics::registry::Metrics;
use crate::http::statics::Statics;
use crate::shares::stores::Stores;
use crate::shares::sweep::Sweeper;
use crate::store::accounts::Account;
use crate::store::database::Database;
use crate::store::read_probe::ReadProbe;
use crate::vault::deletion::asked::Deletions;
use crate::vault::disk_quota::DiskQuota;
use crate::vault::quota::Quotas;
use crate::vault::states::States;
use crate::vault::turns::{ReadTurns, Turns};

/// The state shared by all request handlers.
pub(crate) struct App {
    pub(crate) clock: Clock,
    /// What is wrong at the moment.
    pub(crate) problems: Arc<Problems>,
    pub(crate) database: Database,
    /// Whether the database can be read.
    pub(crate) read_probe: ReadProbe,
    pub(crate) stores: Stores,
    /// The lock that keeps other servers out of the data folder.
    pub(crate) lock: DataLock,
    pub(crate) passkeys: Passkeys,
    pub(crate) ceremonies: Ceremonies,
    /// Serialises account creation, so that a repeated request finds the account the first one
    /// created.
    pub(crate) account_creation: Arc<Mutex<()>>,
    pub(crate) limits: Limits,
    /// The sessions that were valid a moment ago, which no limit of a network applies to.
    pub(crate) recent_sessions: RecentSessions,
    /// The sessions that were opened with the vault's key.
    pub(crate) vault_sessions: VaultSessions,
    /// The sessions that were ended and are not deleted yet.
    pub(crate) ended_sessions: EndedSessions,
    /// The pseudonyms of accounts for the log. Without randomness, accounts are not logged.
    pub(crate) pseudonyms: Option<Pseudonyms>,
    pub(crate) quotas: Quotas,
    /// The space for all accounts.
    pub(crate) disk_quota: DiskQuota,
    /// The devices that are told of changes.
    pub(crate) hints: Arc<Hints>,
    /// Verified states of the accounts that wrote last.
    pub(crate) states: Arc<States>,
    /// The deleted accounts that still have rows.
    pub(crate) deletions: Deletions,
    /// The order in which accounts write.
    pub(crate) turns: Turns,
    /// The order in which accounts read what may be large.
    pub(crate) read_turns: ReadTurns,
    pub(crate) lifetime: Lifetime,
    pub(crate) sign_up: SignUp,
    /// The only `Origin` header value that is allowed to write.
    pub(crate) origin: HeaderValue,
    /// The host of the origin, which is also the RP id.
    pub(crate) host: String,
    /// The session cookie of the origin.
    pub(crate) cookie: SessionCookie,
    /// Whether browsers reach this server over TLS.
    pub(crate) encrypted: bool,
    pub(crate) proxies: Vec<Network>,
    pub(crate) proxy_reports: Arc<ProxyReports>,
    pub(crate) connections: Arc<Crowd>,
    pub(crate) requests: Arc<Crowd>,
    /// The limits that turn work away.
    pub(crate) pressure: Arc<Pressure>,
    /// How much memory requests and answers may use.
    pub(crate) memory: Memory,
    pub(crate) statics: Option<Statics>,
    /// The metrics, if they are enabled.
    pub(crate) metrics: Option<Metrics>,
}

impl App {
    /// Returns the names of the problems that last.
    pub(crate) fn current_problems(&self) -> Vec<&'static str> {
        match self.stores.failing().as_slice() {
            [] => self.problems.end(Problem::StoreUnavailable),
            failing => self.problems.begin(Problem::StoreUnavailable, format_args!("stores {failing:?}")),
        }
        if self.proxy_reports.refuses() {
            self.problems.begin(Problem::ProxyRefused, "the line \"refused a connection\" names the address");
        } else {
            self.problems.end(Problem::ProxyRefused);
        }
        self.problems.names()
    }

    /// Returns what a sweep of the share stores needs.
    pub(crate) fn sweeper(&self) -> Sweeper<'_> {
        let Self { stores, database, problems, turns, clock, .. } = self;
        Sweeper { stores, database, problems, turns, now: clock.unix() }
    }

    /// Returns what an account may still use.
    pub(crate) fn remaining(&self, account: &Account) -> RemainingQuota {
        self.disk_quota.limit(self.quotas.remaining(account))
    }

    /// Records the account's pseudonym in the span of the current request.
    pub(crate) fn note_account(&self, account: Id) {
        if let Some(pseudonyms) = &self.pseudonyms {
            tracing::Span::current().record("account", pseudonyms.of(account));
        }
    }
}
