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
//!
//! A store that is missing, damaged or does not answer is left out. The manifest says so, and so
//! does the exit code: everything else is worth a backup every night.

use std::fmt;
use std::fs;
use std::io::{self, Write};
use std::path::{Path, PathBuf};
use std::time::Duration;

use crystallum_share_store::space;
use sqlx::Connection;
use thiserror::Error;

use super::copy::DatabaseCopy;
use super::draft::{self, Draft};
use super::files::{self, Database};
use super::format::pluralize;
use super::manifest::{Entry, FILE_NAME, Manifest, MissingStore, describe_missing};
use crate::app::clock::Clock;
use crate::store::files::store_folder;

/// Sessions are not copied. After a restore everybody signs in again.
const EXCLUDED_TABLES: &[&str] = &["sessions"];
/// How long a database may take to be opened, longer than SQLite waits for a lock.
const OPEN_TIMEOUT: Duration = Duration::from_secs(90);
/// How long a database may take to be pinned. Meanwhile nobody can write.
const PIN_TIMEOUT: Duration = Duration::from_secs(5);
/// How long a database may take to be copied.
const COPY_TIMEOUT: Duration = Duration::from_secs(3_600);

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
    /// A database does not answer.
    #[error("{0} does not answer")]
    Overdue(String),
    /// The backup cannot be written.
    #[error("the backup cannot be written to {0}: {1}")]
    Write(PathBuf, io::Error),
}

impl BackupError {
    /// Returns why a store is not in a backup.
    fn reason(&self) -> String {
        match self {
            Self::Database(_, error) => error.to_string(),
            Self::Damaged(_, line) => format!("it is damaged: {line}"),
            Self::Overdue(_) => "it does not answer".to_owned(),
            other => other.to_string(),
        }
    }
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
    /// The stores that the server has set up and that could not be copied.
    pub missing: Vec<MissingStore>,
}

impl fmt::Display for Backup {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { folder, files, bytes, accounts, writes, missing } = self;
        let (accounts, writes) = (pluralize(*accounts, "account"), pluralize(*writes, "write"));
        let (files, bytes) = (pluralize(*files, "file"), pluralize(*bytes, "byte"));
        write!(f, "backed up {accounts} with {writes} to {}: {files}, {bytes}", folder.display())?;
        f.write_str(&describe_missing(missing))
    }
}

/// Copies all databases in the folder `data` into the new folder `to`. A store that cannot be
/// copied is left out, and the backup says so.
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
    let mut left_out = Vec::new();
    let copies = pin_all(data, &databases, draft.folder(), &mut left_out).await?;
    let made = Clock::system().unix();
    let mut entries = Vec::new();
    for (database, copy) in copies {
        match finish_copy(database, copy).await {
            Ok(entry) => entries.push(entry),
            Err(error) => leave_out(database, error, &mut left_out)?,
        }
    }
    let (accounts, writes, stores) = read_summary(&Database::Main.path(draft.folder()))
        .await
        .map_err(|error| BackupError::Database(Database::Main.to_string(), error))?;
    for (number, id) in &stores {
        check_store(draft.folder(), *number, id, &mut entries, &mut left_out).await;
    }
    for missing in &left_out {
        remove_copy(draft.folder(), missing.number).map_err(write_failed)?;
    }
    left_out.sort_by_key(|missing| missing.number);
    let summary = Backup {
        folder: to.to_owned(),
        files: entries.len(),
        bytes: entries.iter().map(|entry| entry.bytes).sum(),
        accounts,
        writes,
        missing: left_out,
    };
    let manifest = draft.folder().join(FILE_NAME);
    let written = Manifest::new(made, entries, &summary.missing)
        .to_text()
        .and_then(|text| draft::private_file(&manifest, draft.folder())?.write_all(text.as_bytes()));
    written.and_then(|()| draft.finish()).map_err(write_failed)?;
    Ok(summary)
}

/// Records that a store is left out. Without the main database there is no backup.
fn leave_out(
    database: Database,
    error: BackupError,
    left_out: &mut Vec<MissingStore>,
) -> Result<(), BackupError> {
    let Database::Store(number) = database else { return Err(error) };
    left_out.push(MissingStore { number, why: error.reason() });
    Ok(())
}

/// Makes sure that a store of the server is in the backup, and is this store.
async fn check_store(
    copy: &Path,
    number: u8,
    id: &[u8],
    entries: &mut Vec<Entry>,
    left_out: &mut Vec<MissingStore>,
) {
    if left_out.iter().any(|missing| missing.number == number) {
        return;
    }
    let database = Database::Store(number);
    let why = if !entries.iter().any(|entry| entry.name == database.to_string()) {
        "it is not there".to_owned()
    } else {
        match read_store_id(&database.path(copy)).await {
            Ok(found) if found == id => return,
            Ok(_) => "the file is another store's".to_owned(),
            Err(error) => error.to_string(),
        }
    };
    entries.retain(|entry| entry.name != database.to_string());
    left_out.push(MissingStore { number, why });
}

