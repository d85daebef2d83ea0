use std::fs::TryLockError;
use std::path::Path;
use std::sync::Arc;

use axum::http::HeaderValue;
use crystallum_api::{Condition, SignUp};
use sqlx::migrate::MigrateError;

use crate::app::capacity::{self, connections_within};
use crate::app::clock::Clock;
use crate::app::crowd::{Crowd, CrowdLimits};
use crate::app::data_folder::{DataError, prepare_data_folder};
use crate::app::error::StartError;
use crate::app::hints::Hints;
use crate::app::lock::DataLock;
use crate::app::memory_limit;
use crate::app::open_files;
use crate::app::origin::{Origin, OriginError};
use crate::app::pressure::Pressure;
use crate::app::problems::Problems;
use crate::app::proxy_reports::ProxyReports;
use crate::app::pseudonyms::Pseudonyms;
use crate::app::settings::Settings;
use crate::app::state::App;
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
use crate::shares::identity::{self, Checked};
use crate::shares::stores::Stores;
use crate::shares::{setup, trust};
use crate::store::database::Database;
use crate::store::files::stores_folder;
use crate::store::read_probe::ReadProbe;
use crate::vault::deletion::asked::Deletions;
use crate::vault::disk_quota::DiskQuota;
use crate::vault::quota::Quotas;
use crate::vault::states::States;
use crate::vault::turns::{ReadTurns, Turns};

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
    let problems: Arc<Problems> = Arc::default();
    identity::check_file(&settings.data)
        .map_err(|error| StartError::Identity(settings.data.clone(), error))?;
    let database = Database::open(&settings.data, Arc::clone(&problems)).await?;
    let checked = check_database(settings, &database, clock.unix()).await;
    if checked.is_err() {
        // No write-ahead log may be left that would be applied to the file that is put here next.
        database.close().await;
    }
    let checked = checked?;
    let disk_quota = DiskQuota::new(settings.quota_disk, Arc::clone(&problems));
    let pressure = Arc::new(Pressure::new(clock.clone()));
    let stores = Stores::open(&settings.data, &database, &checked).await.map_err(MigrateError::from)?;
    stores.measure().await;
    if let Err(error) = trust::check(&stores, &database, &problems, clock.unix()).await {
        tracing::warn!(%error, "the stores were not compared with the main database");
    }
    let mut reader = database.reader().await.map_err(MigrateError::from)?;
    disk_quota.measure(&mut reader, stores.used_bytes()).await.map_err(MigrateError::from)?;
    drop(reader);
    let max_connections = max_connections();
    report_memory(settings.vault_entries);
    Ok(App {
        stores,
        database,
        problems,
        lock,
        passkeys,
        ceremonies: Ceremonies::new(),
        account_creation: Arc::default(),
        pseudonyms: Pseudonyms::new(),
        limits: Limits::new(&clock, settings.rate_scale, &pressure),
        recent_sessions: RecentSessions::default(),
        vault_sessions: VaultSessions::default(),
        ended_sessions: EndedSessions::default(),
        read_probe: ReadProbe::default(),
        quotas: Quotas {
            records: settings.quota_records.into(),
            bytes: settings.quota_bytes.into(),
            entries: settings.vault_entries,
        },
        disk_quota,
        hints: Arc::new(Hints::new(max_connections)),
        states: Arc::new(States::new(settings.vault_entries)),
        deletions: Deletions::default(),
        turns: Turns::new(&pressure),
        read_turns: ReadTurns::default(),
        lifetime: Lifetime { idle: settings.session_idle.into(), max_age: settings.session_life.into() },
        sign_up: settings.sign_up.unwrap_or(usual),
        cookie: SessionCookie::for_origin(&origin),
        encrypted: origin.is_encrypted(),
        host: origin.host().to_owned(),
        origin: header,
        proxies: settings.trusted_proxies.clone(),
        proxy_reports: Arc::new(ProxyReports::new(clock.clone())),
        connections: Crowd::new(
            CrowdLimits::CONNECTIONS.scaled(settings.rate_scale).within(max_connections),
            Condition::Connections,
            &pressure,
        ),
        requests: Crowd::new(
            CrowdLimits::REQUESTS.scaled(settings.rate_scale),
            Condition::Requests,
            &pressure,
        ),
        pressure,
        memory: Memory::new(),
        statics,
        metrics: settings.metrics.map(|_| Metrics::new(&settings.data)),
        clock,
    })
}

/// Returns how many connections there may be, given how many files the process may open.
fn max_connections() -> usize {
    let files = open_files::limit().unwrap_or(usize::MAX);
    let connections = connections_within(files);
    if connections < CrowdLimits::CONNECTIONS.total {
        tracing::warn!(files, connections, "the limit of open files leaves fewer connections");
    }
    connections
}

/// Says if the process may need more memory than its unit or container gives it, as after vaults
/// were allowed more entries.
fn report_memory(vault_entries: u64) {
    let Some(limit) = memory_limit::read() else { return };
    if let Some(needed) = capacity::memory_above(limit, vault_entries) {
        let (limit_mib, needed_mib) = (limit >> 20, needed >> 20);
        tracing::warn!(limit_mib, needed_mib, vault_entries, "the limit of memory is too low");
    }
}

/// Makes sure that the main database may be used with the stores of the data folder.
async fn check_database(settings: &Settings, database: &Database, now: i64) -> Result<Checked, StartError> {
    if setup::are_all_gone(&settings.data, database).await.map_err(MigrateError::from)? {
        return Err(StartError::StoresGone(stores_folder(&settings.data)));
    }
    identity::check(&settings.data, database, now)
        .await
        .map_err(|error| StartError::Identity(settings.data.clone(), error))
}

/// Locks the data folder for this server.
fn lock_data_folder(data: &Path) -> Result<DataLock, StartError> {
    DataLock::acquire(data).map_err(|error| match error {
        TryLockError::WouldBlock => StartError::DataInUse(data.to_owned()),
        TryLockError::Error(error) => DataError(data.to_owned(), error).into(),
    })
}
