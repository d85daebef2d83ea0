//! Gives the space of deleted rows back to the disk, as the share stores do.

use crystallum_share_store::space;
use sqlx::SqlitePool;

/// Prepares a new database, or one of an earlier version. If that fails, usually for lack of space,
/// the server works as before.
pub(super) async fn prepare(writer: &SqlitePool) {
    let prepared = async { space::prepare(&mut *writer.acquire().await?).await };
    if let Err(error) = prepared.await {
        tracing::warn!(%error, "the database cannot give space back to the disk yet");
    }
}
