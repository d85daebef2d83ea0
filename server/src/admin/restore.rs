//! Restores a backup into a new data folder. Everything is checked first, and the folder appears
//! atomically.

use std::fmt;
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};

use sqlx::Connection;
use thiserror::Error;

use super::draft::{self, Draft};
use super::files::{self, Database};
use super::format::{pluralize, utc_time};
use super::manifest::{Entry, Manifest, MissingStore, describe_missing};
use crate::app::clock::Clock;

/// Why nothing was restored.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum RestoreError {
    /// The folder is not a backup that this version can restore.
    #[error("{0} is no backup that can be restored: {1}")]
    Manifest(PathBuf, io::Error),
    /// The data folder is not empty.
    #[error("{0} is not empty; a restore never writes over data. Move it away, or name another folder")]
    NotEmpty(PathBuf),
    /// A file is not the one that was backed up.
    #[error("{0} is not the file that was backed up: its length or its SHA-256 is another one")]
    Changed(String),
    /// A file is damaged.
    #[error("{0} is damaged: {1}")]
    Damaged(String, String),
    /// A file cannot be read.
    #[error("{0} cannot be read: {1}")]
    Read(String, io::Error),
    /// The data folder cannot be written.
    #[error("the data folder {0} cannot be written: {1}")]
    Write(PathBuf, io::Error),
}

/// A completed restore.
#[derive(Debug)]
#[non_exhaustive]
pub struct Restored {
    /// The data folder.
    pub folder: PathBuf,
    /// The number of databases.
    pub files: usize,
    /// The size of the databases in bytes.
    pub bytes: u64,
    /// When the backup was made, in seconds since the Unix epoch.
    pub made: i64,
    /// The stores of the server that are not in the backup.
    pub missing: Vec<MissingStore>,
}

impl fmt::Display for Restored {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { folder, files, bytes, made, missing } = self;
        let (made, files, bytes) = (utc_time(*made), pluralize(*files, "file"), pluralize(*bytes, "byte"));
        write!(f, "restored the backup made at {made} to {}: ", folder.display())?;
        write!(f, "{files}, {bytes}; everybody signs in again{}", describe_missing(missing))
    }
}

/// Creates the data folder `data` from the backup in the folder `from`.
pub async fn restore(from: &Path, data: &Path) -> Result<Restored, RestoreError> {
    let write_failed = |error| RestoreError::Write(data.to_owned(), error);
    let (manifest, databases) =
        Manifest::read(from).map_err(|error| RestoreError::Manifest(from.to_owned(), error))?;
    if !draft::is_free(data).map_err(write_failed)? {
        return Err(RestoreError::NotEmpty(data.to_owned()));
    }
    let entries: Vec<(Database, &Entry)> = databases
        .into_iter()
        .filter_map(|(database, at)| Some((database, manifest.files.get(at)?)))
        .collect();
    for (database, entry) in &entries {
        let path = database.path(from);
        check_file(&path, entry)?;
        let damage = find_damage(&path)
            .await
            .map_err(|error| RestoreError::Damaged(entry.name.clone(), error.to_string()))?;
        if let Some(line) = damage.into_iter().next() {
            return Err(RestoreError::Damaged(entry.name.clone(), line));
        }
    }
    let draft = Draft::new(data).map_err(write_failed)?;
    for (database, entry) in &entries {
        let target = database.path(draft.folder());
        let copied = File::open(database.path(from))
            .and_then(|mut source| io::copy(&mut source, &mut draft::private_file(&target, draft.folder())?));
        copied.map_err(write_failed)?;
        // The copy is checked too, since the source may have changed after it was checked.
        check_file(&target, entry)?;
    }
    mark_restored(&Database::Main.path(draft.folder()))
        .await
        .map_err(|error| write_failed(io::Error::other(error)))?;
    draft.finish().map_err(write_failed)?;
    Ok(Restored {
        folder: data.to_owned(),
        files: entries.len(),
        bytes: entries.iter().map(|(_, entry)| entry.bytes).sum(),
        made: manifest.made,
        missing: manifest.missing(),
    })
}

/// Records in a main database that it was restored, and when. A server that starts on it may be
/// behind its stores, and behind the devices of its vaults.
async fn mark_restored(path: &Path) -> sqlx::Result<()> {
    let mut conn = files::open_without_journal(path).await?;
    let knows = "SELECT count(*) FROM sqlite_schema WHERE type = 'table' AND name = $1";
    // A backup of an earlier version has no place for it.
    if sqlx::query_scalar::<_, i64>(knows).bind("server").fetch_one(&mut conn).await? > 0 {
        sqlx::query("UPDATE server SET restored = 1").execute(&mut conn).await?;
    }
    if sqlx::query_scalar::<_, i64>(knows).bind("restores").fetch_one(&mut conn).await? > 0 {
        let now = Clock::system().unix();
        sqlx::query("INSERT INTO restores (at) VALUES ($1)").bind(now).execute(&mut conn).await?;
    }
    conn.close().await
}

fn check_file(path: &Path, entry: &Entry) -> Result<(), RestoreError> {
    let (bytes, sha256) =
        files::hash_file(path).map_err(|error| RestoreError::Read(entry.name.clone(), error))?;
    if bytes == entry.bytes && sha256 == entry.sha256 {
        Ok(())
    } else {
        Err(RestoreError::Changed(entry.name.clone()))
    }
}

async fn find_damage(path: &Path) -> sqlx::Result<Vec<String>> {
    let mut conn = files::open_immutable(path).await?;
    let damage = files::find_damage(&mut conn).await?;
    conn.close().await?;
    Ok(damage)
}
