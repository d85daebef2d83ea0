use std::path::{Path, PathBuf};
use std::sync::atomic::AtomicU64;
use std::time::Duration;

use axum::http::{Method, StatusCode};
use crystallum_api::{Code, Endpoint};
use prometheus_client::encoding::EncodeLabelSet;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::Registry;

use crate::http::layers::method_name;
use crate::http::metrics::load::Load;

/// The upper bounds of the histogram buckets, in seconds.
const SECONDS: [f64; 11] = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

type FloatGauge = Gauge<f64, AtomicU64>;

/// All metrics of the server.
pub(crate) struct Metrics {
    pub(super) data: PathBuf,
    pub(super) registry: Registry,
    requests: Family<Request, Counter>,
    seconds: Family<Route, Histogram>,
    logins: Family<Login, Counter>,
    commits: Family<Outcome, Counter>,
    pub(super) database: Family<Access, FloatGauge>,
    pub(super) available: Gauge,
    pub(super) bytes: Family<File, Gauge>,
    pub(super) accounts: Gauge,
    pub(super) sessions: Gauge,
    pub(super) stores: Family<Store, Gauge>,
    pub(super) pending: Family<Store, Gauge>,
    pub(super) disk_used: Gauge,
    pub(super) problems: Family<ProblemName, Gauge>,
    pub(super) memory: Gauge,
    pub(super) handles: Gauge,
    pub(super) load: Load,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    method: &'static str,
    route: String,
    status: u16,
    /// The error code as it appears in the API, or an empty string for a success.
    code: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    route: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Login {
    way: &'static str,
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Outcome {
    outcome: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Access {
    pub(super) access: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct File {
    pub(super) file: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct Store {
    pub(super) store: u8,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
pub(super) struct ProblemName {
    pub(super) problem: &'static str,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Build {
    version: &'static str,
}

impl Metrics {
    /// Creates all metrics with the value zero.
    pub(crate) fn new(data: &Path) -> Self {
        let metrics = Self {
            data: data.to_owned(),
            registry: Registry::default(),
            requests: Family::default(),
            seconds: Family::new_with_constructor(|| Histogram::new(SECONDS)),
            logins: Family::default(),
            commits: Family::default(),
            database: Family::default(),
            available: Gauge::default(),
            bytes: Family::default(),
            accounts: Gauge::default(),
            sessions: Gauge::default(),
            stores: Family::default(),
            pending: Family::default(),
            disk_used: Gauge::default(),
            problems: Family::default(),
            memory: Gauge::default(),
            handles: Gauge::default(),
            load: Load::default(),
        };
        metrics.register_all()
    }

    fn register_all(mut self) -> Self {
        let all = &mut self.registry;
        let build = Family::<Build, Gauge>::default();
        build.get_or_create(&Build { version: env!("CARGO_PKG_VERSION") }).set(1);
        all.register("crystallum_build_info", "Version of the server", build);
        let ours = all.sub_registry_with_prefix("crystallum");
        ours.register("requests", "Requests that were answered", self.requests.clone());
        ours.register("request_seconds", "Time until the answer", self.seconds.clone());
        ours.register("logins", "Attempts to sign in", self.logins.clone());
        ours.register("commits", "Writes that were tried", self.commits.clone());
        let what = "Time that a read and a write of the database take now, waiting included";
        ours.register("database_seconds", what, self.database.clone());
        ours.register("database_available", "Whether the database answers", self.available.clone());
        ours.register("database_bytes", "Sizes of the database's files", self.bytes.clone());
        ours.register("accounts", "Accounts", self.accounts.clone());
        ours.register("sessions", "Living sessions", self.sessions.clone());
        ours.register("store_available", "Whether a store of shares can be used", self.stores.clone());
        ours.register("shares_pending", "Shares that no commit has named yet", self.pending.clone());
        ours.register("disk_used_bytes", "What counts towards the quota of the disk", self.disk_used.clone());
        ours.register("problem", "Whether something is wrong at the moment", self.problems.clone());
        self.load.register(ours);
        all.register("process_resident_memory_bytes", "Memory of the process", self.memory.clone());
        all.register("process_open_fds", "Open files and connections", self.handles.clone());
        self
    }

    /// Counts a completed request.
    pub(super) fn record_request(
        &self,
        method: &Method,
        route: &str,
        status: StatusCode,
        code: Option<Code>,
        took: Duration,
    ) {
        let labels = Request {
            method: method_name(method),
            route: route.to_owned(),
            status: status.as_u16(),
            code: code.map_or_else(String::new, code_name),
        };
        self.requests.get_or_create(&labels).inc();
        self.seconds.get_or_create(&Route { route: route.to_owned() }).observe(took.as_secs_f64());
        let ok = status.is_success();
        let way = if route == Endpoint::Login.path() {
            Some("passkey")
        } else if route == Endpoint::RecoveryLogin.path() {
            Some("recovery")
        } else {
            None
        };
        if let Some(way) = way {
            let outcome = if ok { "ok" } else { "refused" };
            self.logins.get_or_create(&Login { way, outcome }).inc();
        }
        let commits = [Endpoint::Commit, Endpoint::ChangeSignInMethods, Endpoint::PutBack];
        if commits.iter().any(|endpoint| route == endpoint.path()) {
            let outcome = match code {
                _ if ok => "done",
                Some(Code::Conflict) => "conflict",
                _ => "refused",
            };
            self.commits.get_or_create(&Outcome { outcome }).inc();
        }
    }
}

/// Returns a code's name as it appears in the API.
fn code_name(code: Code) -> String {
    serde_json::to_value(code).ok().and_then(|name| name.as_str().map(str::to_owned)).unwrap_or_default()
}
