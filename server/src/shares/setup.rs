//! Finds and creates the share stores when the server starts.
//!
//! The main database remembers the id of every store. An unknown store is created, or adopted if
//! its file is valid. A known store is only created again, empty and with the same id, if its
//! folder is missing entirely. If its file is missing from the folder, empty, damaged, or belongs
//! to another store, the store is unavailable until somebody puts the right file back or removes
//! the folder.

use std::fs;
use std::io;
use std::path::Path;

use crystallum_api::Id;
use crystallum_share_store::{self as share_store, FileError, StoreFile};
use thiserror::Error;

use crate::store::database::Database;
use crate::store::files::{STORES, store_file, store_folder};
use crate::store::stores;

/// Why a store could not be set up.
#[derive(Debug, Error)]
pub(super) enum SetupError {
    #[error("{0}")]
    Folder(#[from] io::Error),
    #[error("{0}")]
    File(#[from] FileError),
    #[error("the system gives no random bytes")]
    Randomness,
    #[error("the file is another store's")]
    OtherStore,
}

impl From<sqlx::Error> for SetupError {
    fn from(error: sqlx::Error) -> Self {
        Self::File(error.into())
    }
}

/// Returns all stores that have an id, whether they are usable or not.
pub(super) async fn open_all(data: &Path, database: &Database) -> sqlx::Result<Vec<StoreFile>> {
    let mut conn = database.writer().await?;
    let known = stores::all(&mut conn).await?;
    let mut files = Vec::new();
    for number in 1..=STORES {
        let remembered = known.iter().find(|(known, _)| *known == number).map(|(_, id)| *id);
        let found = match remembered {
            Some(id) => check_known_store(data, number, id).await.map(|()| id),
            None => adopt_or_create_store(data, number).await,
        };
        let taken = |id: &Id| known.iter().any(|(_, known)| known == id) || is_among(&files, *id);
        let id = match (remembered, found) {
            (None, Ok(id)) if taken(&id) => Err(SetupError::OtherStore),
            (None, Ok(id)) => {
                stores::insert(&mut conn, number, id).await?;
                Ok(id)
            }
            (_, found) => found,
        };
        if let Err(error) = &id {
            tracing::error!(store = number, %error, "the store cannot be used");
        }
        let Some(id) = remembered.or(id.ok()) else { continue };
        files.push(StoreFile::new(number, id, store_file(data, number)));
    }
    Ok(files)
}

fn is_among(files: &[StoreFile], id: Id) -> bool {
    files.iter().any(|file| file.id() == id)
}

/// Checks a store that the main database knows, and creates it again if its folder is missing.
async fn check_known_store(data: &Path, number: u8, id: Id) -> Result<(), SetupError> {
    if !store_folder(data, number).exists() {
        tracing::warn!(store = number, "the folder is gone; the store is made again, without its shares");
        return create_store(data, number, id).await;
    }
    let file = store_file(data, number);
    if share_store::read_id(&file).await? != id {
        return Err(SetupError::OtherStore);
    }
    Ok(share_store::migrate(&file).await?)
}

/// Adopts or creates a store that the main database does not know. Returns its id.
async fn adopt_or_create_store(data: &Path, number: u8) -> Result<Id, SetupError> {
    if store_folder(data, number).exists() {
        let file = store_file(data, number);
        let id = share_store::read_id(&file).await?;
        share_store::migrate(&file).await?;
        return Ok(id);
    }
    let mut id = [0; 16];
    getrandom::fill(&mut id).map_err(|_| SetupError::Randomness)?;
    create_store(data, number, Id(id)).await?;
    Ok(Id(id))
}

/// Creates a store's folder and file under a temporary name first, so that the store appears
/// atomically.
async fn create_store(data: &Path, number: u8, id: Id) -> Result<(), SetupError> {
    let folder = store_folder(data, number);
    let draft = folder.with_extension("new");
    if draft.exists() {
        fs::remove_dir_all(&draft)?;
    }
    let mut builder = fs::DirBuilder::new();
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    builder.recursive(true).create(&draft)?;
    let file = store_file(data, number);
    share_store::create(&draft.join(file.file_name().unwrap_or_default()), id).await?;
    sync_folder(&draft)?;
    fs::rename(&draft, &folder)?;
    folder.parent().map_or(Ok(()), |parent| Ok(sync_folder(parent)?))
}

/// Syncs the entries of a folder to disk, where the system supports it.
fn sync_folder(folder: &Path) -> io::Result<()> {
    if cfg!(unix) { fs::File::open(folder)?.sync_all() } else { Ok(()) }
}
