//! Helpers for all SQLite files of a server: the share stores and the main database.

use std::borrow::Cow;
use std::time::Duration;

use crystallum_api::Id;
use sqlx::SqlSafeStr;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::sqlite::SqliteSynchronous;

/// How long a connection waits for a lock.
pub const BUSY_TIMEOUT: Duration = Duration::from_secs(10);

/// Returns the durability level: a write is on disk before it is acknowledged. A debug build can
/// weaken this, so that tests can verify that they would notice.
pub fn synchronous() -> SqliteSynchronous {
    #[cfg(debug_assertions)]
    match std::env::var("CRYSTALLUM_TEST_SYNCHRONOUS").as_deref() {
        Ok("off") => return SqliteSynchronous::Off,
        Ok("normal") => return SqliteSynchronous::Normal,
        _ => (),
    }
    SqliteSynchronous::Full
}

/// Builds a migrator from these steps, numbered from 1.
pub fn migrator(steps: &[(&'static str, &'static str)]) -> Migrator {
    let migrations = (1..).zip(steps).map(|(version, &(name, sql))| {
        Migration::new(version, Cow::Borrowed(name), MigrationType::Simple, sql.into_sql_str(), false)
    });
    Migrator { migrations: migrations.collect(), ..Migrator::DEFAULT }
}

/// Returns the version of the last migration.
pub fn latest_version(migrator: &Migrator) -> i64 {
    migrator.iter().map(|step| step.version).max().unwrap_or(0)
}

/// Decodes an identifier from a column.
pub fn decode_id(bytes: &[u8]) -> sqlx::Result<Id> {
    bytes.try_into().map(Id).map_err(|_| sqlx::Error::Decode("an identifier is 16 bytes".into()))
}
