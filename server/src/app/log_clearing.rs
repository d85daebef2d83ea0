//! Clears the write-ahead logs of what was removed.

use std::time::Duration;

use tokio::sync::watch;

use crate::app::state::App;

/// How often the logs are cleared, if something was removed in the meantime. SECURITY.md promises
/// twice as much.
const INTERVAL: Duration = Duration::from_secs(5);

/// Clears logs until the server stops.
pub(super) async fn run(app: &App, mut stopped: watch::Receiver<bool>) {
    loop {
        let stop = stopped.wait_for(|stop| *stop);
        if tokio::time::timeout(INTERVAL, stop).await.is_ok() {
            return;
        }
        clear(app).await;
    }
}

/// Clears the logs of the main database and of the stores from which something was removed.
pub(super) async fn clear(app: &App) {
    app.database.clear_stale_log().await;
    app.stores.clear_stale_logs().await;
}
