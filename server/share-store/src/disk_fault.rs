//! Errors of SQLite that are not about the data but about the disk below it.

use std::fmt;

/// Why a database cannot be read or written although it may be sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskFault {
    /// There is no space left.
    Full,
    /// The file system, the folder or the file cannot be written.
    ReadOnly,
    /// The operating system reports an error, or refuses to open the file.
    Failing,
}

impl DiskFault {
    /// Returns the fault that an error tells of, or `None` for any other error.
    pub fn of(error: &sqlx::Error) -> Option<Self> {
        let sqlx::Error::Database(error) = error else { return None };
        // The lowest byte of an extended code is the primary one (https://www.sqlite.org/rescode.html).
        match error.code()?.parse::<u32>().ok()? & 0xff {
            13 => Some(Self::Full),
            8 => Some(Self::ReadOnly),
            10 | 14 => Some(Self::Failing),
            _ => None,
        }
    }
}

impl fmt::Display for DiskFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full => "the disk is full",
            Self::ReadOnly => "the disk, the folder or the file is read-only",
            Self::Failing => "the disk reports an error, or the file cannot be opened",
        })
    }
}
