use std::path::PathBuf;

use thiserror::Error;

use super::summary::StoreState;

/// Why a command on share stores was not carried out.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum StoresError {
    /// The folder contains no database.
    #[error("{0} has no database of this server")]
    NoData(PathBuf),
    /// The tables are not those of this version.
    #[error(
        "its tables are of form {found}, this version knows form {expected}; use the program of the version that runs"
    )]
    Version {
        /// The form of the tables.
        found: i64,
        /// The form that this version knows.
        expected: i64,
    },
    /// No server has started on the folder.
    #[error("no server has started on it")]
    NeverStarted,
    /// There is no such store.
    #[error("this server has no store {0}")]
    Unknown(u8),
    /// The store is not lost.
    #[error("{0} is there; move it away first")]
    Exists(PathBuf),
    /// The store cannot be made again.
    #[error("store {0} cannot be made: {1}")]
    Create(u8, String),
    /// A store cannot be asked what it remembers, or be told.
    #[error("store {0} cannot be used: {1}; put it back, or make it again, and then confirm")]
    Unusable(u8, StoreState),
    /// The database cannot be opened.
    #[error("the database cannot be opened: {0}")]
    Open(#[from] sqlx::migrate::MigrateError),
    /// The database cannot be read or written.
    #[error("the database cannot be read or written: {0}")]
    Database(#[from] sqlx::Error),
}
