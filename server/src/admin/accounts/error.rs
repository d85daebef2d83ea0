use std::path::PathBuf;

use crystallum_api::Id;
use thiserror::Error;

/// Why accounts could not be listed, shown or deleted.
#[derive(Debug, Error)]
#[non_exhaustive]
pub enum AccountError {
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
    /// There is no such account.
    #[error("there is no account {0}")]
    Unknown(Id),
    /// The database cannot be opened.
    #[error("the database cannot be opened: {0}")]
    Open(#[from] sqlx::migrate::MigrateError),
    /// The database cannot be read or written.
    #[error("the database cannot be read or written: {0}")]
    Database(#[from] sqlx::Error),
}
