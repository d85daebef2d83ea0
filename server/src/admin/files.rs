//! The databases of a data folder.

use std::fmt;
use std::fs::{self, File};
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crystallum_share_store::DiskFault;
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqliteSynchronous};
use sqlx::{ConnectOptions, SqliteConnection};

use super::format::pluralize;
use crate::store::database;
use crate::store::files::{STORES, main_file, open_read_only, store_file};

/// How long to wait for another process to release a lock.
pub(super) const BUSY_TIMEOUT: Duration = Duration::from_secs(60);

/// One database of a data folder. Its name is its path relative to that folder, also in a backup.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(super) enum Database {
    /// Accounts, heads, and ciphertext.
    Main,
    /// One share store.
    Store(u8),
}

impl fmt::Display for Database {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Main => f.write_str("vault.db"),
            Self::Store(number) => write!(f, "stores/{number}/shares.db"),
        }
    }
}

impl Database {
    /// Iterates over all databases that can exist, the main one first.
    pub(super) fn all_possible() -> impl Iterator<Item = Self> {
        std::iter::once(Self::Main).chain((1..=STORES).map(Self::Store))
    }

    /// Returns the database with exactly this name.
    pub(super) fn from_name(name: &str) -> Option<Self> {
        Self::all_possible().find(|database| database.to_string() == name)
    }

    /// Returns the path of the database in a folder.
    pub(super) fn path(self, folder: &Path) -> PathBuf {
        match self {
            Self::Main => main_file(folder),
            Self::Store(number) => store_file(folder, number),
        }
    }

    /// Returns the schema version that this server writes. A larger number is a later version.
    pub(super) fn schema(self) -> i64 {
        match self {
            Self::Main => database::schema(),
            Self::Store(_) => crystallum_share_store::schema(),
        }
    }

    /// Lists the databases that exist in a folder, the main one first.
    pub(super) fn existing_in(folder: &Path) -> Vec<Self> {
        Self::all_possible().filter(|database| database.path(folder).is_file()).collect()
    }
}

/// Opens a database read-only, without creating journal files. No other process may write to it.
pub(super) async fn open_immutable(path: &Path) -> sqlx::Result<SqliteConnection> {
    options(path).immutable(true).read_only(true).connect().await
}

/// Opens a database for reading. On a disk that is full or read-only, SQLite cannot create the
/// files beside it through which it shares a write-ahead log. They are not needed if there is no
/// log, which means that no server has the database open.
pub(super) async fn open_to_check(path: &Path) -> sqlx::Result<SqliteConnection> {
    let opened = async {
        let mut conn = open_read_only(path).await?;
        sqlx::query("SELECT count(*) FROM sqlite_schema").execute(&mut conn).await?;
        Ok(conn)
    };
    match opened.await {
        Err(error) if DiskFault::of(&error).is_some() && !has_log(path) => open_immutable(path).await,
        opened => opened,
    }
}

/// Returns whether there is something in a database's write-ahead log.
fn has_log(path: &Path) -> bool {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    fs::metadata(log).is_ok_and(|log| log.len() > 0)
}

/// Opens a database that is discarded if this process is interrupted, so that it needs no journal.
/// No other process may use it.
pub(super) async fn open_without_journal(path: &Path) -> sqlx::Result<SqliteConnection> {
    let options = options(path).journal_mode(SqliteJournalMode::Off).synchronous(SqliteSynchronous::Off);
    options.connect().await
}

/// Opens a database in order to take its write lock.
pub(super) async fn open_to_lock(path: &Path) -> sqlx::Result<SqliteConnection> {
    options(path).connect().await
}

fn options(path: &Path) -> SqliteConnectOptions {
    SqliteConnectOptions::new().filename(path).busy_timeout(BUSY_TIMEOUT).disable_statement_logging()
}

/// Returns the schema version of a database, or 0 if it has none.
pub(super) async fn read_schema(conn: &mut SqliteConnection, of: &'static str) -> sqlx::Result<i64> {
    let sql = format!("SELECT max(version) FROM {of}._sqlx_migrations WHERE success");
    let version: Option<i64> = sqlx::query_scalar(sqlx::AssertSqlSafe(sql)).fetch_one(conn).await?;
    Ok(version.unwrap_or(0))
}

/// Returns what SQLite's integrity checks find wrong with a database, one line per finding.
pub(super) async fn find_damage(conn: &mut SqliteConnection) -> sqlx::Result<Vec<String>> {
    let mut found: Vec<String> = sqlx::query_scalar("PRAGMA integrity_check").fetch_all(&mut *conn).await?;
    found.retain(|line| line != "ok");
    let sql = "SELECT \"table\", parent, count(*) FROM pragma_foreign_key_check GROUP BY 1, 2";
    let broken: Vec<(String, String, i64)> = sqlx::query_as(sql).fetch_all(conn).await?;
    found.extend(broken.into_iter().map(|(table, parent, rows)| {
        format!("{} of {table} without the row of {parent} that belongs to it", pluralize(rows, "row"))
    }));
    Ok(found)
}

/// Returns the length of a file and its SHA-256 in hexadecimal.
pub(super) fn hash_file(path: &Path) -> io::Result<(u64, String)> {
    let (mut file, mut hash, mut length) = (File::open(path)?, Sha256::new(), 0);
    let mut piece = vec![0; 1 << 16];
    loop {
        let read = file.read(&mut piece)?;
        let Some(read) = piece.get(..read).filter(|read| !read.is_empty()) else { break };
        hash.update(read);
        length += u64::try_from(read.len()).unwrap_or(u64::MAX);
    }
    Ok((length, HEXLOWER.encode(&hash.finalize())))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_a_database_or_nothing() {
        for database in Database::all_possible() {
            assert_eq!(Database::from_name(&database.to_string()), Some(database));
        }
        for other in [
            "",
            "/vault.db",
            "../vault.db",
            "stores/1/shares.db-wal",
            "stores/01/shares.db",
            "stores/+1/shares.db",
            "stores/0/shares.db",
            "stores/6/shares.db",
            "stores/../shares.db",
            "stores/1/../../vault.db",
        ] {
            assert_eq!(Database::from_name(other), None, "{other}");
        }
    }
}
