//! The one error of these commands: a sentence for the person who typed one.

use std::{fmt, io, path::Path};

/// What went wrong and what to do about it, in plain words.
#[derive(Debug, PartialEq, Eq)]
pub(crate) struct Failure(pub(crate) String);

/// The result of everything here.
pub(crate) type Outcome<T = ()> = Result<T, Failure>;

impl Failure {
    /// A failure with these words.
    pub(crate) fn new(words: impl Into<String>) -> Self {
        Self(words.into())
    }

    /// A failure to do something with a file.
    pub(crate) fn file(verb: &str, path: &Path, cause: &io::Error) -> Self {
        Self(format!("cannot {verb} {}: {cause}", path.display()))
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
