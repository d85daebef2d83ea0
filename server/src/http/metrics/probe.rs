//! Measures values at the moment when the metrics are read.

use std::fs;

use crystallum_api::Condition;
use tokio::time::Instant;

use crate::app::problems::Problem;
use crate::app::state::App;
use crate::http::metrics::registry::{Access, File, Metrics, ProblemName, Store};
use crate::store::failure::is_busy;

impl Metrics {
    /// Updates all metrics that are not counted as they happen.
    pub(super) async fn refresh(&self, app: &App) {
        let answers = self.probe_database(app).await;
        let is_busy = answers.as_ref().is_err_and(is_busy);
        if is_busy {
            app.pressure.notice(Condition::Reads);
        }
        self.available.set(i64::from(is_busy || answers.is_ok()));
        for file in ["vault.db", "vault.db-wal"] {
            let bytes = fs::metadata(self.data.join(file)).map_or(0, |facts| facts.len());
            self.bytes.get_or_create(&File { file }).set(i64::try_from(bytes).unwrap_or(i64::MAX));
        }
        for (number, pending) in app.stores.pending().await {
            let store = Store { store: number };
            self.stores.get_or_create(&store).set(i64::from(pending.is_some()));
            // The last count of an unavailable store is kept.
            if let Some(pending) = pending {
                self.pending.get_or_create(&store).set(i64::try_from(pending).unwrap_or(i64::MAX));
            }
        }
        self.disk_used.set(i64::try_from(app.disk_quota.used()).unwrap_or(i64::MAX));
        let current = app.current_problems();
        for problem in Problem::ALL.iter().map(|problem| problem.name()) {
            let lasts = current.contains(&problem);
            self.problems.get_or_create(&ProblemName { problem }).set(i64::from(lasts));
        }
        let memory = &app.memory;
        self.load.refresh(app.connections.count(), app.requests.count(), memory, &app.pressure);
        if let Some(bytes) = resident_memory() {
            self.memory.set(bytes);
        }
        if let Ok(entries) = fs::read_dir("/proc/self/fd") {
            self.handles.set(i64::try_from(entries.count()).unwrap_or(i64::MAX));
        }
    }

    async fn probe_database(&self, app: &App) -> sqlx::Result<()> {
        let start = Instant::now();
        let mut reader = app.database.reader().await?;
        let now = app.clock.unix();
        let accounts = "SELECT count(*) FROM accounts WHERE deleted IS NULL";
        self.accounts.set(sqlx::query_scalar(accounts).fetch_one(&mut *reader).await?);
        self.record_duration("read", start);
        let living = "SELECT count(*) FROM sessions WHERE expires > $1 AND last_seen > $2";
        let seen_after = now.saturating_sub(app.lifetime.idle);
        self.sessions
            .set(sqlx::query_scalar(living).bind(now).bind(seen_after).fetch_one(&mut *reader).await?);
        drop(reader);
        let start = Instant::now();
        app.database.begin_write().await?.rollback().await?;
        self.record_duration("write", start);
        Ok(())
    }

    fn record_duration(&self, access: &'static str, start: Instant) {
        self.database.get_or_create(&Access { access }).set(start.elapsed().as_secs_f64());
    }
}

/// Returns the resident memory of the process in bytes, where the system reports it.
fn resident_memory() -> Option<i64> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"))?;
    line.trim().strip_suffix("kB")?.trim().parse::<i64>().ok()?.checked_mul(1_024)
}
