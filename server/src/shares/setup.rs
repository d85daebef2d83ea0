//! Finds and creates the share stores when the server starts.
//!
//! The main database remembers the id of every store. An unknown store is created, or adopted if
//! its file is valid. A known store is not created again: if its folder or file is missing, empty,
//! damaged, or belongs to another store, the store is unavailable until somebody puts the right
//! file back, or has it made again (`crystallum-server stores create`).

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use crystallum_api::Id;
use crystallum_share_store::{self as share_store, CALL_TIMEOUT, DiskFault, FileError, StoreFile};
use thiserror::Error;

use crate::store::database::Database;
use crate::store::files::{STORES, store_file, store_folder};
use crate::store::stores;

/// Why a store could not be set up.
#[derive(Debug, Error)]
pub(crate) enum SetupError {
    #[error(
        "{} holds no store; mount it, put the store back, or make it again without its shares with 'crystallum-server stores create'",
        .0.display()
    )]
    Gone(PathBuf),
    #[error("it did not answer in time")]
    Overdue,
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

/// The stores of a data folder.
#[derive(Default)]
pub(super) struct OpenedStores {
    /// The stores that have an id, whether they can be used or not.
    pub(super) files: Vec<StoreFile>,
    /// The numbers of the stores of which not even the id is known.
    pub(super) unknown: Vec<u8>,
}

/// Returns whether the main database knows stores, and none of them is there, as if a disk was not
/// mounted.
pub(crate) async fn are_all_gone(data: &Path, database: &Database) -> sqlx::Result<bool> {
    let known = stores::all(&mut *database.reader().await?).await?;
    if known.is_empty() {
        return Ok(false);
    }
    let files: Vec<PathBuf> = known.iter().map(|(number, _)| store_file(data, *number)).collect();
    // A disk that does not answer is there.
    let look = tokio::task::spawn_blocking(move || files.iter().any(|file| file.exists()));
    Ok(matches!(tokio::time::timeout(CALL_TIMEOUT, look).await, Ok(Ok(false))))
}

/// Returns all stores, whether they can be used or not.
pub(super) async fn open_all(data: &Path, database: &Database) -> sqlx::Result<OpenedStores> {
    let mut conn = database.writer().await?;
    let known = stores::all(&mut conn).await?;
    let mut opened = OpenedStores::default();
    for number in 1..=STORES {
        let remembered = known.iter().find(|(known, _)| *known == number).map(|(_, id)| *id);
        let found = match remembered {
            Some(id) => check_known_store(data, number, id).await.map(|()| id),
            None => adopt_or_create_store(data, number).await,
        };
        let taken = |id: &Id| known.iter().any(|(_, known)| known == id) || is_among(&opened.files, *id);
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
        let is_usable = id.is_ok();
        match remembered.or(id.ok()) {
            None => opened.unknown.push(number),
            Some(id) => {
                let file = StoreFile::new(number, id, store_file(data, number));
                if !is_usable {
                    file.note_unusable();
                }
                opened.files.push(file);
            }
        }
    }
    Ok(opened)
}

fn is_among(files: &[StoreFile], id: Id) -> bool {
    files.iter().any(|file| file.id() == id)
}

/// Checks a store that the main database knows. It is never made again without being asked for: its
/// folder may be on a disk that is not mounted.
async fn check_known_store(data: &Path, number: u8, id: Id) -> Result<(), SetupError> {
    let (folder, file) = (store_folder(data, number), store_file(data, number));
    let checked = async move {
        match share_store::read_id(&file).await {
            Ok(found) if found == id => Ok(share_store::migrate(&file).await?),
            Ok(_) => Err(SetupError::OtherStore),
            Err(error) if DiskFault::of(&error) == Some(DiskFault::Unopenable) && !file.exists() => {
                Err(SetupError::Gone(folder))
            }
            Err(error) => Err(error.into()),
        }
    };
    share_store::within_limit(checked).await.unwrap_or(Err(SetupError::Overdue))
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

/// Creates a store's file in a folder that is there and empty, such as a mount point.
pub(crate) async fn create_in_folder(data: &Path, number: u8, id: Id) -> Result<(), SetupError> {
    let (folder, file) = (store_folder(data, number), store_file(data, number));
    let draft = file.with_extension("new");
    if draft.exists() {
        fs::remove_file(&draft)?;
    }
    share_store::create(&draft, id).await?;
    fs::rename(&draft, &file)?;
    Ok(sync_folder(&folder)?)
}

/// Creates a store's folder and file under a temporary name first, so that the store appears
/// atomically.
pub(crate) async fn create_store(data: &Path, number: u8, id: Id) -> Result<(), SetupError> {
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
