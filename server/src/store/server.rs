use crystallum_api::Id;
use crystallum_share_store::Memory;
use sqlx::SqliteConnection;

use crate::store::columns::{decode_id, decode_number, encode_number};

/// What the main database says about itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct ServerRow {
    pub(crate) id: Id,
    /// The run that began last, which is missing before the first one.
    pub(crate) run: Option<Id>,
    /// Grows with every change of shares and with every sweep.
    pub(crate) mark: u64,
    pub(crate) restored: Restored,
    /// The time up to which the stores may have got shares that this database has forgotten, in
    /// seconds since the Unix epoch.
    pub(crate) distrusted: Option<i64>,
    /// Whether a store was found that knows of something that this database has lost, and the
    /// operator has not dealt with it.
    pub(crate) ahead: bool,
}

/// Whether the database may be older than the stores, because a restore put the file here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Restored {
    /// It may not.
    No,
    /// It may, and no server has started on it yet.
    Fresh,
    /// A server has started on it. It may until the stores that are ahead were told so, which can
    /// be interrupted.
    Begun,
}

impl Restored {
    fn from_column(column: i64) -> sqlx::Result<Self> {
        match column {
            0 => Ok(Self::No),
            1 => Ok(Self::Fresh),
            2 => Ok(Self::Begun),
            _ => Err(sqlx::Error::Decode("no such restore".into())),
        }
    }

    fn column(self) -> i64 {
        match self {
            Self::No => 0,
            Self::Fresh => 1,
            Self::Begun => 2,
        }
    }
}

/// A run of the server, from one start to the next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Run {
    pub(crate) id: Id,
    /// The mark with which the run began.
    pub(crate) first: u64,
}

/// How many runs are remembered. A store that was last told before the oldest of them counts as
/// ahead, which keeps its shares.
const MAX_RUNS: i64 = 4_096;

impl ServerRow {
    /// Returns what a store has to remember.
    pub(crate) fn memory(&self) -> Memory {
        Memory { server: self.id, run: self.run, mark: self.mark }
    }
}

/// Finds the row, which is missing before the first start.
pub(crate) async fn find(conn: &mut SqliteConnection) -> sqlx::Result<Option<ServerRow>> {
    let sql = "SELECT id, (SELECT id FROM runs ORDER BY first DESC LIMIT 1), mark, restored, distrusted, ahead \
        FROM server";
    type Row = (Vec<u8>, Option<Vec<u8>>, i64, i64, Option<i64>, bool);
    let row: Option<Row> = sqlx::query_as(sql).fetch_optional(conn).await?;
    row.map(|(id, run, mark, restored, distrusted, ahead)| {
        let run = run.as_deref().map(decode_id).transpose()?;
        let restored = Restored::from_column(restored)?;
        Ok(ServerRow { id: decode_id(&id)?, run, mark: decode_number(mark)?, restored, distrusted, ahead })
    })
    .transpose()
}

/// Replaces the row. The runs are not in it.
pub(crate) async fn set(conn: &mut SqliteConnection, row: ServerRow) -> sqlx::Result<()> {
    sqlx::query("DELETE FROM server").execute(&mut *conn).await?;
    let sql = "INSERT INTO server (id, mark, restored, distrusted, ahead) VALUES ($1, $2, $3, $4, $5)";
    sqlx::query(sql)
        .bind(row.id.0.as_slice())
        .bind(encode_number(row.mark)?)
        .bind(row.restored.column())
        .bind(row.distrusted)
        .bind(row.ahead)
        .execute(conn)
        .await?;
    Ok(())
}

/// Returns the runs, the oldest first.
pub(crate) async fn runs(conn: &mut SqliteConnection) -> sqlx::Result<Vec<Run>> {
    let rows: Vec<(Vec<u8>, i64)> =
        sqlx::query_as("SELECT id, first FROM runs ORDER BY first").fetch_all(conn).await?;
    rows.into_iter()
        .map(|(id, first)| Ok(Run { id: decode_id(&id)?, first: decode_number(first)? }))
        .collect()
}

/// Begins a run with a mark that is larger than any before.
pub(crate) async fn begin_run(conn: &mut SqliteConnection, run: Run) -> sqlx::Result<()> {
    sqlx::query("INSERT INTO runs (id, first) VALUES ($1, $2)")
        .bind(run.id.0.as_slice())
        .bind(encode_number(run.first)?)
        .execute(&mut *conn)
        .await?;
    let sql = "DELETE FROM runs WHERE first < (SELECT min(first) FROM \
        (SELECT first FROM runs ORDER BY first DESC LIMIT $1) AS newest)";
    sqlx::query(sql).bind(MAX_RUNS).execute(conn).await?;
    Ok(())
}

/// Records that a store knows of something that the database has lost.
pub(crate) async fn note_ahead(conn: &mut SqliteConnection, now: i64) -> sqlx::Result<()> {
    sqlx::query("UPDATE server SET ahead = TRUE, distrusted = $1").bind(now).execute(conn).await?;
    Ok(())
}

/// Records that all stores that are ahead were told that a restored database may be older.
pub(crate) async fn end_restore(conn: &mut SqliteConnection) -> sqlx::Result<()> {
    sqlx::query("UPDATE server SET restored = 0").execute(conn).await?;
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
