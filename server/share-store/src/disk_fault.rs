//! Errors of SQLite that are not about the data but about the disk below it.

use std::fmt;

/// Why a database cannot be read or written although it may be sound.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DiskFault {
    /// There is no space left.
    Full,
    /// The file system, the folder or the file cannot be written.
    ReadOnly,
    /// The file, or one that SQLite needs beside it, cannot be opened or created.
    Unopenable,
    /// The operating system reports an error.
    Failing,
}

impl DiskFault {
    /// Returns the fault that an error tells of, or `None` for any other error.
    pub fn of(error: &sqlx::Error) -> Option<Self> {
        let sqlx::Error::Database(error) = error else { return None };
        let code = error.code()?.parse::<u32>().ok()?;
        // The lowest byte of an extended code is the primary one
        // (https://www.sqlite.org/rescode.html).
        match code & 0xff {
            13 => Some(Self::Full),
            // The shared memory of the write-ahead log could not be made larger.
            10 if code == 4_874 => Some(Self::Full),
            8 => Some(Self::ReadOnly),
            10 => Some(Self::Failing),
            14 => Some(Self::Unopenable),
            _ => None,
        }
    }
}

impl fmt::Display for DiskFault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Full => "the disk is full",
            Self::ReadOnly => "the disk, the folder or the file is read-only",
            Self::Unopenable => {
                "the file cannot be opened, or one that is needed beside it cannot be created"
            }
            Self::Failing => "the disk reports an error",
        })
    }
}
