//! What the operator is told about share stores.

use std::fmt;
use std::path::PathBuf;

/// All share stores of a server. Formatted, it is one line for each.
#[derive(Debug)]
#[non_exhaustive]
pub struct StoreSummary {
    /// The stores.
    pub stores: Vec<StoreDetails>,
    /// Whether one of them was found to be ahead of the main database, and nobody has dealt with
    /// it.
    pub is_ahead: bool,
}

impl StoreSummary {
    /// Returns whether all stores can be used, and none needs a decision.
    pub fn are_sound(&self) -> bool {
        let is_sound = |store: &StoreDetails| matches!(store.state, StoreState::Fits) && !store.is_made_again;
        !self.is_ahead && self.stores.iter().all(is_sound)
    }
}

/// A share store.
#[derive(Debug)]
#[non_exhaustive]
pub struct StoreDetails {
    /// The store's number.
    pub number: u8,
    /// Whether it can be used.
    pub state: StoreState,
    /// Whether it was made again without its shares, and nobody has acknowledged it.
    pub is_made_again: bool,
}

/// Whether a share store can be used.
#[derive(Debug)]
#[non_exhaustive]
pub enum StoreState {
    /// It can be read, and fits the main database.
    Fits,
    /// It knows of something that the main database has lost.
    Ahead,
    /// Its file is not there.
    Gone(PathBuf),
    /// Its file is another store's.
    OtherStore,
    /// Its file cannot be read or written.
    Unreadable(String),
}

impl fmt::Display for StoreState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Fits => f.write_str("sound"),
            Self::Ahead => f.write_str("ahead of the main database"),
            Self::Gone(folder) => write!(f, "{} holds no store", folder.display()),
            Self::OtherStore => f.write_str("its file is another store's"),
            Self::Unreadable(error) => f.write_str(error),
        }
    }
}

impl fmt::Display for StoreSummary {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut lines = Vec::new();
        for StoreDetails { number, state, is_made_again } in &self.stores {
            let again = if *is_made_again { "; made again, without its shares" } else { "" };
            lines.push(format!("store {number}: {state}{again}"));
        }
        if self.is_ahead {
            lines.push("nothing is swept: a store was ahead of the main database".to_owned());
        }
        f.write_str(&lines.join("\n"))
    }
}

/// Names stores by their numbers.
pub(super) fn list(numbers: &[u8]) -> String {
    let numbers: Vec<String> = numbers.iter().map(ToString::to_string).collect();
    format!("store {}", numbers.join(", "))
}
