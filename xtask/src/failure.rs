//! The error type of all commands: a sentence for the user who typed the command.

use std::{fmt, io, path::Path, process::Command};

/// What went wrong and what to do about it.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Failure(pub(crate) String);

/// The result of a command or a part of it.
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    /// Creates a failure with a message.
    pub(crate) fn new(message: impl Into<String>) -> Self {
        Self(message.into())
    }

    /// Creates the failure of an operation on a file.
    pub(crate) fn file(verb: &str, path: &Path, cause: &io::Error) -> Self {
        Self(format!("cannot {verb} {}: {cause}", path.display()))
    }

    /// Creates the failure to start a program.
    pub(crate) fn not_started(command: &Command, cause: &io::Error) -> Self {
        Self(format!("cannot start {}: {cause}", command.get_program().to_string_lossy()))
    }
}

impl fmt::Display for Failure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl From<lexopt::Error> for Failure {
    fn from(cause: lexopt::Error) -> Self {
        Self(format!("{cause}. See: cargo xtask help"))
    }
}
