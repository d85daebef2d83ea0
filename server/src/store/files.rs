//! The layout of a data folder.

use std::fs;
use std::path::{Path, PathBuf};

use crystallum_share_store::sqlite::BUSY_TIMEOUT;
use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

/// The number of share stores, which are numbered from 1.
pub(crate) const STORES: u8 = 5;

/// Returns the path of the main database.
pub(crate) fn main_file(data: &Path) -> PathBuf {
    data.join("vault.db")
}

/// Returns the folder of all stores.
pub(crate) fn stores_folder(data: &Path) -> PathBuf {
    data.join("stores")
}

/// Returns the folder of a store.
pub(crate) fn store_folder(data: &Path, number: u8) -> PathBuf {
    stores_folder(data).join(number.to_string())
}

/// Returns the path of a store's database.
pub(crate) fn store_file(data: &Path, number: u8) -> PathBuf {
    store_folder(data, number).join("shares.db")
}

/// Returns whether an entry of a folder belongs to the file system and not to anybody's data.
pub(crate) fn is_of_the_file_system(entry: &fs::DirEntry) -> bool {
    entry.file_name() == "lost+found" && entry.file_type().is_ok_and(|kind| kind.is_dir())
}

/// Opens an existing database for reading only.
pub(crate) async fn open_read_only(file: &Path) -> sqlx::Result<SqliteConnection> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .read_only(true)
        .busy_timeout(BUSY_TIMEOUT)
        .disable_statement_logging();
    SqliteConnection::connect_with(&options).await
}
