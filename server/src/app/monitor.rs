//! Finds out from time to time what works, so that a problem is noticed without a request that
//! meets it, and so that its end is.

use std::time::Duration;

use tokio::sync::watch;

use crate::app::logs::report_left_out;
use crate::app::problems::Problem;
use crate::app::state::App;
use crate::auth::session::delete_ended;
use crate::shares::trust;

/// The time between two checks while there is a problem.
const INTERVAL: Duration = Duration::from_secs(10);
/// After how many intervals without problem everything is checked.
const QUIET_INTERVALS: u32 = 6;

/// Checks until the server stops.
pub(super) async fn run(app: &App, mut stopped: watch::Receiver<bool>) {
    let mut quiet = 0;
    loop {
        let stop = stopped.wait_for(|stop| *stop);
        if tokio::time::timeout(INTERVAL, stop).await.is_ok() {
            return;
        }
        report_left_out(false);
        quiet += 1;
        let is_due = quiet >= QUIET_INTERVALS || !app.ended_sessions.all().is_empty();
        if is_due || app.database.is_suspect() || !app.current_problems().is_empty() {
            quiet = 0;
            check(app).await;
        }
    }
}

/// Checks everything once.
pub(super) async fn check(app: &App) {
    app.database.probe_writes().await;
    // Another process may have removed something.
    app.database.clear_log().await;
    app.stores.clear_stale_logs().await;
    if let Err(error) = delete_ended(app, &app.ended_sessions.all()).await {
        app.database.note_failure(&error);
    }
    app.stores.recheck().await;
    check_trust(app).await;
    if let Err(error) = measure(app).await {
        tracing::warn!(%error, "the use of the disk could not be measured");
    }
    // Logs what has begun and what is over.
    app.current_problems();
}

/// Compares the main database with the stores, and makes up for a sweep that deleted nothing as
/// soon as one can. If that fails although all stores seem to work, the next attempts are rarer.
async fn check_trust(app: &App) {
    let retries = &app.stores.retries;
    match trust::check(&app.stores, &app.database, &app.problems, app.clock.unix()).await {
        Ok(trust) if !trust.is_whole() || !app.problems.has(Problem::StoresNotSwept) => retries.reset(),
        Ok(_) => {
            let now = app.clock.monotonic();
            if app.stores.failing().is_empty() && retries.is_due(now) {
                app.sweeper().sweep().await;
                if app.problems.has(Problem::StoresNotSwept) {
                    retries.note_failure(now);
                }
            }
        }
        Err(error) => {
            tracing::warn!(%error, "the stores were not compared with the main database");
        }
    }
}

async fn measure(app: &App) -> sqlx::Result<()> {
    app.disk_quota.measure(&mut *app.database.reader().await?, app.stores.used_bytes()).await
}
