//! What an error of the main database says about the whole of it.

use std::fmt;

use crystallum_share_store::DiskFault;

/// Returns the fault of the disk that an error tells of, if it does.
pub(crate) fn disk_fault(error: &sqlx::Error) -> Option<DiskFault> {
    DiskFault::of(error)
}

/// Returns what is wrong with the database, or `None` if the error concerns a single row or a
/// single request.
pub(crate) fn explain(error: &sqlx::Error) -> Option<String> {
    let reason = match error {
        sqlx::Error::Database(_) if disk_fault(error).is_some() => {
            disk_fault(error).map_or_else(String::new, |fault| fault.to_string())
        }
        sqlx::Error::Database(failed) => match primary_code(&**failed) {
            5 | 6 => "another program has locked the database".to_owned(),
            11 | 26 => "the database is damaged".to_owned(),
            // Values that are too long, break a constraint, or are of a wrong type.
            18..=20 | 25 => return None,
            _ => "the database does not answer".to_owned(),
        },
        sqlx::Error::PoolTimedOut => "a write does not end".to_owned(),
        sqlx::Error::Io(_) | sqlx::Error::WorkerCrashed => "the database does not answer".to_owned(),
        _ => return None,
    };
    Some(format!("{reason}: {error}"))
}

/// All connections that read are in use. This says nothing about the one that writes, nor about the
/// disk.
#[derive(Debug)]
struct ReadersBusy;

impl fmt::Display for ReadersBusy {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("all connections that read are in use")
    }
}

impl std::error::Error for ReadersBusy {}

/// Returns the error of a reader. If there was no connection for it, the error says so, and is told
/// apart from a writer that waits in vain.
pub(crate) fn or_busy(error: sqlx::Error) -> sqlx::Error {
    match error {
        sqlx::Error::PoolTimedOut => sqlx::Error::AnyDriverError(Box::new(ReadersBusy)),
        other => other,
    }
}

/// Returns whether there was no connection that reads.
pub(crate) fn is_busy(error: &sqlx::Error) -> bool {
    matches!(error, sqlx::Error::AnyDriverError(inner) if inner.is::<ReadersBusy>())
}

/// Returns the text of an error for the log. The text of a row that cannot be decoded would quote
/// the row, which may hold ids.
pub(crate) fn describe(error: &sqlx::Error) -> String {
    match error {
        sqlx::Error::Decode(_) | sqlx::Error::ColumnDecode { .. } => {
            "a stored row cannot be decoded".to_owned()
        }
        other => other.to_string(),
    }
}

/// Returns SQLite's primary result code, which is the lowest byte of an extended one
/// (<https://www.sqlite.org/rescode.html>).
fn primary_code(error: &dyn sqlx::error::DatabaseError) -> u32 {
    error.code().and_then(|code| code.parse::<u32>().ok()).unwrap_or(0) & 0xff
}
