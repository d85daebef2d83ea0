use std::fs::File;
use std::io;
use std::path::Path;

use crystallum_api::Id;
use sqlx::migrate::{MigrateError, Migrator};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};
use thiserror::Error;

use crate::contract::Memory;
use crate::space;
use crate::sqlite::{BUSY_TIMEOUT, decode_id, latest_version, migrator, synchronous};

/// Why a store's file could not be created or migrated.
#[derive(Debug, Error)]
pub enum FileError {
    /// The file cannot be written.
    #[error("{0}")]
    Io(#[from] io::Error),
    /// The file cannot be opened as a database, or cannot be migrated.
    #[error("{0}")]
    Database(#[from] MigrateError),
}

impl From<sqlx::Error> for FileError {
    fn from(error: sqlx::Error) -> Self {
        Self::Database(error.into())
    }
}

/// How much of a store each connection keeps in memory, in KiB: shares are small, and are read one
/// by one.
pub const STORE_CACHE_KIB: u32 = 512;

/// Returns the options of every connection to a store. Deleted shares are overwritten.
fn options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .synchronous(synchronous())
        .pragma("secure_delete", "ON")
        // A negative number is a size.
        .pragma("cache_size", format!("-{STORE_CACHE_KIB}"))
        .busy_timeout(BUSY_TIMEOUT)
        .disable_statement_logging()
}

/// Opens an existing file. Opening does not write to it.
pub(super) async fn open_existing(file: &Path) -> sqlx::Result<SqliteConnection> {
    SqliteConnection::connect_with(&options(file).create_if_missing(false)).await
}

/// Reads the store's id from an open file.
pub(super) async fn id_of(conn: &mut SqliteConnection) -> sqlx::Result<Id> {
    let ids: Vec<Vec<u8>> = sqlx::query_scalar("SELECT id FROM store").fetch_all(conn).await?;
    match ids.as_slice() {
        [only] => decode_id(only),
        _ => Err(sqlx::Error::Decode("a store has one id".into())),
    }
}

/// Reads the id of the store that an existing file holds.
pub async fn read_id(file: &Path) -> sqlx::Result<Id> {
    let mut conn = open_existing(file).await?;
    let id = id_of(&mut conn).await?;
    conn.close().await?;
    Ok(id)
}

/// Reads what the store in an existing file remembers of its main database, if it was told.
pub async fn read_memory(file: &Path) -> sqlx::Result<Option<Memory>> {
    let mut conn = open_existing(file).await?;
    let memory = memory_of(&mut conn).await?;
    conn.close().await?;
    Ok(memory)
}

/// Reads what an open store remembers of its main database, if it was told.
pub async fn memory_of(conn: &mut SqliteConnection) -> sqlx::Result<Option<Memory>> {
    let sql = "SELECT name FROM pragma_table_info('store')";
    let columns: Vec<String> = sqlx::query_scalar(sql).fetch_all(&mut *conn).await?;
    let has = |name: &str| columns.iter().any(|column| column == name);
    // A file of an earlier version has no place for all of it.
    let sql = match (has("mark"), has("run")) {
        (false, _) => return Ok(None),
        (true, false) => "SELECT server, NULL, mark FROM store WHERE server IS NOT NULL",
        (true, true) => "SELECT server, run, mark FROM store WHERE server IS NOT NULL",
    };
    let row: Option<(Vec<u8>, Option<Vec<u8>>, i64)> = sqlx::query_as(sql).fetch_optional(conn).await?;
    row.map(|(server, run, mark)| {
        let run = run.as_deref().map(decode_id).transpose()?;
        Ok(Memory { server: decode_id(&server)?, run, mark: mark.unsigned_abs() })
    })
    .transpose()
}

fn migrations() -> Migrator {
    migrator(&[
        ("first", include_str!("../migrations/0001_first.sql")),
        ("memory", include_str!("../migrations/0002_memory.sql")),
        ("run", include_str!("../migrations/0003_run.sql")),
    ])
}

/// Returns the schema version of a store's file. A larger number is a later version.
pub fn schema() -> i64 {
    latest_version(&migrations())
}

/// Creates the file of a new store. It is synced as a whole, so its individual writes need not be:
/// the caller renames its folder into place afterwards.
pub async fn create(file: &Path, id: Id) -> Result<(), FileError> {
    let options = options(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Off);
    let mut conn = SqliteConnection::connect_with(&options).await?;
    space::prepare(&mut conn).await?;
    migrations().run(&mut conn).await?;
    sqlx::query("INSERT INTO store (id) VALUES ($1)").bind(id.0.as_slice()).execute(&mut conn).await?;
    conn.close().await?;
    Ok(File::open(file)?.sync_all()?)
}

/// Migrates a file that is known to be a store.
pub async fn migrate(file: &Path) -> Result<(), FileError> {
    let options = options(file).create_if_missing(false).journal_mode(SqliteJournalMode::Wal);
    // A migrator that borrows a connection cannot run in a task of a trait's method.
    let pool = SqlitePoolOptions::new().max_connections(1).connect_with(options).await?;
    let migrated = migrations().run(&pool).await;
    let prepared = async { space::prepare(&mut *pool.acquire().await?).await };
    if let Err(error) = prepared.await {
        tracing::warn!(%error, "a store cannot give space back to the disk yet");
    }
    pool.close().await;
    Ok(migrated?)
}
