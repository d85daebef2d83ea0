//! Whether the server may have lost what devices of a vault know, because a backup was restored.

use sqlx::SqliteConnection;

use crate::app::state::App;
use crate::store::restores;

/// For how long after a restore devices may show what was lost with the vault's key alone, in
/// seconds: 90 days, so that a device that is opened rarely finds its way back, too.
const WINDOW: i64 = 90 * 86_400;

/// Returns whether a backup was restored not long ago. Otherwise whoever shows newer changes of a
/// vault has made them: a device that was removed still has the vault's key, and with it could
/// enter again by itself and claim that the server had lost that.
pub(crate) async fn is_after_restore(app: &App, conn: &mut SqliteConnection) -> sqlx::Result<bool> {
    let now = app.clock.unix();
    let restored = restores::newest(conn).await?;
    Ok(restored.is_some_and(|at| (at..at.saturating_add(WINDOW)).contains(&now)))
}
