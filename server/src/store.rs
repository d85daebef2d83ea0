//! The main database: one SQLite file, with one module per table.
//!
//! The SQL is also valid for PostgreSQL. Only the migrations and this file are specific to SQLite.

pub(crate) mod accounts;
pub(crate) mod commits;
pub(crate) mod credentials;
pub(crate) mod files;
pub(crate) mod invites;
pub(crate) mod members;
pub(crate) mod parts;
pub(crate) mod recovery;
pub(crate) mod sessions;
pub(crate) mod shares;
pub(crate) mod stores;
pub(crate) mod tombstones;
pub(crate) mod versions;

use std::borrow::Cow;
use std::path::Path;
use std::time::Duration;

use crystallum_api::Id;
use sqlx::migrate::{MigrateError, Migration, MigrationType, Migrator};
use sqlx::pool::PoolConnection;
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions, SqlSafeStr, Sqlite, SqlitePool, Transaction};

const READERS: u32 = 4;
/// How long a connection waits for a lock.
pub(crate) const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// The database with several readers and one writer.
pub(crate) struct Database {
    readers: SqlitePool,
    writer: SqlitePool,
}

impl Database {
    /// Opens the database in `folder`. It is created if it is missing, and migrated if it is older.
    pub(crate) async fn open(folder: &Path) -> Result<Self, MigrateError> {
        let options = SqliteConnectOptions::new()
            .filename(files::main_file(folder))
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(synchronous())
            .foreign_keys(true)
            // Deleted data is overwritten: a sealed phrase must not remain in a free page after its
            // shares have been dealt anew.
            .pragma("secure_delete", "ON")
            .busy_timeout(BUSY_TIMEOUT)
            .disable_statement_logging();
        let pool =
            |connections| SqlitePoolOptions::new().max_connections(connections).acquire_timeout(BUSY_TIMEOUT);
        let writer = pool(1).connect_with(options.clone()).await?;
        migrations().run(&writer).await?;
        let readers = pool(READERS).connect_with(options).await?;
        Ok(Self { readers, writer })
    }

    /// Returns a connection for single reads.
    pub(crate) async fn reader(&self) -> sqlx::Result<PoolConnection<Sqlite>> {
        self.readers.acquire().await
    }

    /// Returns the connection for single writes.
    pub(crate) async fn writer(&self) -> sqlx::Result<PoolConnection<Sqlite>> {
        self.writer.acquire().await
    }

    /// Begins a read transaction, in which all reads see the same state.
    pub(crate) async fn begin_read(&self) -> sqlx::Result<Transaction<'static, Sqlite>> {
        self.readers.begin().await
    }

    /// Begins a write transaction. It takes the write lock immediately.
    pub(crate) async fn begin_write(&self) -> sqlx::Result<Transaction<'static, Sqlite>> {
        self.writer.begin_with("BEGIN IMMEDIATE").await
    }

    /// Writes all data to disk and closes the file.
    pub(crate) async fn close(&self) {
        self.readers.close().await;
        self.writer.close().await;
    }
}

/// Returns the durability level: a write is on disk before it is acknowledged. A debug build can
/// weaken this, so that tests can verify that they would notice.
pub(crate) fn synchronous() -> SqliteSynchronous {
    #[cfg(debug_assertions)]
    match std::env::var("CRYSTALLUM_TEST_SYNCHRONOUS").as_deref() {
        Ok("off") => return SqliteSynchronous::Off,
        Ok("normal") => return SqliteSynchronous::Normal,
        _ => (),
    }
    SqliteSynchronous::Full
}

fn migrations() -> Migrator {
    migrator(&[
        ("first", include_str!("store/migrations/0001_first.sql")),
        ("shares", include_str!("store/migrations/0002_shares.sql")),
    ])
}

/// Returns the schema version of the main database. A larger number is a later version.
pub(crate) fn schema() -> i64 {
    latest_version(&migrations())
}

/// Returns the version of the last migration.
pub(crate) fn latest_version(migrator: &Migrator) -> i64 {
    migrator.iter().map(|step| step.version).max().unwrap_or(0)
}

/// Builds a migrator from these steps, numbered from 1.
pub(crate) fn migrator(steps: &[(&'static str, &'static str)]) -> Migrator {
    let migrations = (1..).zip(steps).map(|(version, &(name, sql))| {
        Migration::new(version, Cow::Borrowed(name), MigrationType::Simple, sql.into_sql_str(), false)
    });
    Migrator { migrations: migrations.collect(), ..Migrator::DEFAULT }
}

/// Decodes an identifier from a column.
pub(crate) fn decode_id(bytes: &[u8]) -> sqlx::Result<Id> {
    bytes.try_into().map(Id).map_err(|_| sqlx::Error::Decode("an identifier is 16 bytes".into()))
}

/// Decodes a non-negative number from a column.
fn decode_number(value: i64) -> sqlx::Result<u64> {
    u64::try_from(value).map_err(|_| sqlx::Error::Decode("a number below zero".into()))
}

/// Encodes a number for a column.
fn encode_number(value: u64) -> sqlx::Result<i64> {
    i64::try_from(value).map_err(|_| sqlx::Error::Encode("a number above 2^63".into()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn every_connection_has_the_pragmas() {
        let folder = tempfile::tempdir().unwrap();
        let database = Database::open(folder.path()).await.unwrap();
        let mut connections = vec![database.writer().await.unwrap()];
        for _ in 0..READERS {
            connections.push(database.reader().await.unwrap());
        }
        for connection in &mut connections {
            let journal: String =
                sqlx::query_scalar("PRAGMA journal_mode").fetch_one(&mut **connection).await.unwrap();
            assert_eq!(journal, "wal");
            for (pragma, value) in [
                ("PRAGMA synchronous", 2),
                ("PRAGMA foreign_keys", 1),
                ("PRAGMA secure_delete", 1),
                ("PRAGMA busy_timeout", 10_000),
            ] {
                let found: i64 = sqlx::query_scalar(pragma).fetch_one(&mut **connection).await.unwrap();
                assert_eq!(found, value, "{pragma}");
            }
        }
    }

    #[tokio::test]
    async fn opens_again() {
        let folder = tempfile::tempdir().unwrap();
        Database::open(folder.path()).await.unwrap().close().await;
        let database = Database::open(folder.path()).await.unwrap();
        let accounts: i64 = sqlx::query_scalar("SELECT count(*) FROM accounts")
            .fetch_one(&mut *database.reader().await.unwrap())
            .await
            .unwrap();
        assert_eq!(accounts, 0);
    }
}