async fn read_store_id(path: &Path) -> sqlx::Result<Vec<u8>> {
    let mut conn = files::open_immutable(path).await?;
    let id = sqlx::query_scalar("SELECT id FROM store").fetch_one(&mut conn).await?;
    conn.close().await?;
    Ok(id)
}

/// Removes what was copied of a store.
fn remove_copy(draft: &Path, number: u8) -> io::Result<()> {
    match fs::remove_dir_all(store_folder(draft, number)) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
        removed => removed,
    }
}

/// Pins all databases at the same moment, except for stores that cannot be read.
async fn pin_all(
    data: &Path,
    databases: &[Database],
    to: &Path,
    left_out: &mut Vec<MissingStore>,
) -> Result<Vec<(Database, DatabaseCopy)>, BackupError> {
    let mut copies = Vec::new();
    for database in databases {
        let source = database.path(data);
        let copy = DatabaseCopy::new(&source, database.path(to), to);
        match within(OPEN_TIMEOUT, *database, copy).await {
            Ok(copy) => copies.push((*database, copy)),
            Err(error) => leave_out(*database, error, left_out)?,
        }
    }
    let main = |error| BackupError::Database(Database::Main.to_string(), error);
    let mut lock = files::open_to_lock(&Database::Main.path(data)).await.map_err(main)?;
    // The log grows as long as the copy is made, so it had better be empty. If it is in use, that
    // does not matter: nothing is copied from it but what is still there.
    drop(space::clear_log(&mut lock).await);
    sqlx::query("BEGIN IMMEDIATE").execute(&mut lock).await.map_err(main)?;
    let mut pinned = Vec::new();
    for (database, mut copy) in copies {
        match within(PIN_TIMEOUT, database, copy.pin()).await {
            Ok(()) => pinned.push((database, copy)),
            Err(error) => leave_out(database, error, left_out)?,
        }
    }
    sqlx::query("ROLLBACK").execute(&mut lock).await.map_err(main)?;
    lock.close().await.map_err(main)?;
    Ok(pinned)
}

/// Copies a pinned database and checks the copy, so that a backup never contains damage.
async fn finish_copy(database: Database, copy: DatabaseCopy) -> Result<Entry, BackupError> {
    let failed = |error| BackupError::Database(database.to_string(), error);
    let target = copy.target().to_owned();
    let schema = within(COPY_TIMEOUT, database, copy.run(EXCLUDED_TABLES)).await?;
    let mut conn = files::open_immutable(&target).await.map_err(failed)?;
    let damage = files::find_damage(&mut conn).await.map_err(failed)?;
    conn.close().await.map_err(failed)?;
    if let Some(line) = damage.into_iter().next() {
        return Err(BackupError::Damaged(database.to_string(), line));
    }
    let (bytes, sha256) = files::hash_file(&target).map_err(|error| failed(error.into()))?;
    Ok(Entry { name: database.to_string(), bytes, sha256, schema })
}

/// Waits for a step. A store whose disk does not answer must not keep the others waiting for ever.
async fn within<T>(
    limit: Duration,
    database: Database,
    step: impl Future<Output = sqlx::Result<T>>,
) -> Result<T, BackupError> {
    let name = database.to_string();
    match tokio::time::timeout(limit, step).await {
        Ok(done) => done.map_err(|error| BackupError::Database(name, error)),
        Err(_) => Err(BackupError::Overdue(name)),
    }
}

/// Returns the number of accounts, the number of writes, and the stores that were ever set up, with
/// their ids.
async fn read_summary(path: &Path) -> sqlx::Result<(i64, i64, Vec<(u8, Vec<u8>)>)> {
    let mut conn = files::open_immutable(path).await?;
    let counts = "SELECT (SELECT count(*) FROM accounts), (SELECT count(*) FROM commits)";
    let (accounts, writes) = sqlx::query_as(counts).fetch_one(&mut conn).await?;
    let knows = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = 'stores'";
    let stores: Vec<(i64, Vec<u8>)> = match sqlx::query_scalar::<_, i64>(knows).fetch_one(&mut conn).await? {
        0 => Vec::new(),
        _ => sqlx::query_as("SELECT number, id FROM stores ORDER BY number").fetch_all(&mut conn).await?,
    };
    conn.close().await?;
    let stores = stores.into_iter().filter_map(|(number, id)| Some((u8::try_from(number).ok()?, id)));
    Ok((accounts, writes, stores.collect()))
}
