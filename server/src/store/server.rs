use crystallum_api::Id;
use crystallum_share_store::Memory;
use sqlx::SqliteConnection;

use crate::store::columns::{decode_id, decode_number, encode_number};

/// What the main database says about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ServerRow {
    pub(crate) id: Id,
    /// Grows with every change of shares and with every sweep.
    pub(crate) mark: u64,
    /// Whether a restore put the file here and no server has started on it yet.
    pub(crate) restored: bool,
    /// The time up to which the stores may have got shares that this database has forgotten, in
    /// seconds since the Unix epoch.
    pub(crate) distrusted: Option<i64>,
}

impl ServerRow {
    /// Returns what a store has to remember.
    pub(crate) fn memory(&self) -> Memory {
        Memory { server: self.id, mark: self.mark }
    }
}

/// Finds the row, which is missing before the first start.
pub(crate) async fn find(conn: &mut SqliteConnection) -> sqlx::Result<Option<ServerRow>> {
    let sql = "SELECT id, mark, restored, distrusted FROM server";
    let row: Option<(Vec<u8>, i64, bool, Option<i64>)> = sqlx::query_as(sql).fetch_optional(conn).await?;
    row.map(|(id, mark, restored, distrusted)| {
        Ok(ServerRow { id: decode_id(&id)?, mark: decode_number(mark)?, restored, distrusted })
    })
    .transpose()
}

/// Replaces the row.
pub(crate) async fn set(conn: &mut SqliteConnection, row: ServerRow) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM server").execute(&mut *conn).await?;
    let sql = "INSERT INTO server (id, mark, restored, distrusted) VALUES ($1, $2, $3, $4)";
    sqlx::query(sql)
        .bind(row.id.0.as_slice())
        .bind(encode_number(row.mark)?)
        .bind(row.restored)
        .bind(row.distrusted)
        .execute(conn)
        .await?;
    Ok(())
}

/// Makes the mark larger by one.
pub(crate) async fn advance_mark(conn: &mut SqliteConnection) -> sqlx::Result<()> {
    sqlx::query("UPDATE server SET mark = mark + 1").execute(conn).await?;
    Ok(())
}

/// Returns whether the database has never had a server, an account or a store.
pub(crate) async fn is_new(conn: &mut SqliteConnection) -> sqlx::Result<bool> {
    let sql = "SELECT NOT EXISTS (SELECT 1 FROM server) AND NOT EXISTS (SELECT 1 FROM stores) \
        AND NOT EXISTS (SELECT 1 FROM accounts)";
    sqlx::query_scalar(sql).fetch_one(conn).await
}
