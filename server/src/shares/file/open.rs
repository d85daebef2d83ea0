use std::fs::File;
use std::path::Path;

use crystallum_api::Id;
use sqlx::migrate::Migrator;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, Connection, SqliteConnection};

use crate::shares::setup::SetupError;
use crate::store::{BUSY_TIMEOUT, decode_id, migrator, synchronous};

/// Returns the options of every connection to a store. Deleted shares are overwritten.
fn options(file: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new()
        .filename(file)
        .synchronous(synchronous())
        .pragma("secure_delete", "ON")
        .busy_timeout(BUSY_TIMEOUT)
        .disable_statement_logging()
}

/// Opens an existing file. Opening does not write to it.
pub(in crate::shares) async fn open_existing(file: &Path) -> sqlx::Result<SqliteConnection> {
    SqliteConnection::connect_with(&options(file).create_if_missing(false)).await
}

/// Reads the store's id from an open file.
pub(in crate::shares) async fn read_id(conn: &mut SqliteConnection) -> sqlx::Result<Id> {
    let ids: Vec<Vec<u8>> = sqlx::query_scalar("SELECT id FROM store").fetch_all(conn).await?;
    match ids.as_slice() {
        [only] => decode_id(only),
        _ => Err(sqlx::Error::Decode("a store has one id".into())),
    }
}

/// Returns the migrations of a store's file.
pub(in crate::shares) fn migrations() -> Migrator {
    migrator(&[("first", include_str!("../migrations/0001_first.sql"))])
}

/// Creates the file of a new store. It is synced as a whole before its folder is renamed into
/// place, so its individual writes need not be.
pub(in crate::shares) async fn create(file: &Path, id: Id) -> Result<(), SetupError> {
    let options = options(file)
        .create_if_missing(true)
        .journal_mode(SqliteJournalMode::Wal)
        .synchronous(SqliteSynchronous::Off);
    let mut conn = SqliteConnection::connect_with(&options).await?;
    migrations().run(&mut conn).await?;
    sqlx::query("INSERT INTO store (id) VALUES ($1)").bind(id.0.as_slice()).execute(&mut conn).await?;
    conn.close().await?;
    Ok(File::open(file)?.sync_all()?)
}

/// Migrates a file that is known to be a store.
pub(in crate::shares) async fn migrate(file: &Path) -> Result<(), SetupError> {
    let options = options(file).create_if_missing(false).journal_mode(SqliteJournalMode::Wal);
    let mut conn = SqliteConnection::connect_with(&options).await?;
    migrations().run(&mut conn).await?;
    Ok(conn.close().await?)
}
