//! Where everything is in a data folder.

use std::path::{Path, PathBuf};

use sqlx::sqlite::{SqliteConnectOptions, SqliteConnection};
use sqlx::{ConnectOptions, Connection};

use super::BUSY_TIMEOUT;

/// Stores beside the main database, numbered from 1.
pub(crate) const STORES: u8 = 5;

/// The main database.
pub(crate) fn main_file(data: &Path) -> PathBuf {
    data.join("vault.db")
}

/// The folder of one store.
pub(crate) fn store_folder(data: &Path, number: u8) -> PathBuf {
    data.join("stores").join(number.to_string())
}

/// The database of one store.
pub(crate) fn store_file(data: &Path, number: u8) -> PathBuf {
    store_folder(data, number).join("shares.db")
}

/// Opens a database that is there, for reading only.
pub(crate) async fn open_read_only(file: &Path) -> sqlx::Result<SqliteConnection> {
    let options = SqliteConnectOptions::new()
        .filename(file)
        .read_only(true)
        .busy_timeout(BUSY_TIMEOUT)
        .disable_statement_logging();
    SqliteConnection::connect_with(&options).await
}
