//! Copies the main database and all stores, as they are at one moment, while the server runs.
//!
//! The order matters, because a share is in its store *before* the commit that names it and is
//! deleted from its store only *after* a commit that removes it from the vault. A store's copy must
//! therefore not be older than the main database's copy with respect to puts, or it lacks shares
//! that the commits name. And it must not be newer with respect to deletions, or it lacks shares
//! that the older commits still name. Copying one after the other is wrong in either order.
//!
//! The backup therefore takes the main database's write lock for a moment. While it is held no
//! commit can be made, so no share is added to or removed from a vault. Under the lock, the main
//! database is pinned first and then every store: each share that the pinned commits name was put
//! earlier and cannot have been deleted yet. Then the lock is released and the pinned states are
//! copied, however long that takes, while the server keeps writing.

use std::fmt;
use std::io::{self, Write};
use std::path::{Path, PathBuf};

use sqlx::Connection;
use thiserror::Error;

use super::copy::DatabaseCopy;
use super::draft::{self, Draft};
use super::files::{self, Database};
use super::format::pluralize;
use super::manifest::{Entry, FILE_NAME, Manifest};
use crate::app::clock::Clock;

/// Sessions are not copied. After a restore everybody signs in again.
const EXCLUDED_TABLES: &[&str] = &["sessions"];

/// Why no backup was made.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum BackupError {
    /// The folder contains no database.
    #[error("{0} has no database of this server")]
    NoData(PathBuf),
    /// The target folder is not empty.
    #[error("{0} is not empty; a backup goes into a folder of its own")]
    NotEmpty(PathBuf),
    /// A database cannot be copied.
    #[error("{0} cannot be copied: {1}")]
    Database(String, sqlx::Error),
    /// A copy is damaged.
    #[error("{0} is damaged, so there is no backup; run doctor: {1}")]
    Damaged(String, String),
    /// The backup cannot be written.
    #[error("the backup cannot be written to {0}: {1}")]
    Write(PathBuf, io::Error),
}

/// A completed backup.
#[derive(Debug)]
#[non_exhaustive]
pub struct Backup {
    /// The folder of the backup.
    pub folder: PathBuf,
    /// The number of databases in the backup.
    pub files: usize,
    /// The size of the databases in bytes.
    pub bytes: u64,
    /// The number of accounts.
    pub accounts: i64,
    /// The number of writes of all accounts.
    pub writes: i64,
    /// The numbers of the stores that the server has set up but whose files were missing.
    pub missing: Vec<u8>,
}

impl fmt::Display for Backup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { folder, files, bytes, accounts, writes, missing } = self;
        let (accounts, writes) = (pluralize(*accounts, "account"), pluralize(*writes, "write"));
        let (files, bytes) = (pluralize(*files, "file"), pluralize(*bytes, "byte"));
        write!(f, "backed up {accounts} with {writes} to {}: {files}, {bytes}", folder.display())?;
        if missing.is_empty() {
            return Ok(());
        }
        let numbers: Vec<String> = missing.iter().map(ToString::to_string).collect();
        write!(f, "; NOT in it, because not there: store {}", numbers.join(", "))
    }
}

/// Copies all databases in the folder `data` into the new folder `to`.
pub async fn backup(to: &Path, data: &Path) -> Result<Backup, BackupError> {
    let write_failed = |error| BackupError::Write(to.to_owned(), error);
    if !draft::is_free(to).map_err(write_failed)? {
        return Err(BackupError::NotEmpty(to.to_owned()));
    }
    let databases = Database::existing_in(data);
    if databases.first() != Some(&Database::Main) {
        return Err(BackupError::NoData(data.to_owned()));
    }
    let draft = Draft::new(to).map_err(write_failed)?;
    let copies = pin_all(data, &databases, draft.folder()).await?;
    let made = Clock::system().unix();
    let mut entries = Vec::new();
    for (database, copy) in copies {
        entries.push(finish_copy(database, copy).await?);
    }
    let (accounts, writes, stores) = read_summary(&Database::Main.path(draft.folder()))
        .await
        .map_err(|error| BackupError::Database(Database::Main.to_string(), error))?;
    let summary = Backup {
        folder: to.to_owned(),
        files: entries.len(),
        bytes: entries.iter().map(|entry| entry.bytes).sum(),
        accounts,
        writes,
        missing: stores.into_iter().filter(|store| !databases.contains(&Database::Store(*store))).collect(),
    };
    let manifest = draft.folder().join(FILE_NAME);
    let written = Manifest::new(made, entries)
        .to_text()
        .and_then(|text| draft::private_file(&manifest, draft.folder())?.write_all(text.as_bytes()));
    written.and_then(|()| draft.finish()).map_err(write_failed)?;
    Ok(summary)
}

/// Pins all databases at the same moment.
async fn pin_all(
    data: &Path,
    databases: &[Database],
    to: &Path,
) -> Result<Vec<(Database, DatabaseCopy)>, BackupError> {
    let failed = |database: Database| move |error| BackupError::Database(database.to_string(), error);
    let mut copies = Vec::new();
    for database in databases {
        let copy = DatabaseCopy::new(&database.path(data), database.path(to), to)
            .await
            .map_err(failed(*database))?;
        copies.push((*database, copy));
    }
    let main = failed(Database::Main);
    let mut lock = files::open_to_lock(&Database::Main.path(data)).await.map_err(main)?;
    sqlx::query("BEGIN IMMEDIATE").execute(&mut lock).await.map_err(main)?;
    for (database, copy) in &mut copies {
        copy.pin().await.map_err(failed(*database))?;
    }
    sqlx::query("ROLLBACK").execute(&mut lock).await.map_err(main)?;
    lock.close().await.map_err(main)?;
    Ok(copies)
}

/// Copies a pinned database and checks the copy, so that a backup never contains damage.
async fn finish_copy(database: Database, copy: DatabaseCopy) -> Result<Entry, BackupError> {
    let failed = |error| BackupError::Database(database.to_string(), error);
    let target = copy.target().to_owned();
    let schema = copy.run(EXCLUDED_TABLES).await.map_err(failed)?;
    let mut conn = files::open_immutable(&target).await.map_err(failed)?;
    let damage = files::find_damage(&mut conn).await.map_err(failed)?;
    conn.close().await.map_err(failed)?;
    if let Some(line) = damage.into_iter().next() {
        return Err(BackupError::Damaged(database.to_string(), line));
    }
    let (bytes, sha256) = files::hash_file(&target).map_err(|error| failed(error.into()))?;
    Ok(Entry { name: database.to_string(), bytes, sha256, schema })
}

/// Returns the number of accounts, the number of writes, and the stores that were ever set up.
async fn read_summary(path: &Path) -> sqlx::Result<(i64, i64, Vec<u8>)> {
    let mut conn = files::open_immutable(path).await?;
    let counts = "SELECT (SELECT count(*) FROM accounts), (SELECT count(*) FROM commits)";
    let (accounts, writes) = sqlx::query_as(counts).fetch_one(&mut conn).await?;
    let knows = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'stores'";
    let stores: Vec<i64> = match sqlx::query_scalar::<_, i64>(knows).fetch_one(&mut conn).await? {
        0 => Vec::new(),
        _ => sqlx::query_scalar("SELECT number FROM stores ORDER BY number").fetch_all(&mut conn).await?,
    };
    conn.close().await?;
    Ok((accounts, writes, stores.into_iter().filter_map(|number| u8::try_from(number).ok()).collect()))
}
