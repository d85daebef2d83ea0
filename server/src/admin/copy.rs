//! A copy of one database, as it is at one moment, while other processes keep writing to it.

use std::path::{Path, PathBuf};

use sqlx::sqlite::{SqliteAutoVacuum, SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, SqliteConnection};
use url::Url;

use super::draft;
use super::files::{self, BUSY_TIMEOUT};

/// A database to be copied.
pub(super) struct DatabaseCopy {
    conn: SqliteConnection,
    target: PathBuf,
}

impl DatabaseCopy {
    /// Creates the target file and attaches the source read-only.
    pub(super) async fn new(source: &Path, target: PathBuf, root: &Path) -> sqlx::Result<Self> {
        drop(draft::private_file(&target, root)?);
        // An interrupted copy is discarded, so no rollback journal is needed, and all files are
        // synced at the end.
        let options = SqliteConnectOptions::new()
            .filename(&target)
            .auto_vacuum(SqliteAutoVacuum::Incremental)
            .journal_mode(SqliteJournalMode::Off)
            .synchronous(SqliteSynchronous::Off)
            .foreign_keys(false)
            .busy_timeout(BUSY_TIMEOUT)
            .disable_statement_logging();
        let mut conn = options.connect().await?;
        let mut url = Url::from_file_path(std::path::absolute(source)?)
            .map_err(|()| sqlx::Error::Configuration("the data folder has no address".into()))?;
        url.set_query(Some("mode=ro"));
        sqlx::query("ATTACH DATABASE $1 AS source").bind(url.as_str()).execute(&mut conn).await?;
        Ok(Self { conn, target })
    }

    /// Pins the source in its current state. Later writes are not copied.
    pub(super) async fn pin(&mut self) -> sqlx::Result<()> {
        // A transaction sees the state at its first read (https://www.sqlite.org/isolation.html).
        sqlx::query("BEGIN").execute(&mut self.conn).await?;
        let sql = "SELECT count(*) FROM source.sqlite_schema";
        sqlx::query_scalar::<_, i64>(sql).fetch_one(&mut self.conn).await.map(drop)
    }

    /// Copies every table, but no rows of the tables in `without`, and none of deleted accounts.
    /// Returns the schema version of the database.
    pub(super) async fn run(mut self, without: &[&str]) -> sqlx::Result<i64> {
        let conn = &mut self.conn;
        let schema = files::read_schema(conn, "source").await?;
        // A database of an earlier version has no accounts of which only some rows are deleted.
        let has_deleted = has_column(conn, "accounts", "deleted").await?;
        let sql = "SELECT type, name, sql FROM source.sqlite_schema \
            WHERE sql IS NOT NULL AND substr(name, 1, 7) <> 'sqlite_' ORDER BY type <> 'table', name";
        let objects: Vec<(String, String, String)> = sqlx::query_as(sql).fetch_all(&mut *conn).await?;
        for (kind, name, sql) in objects {
            sqlx::query(AssertSqlSafe(sql)).execute(&mut *conn).await?;
            if kind == "table" && !without.contains(&name.as_str()) {
                let kept = if !has_deleted {
                    ""
                } else if name == "accounts" {
                    " WHERE deleted IS NULL"
                } else if has_column(conn, &name, "account").await? {
                    " WHERE account NOT IN (SELECT id FROM source.accounts WHERE deleted IS NOT NULL)"
                } else {
                    ""
                };
                let name = name.replace('"', "\"\"");
                let sql = format!("INSERT INTO main.\"{name}\" SELECT * FROM source.\"{name}\"{kept}");
                sqlx::query(AssertSqlSafe(sql)).execute(&mut *conn).await?;
            }
        }
        sqlx::query("COMMIT").execute(&mut *conn).await?;
        self.conn.close().await?;
        Ok(schema)
    }

    /// Returns the path of the target file.
    pub(super) fn target(&self) -> &Path {
        &self.target
    }
}

/// Returns whether a table of the source has a column.
async fn has_column(conn: &mut SqliteConnection, table: &str, column: &str) -> sqlx::Result<bool> {
    let sql = "SELECT EXISTS (SELECT 1 FROM pragma_table_info($1, 'source') WHERE name = $2)";
    sqlx::query_scalar(sql).bind(table).bind(column).fetch_one(conn).await
}
