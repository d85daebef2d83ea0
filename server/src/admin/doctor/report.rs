use std::fmt;

use crystallum_api::Id;
use crystallum_share_store::DiskFault;
use serde::Serialize;

use crate::admin::format::pluralize;

/// How many problems and notes are listed. Further problems are only counted.
const MAX_LISTED: usize = 500;

/// The result of a check.
#[derive(Debug, Default, Serialize)]
#[non_exhaustive]
pub struct Report {
    /// Databases whose pages, tables, and references were checked.
    pub databases: u64,
    /// Accounts that were checked.
    pub accounts: u64,
    /// Writes whose order, parent hash, changes, and signed tree were checked.
    pub writes: u64,
    /// Signatures that verified.
    pub signatures: u64,
    /// Live records that were checked.
    pub records: u64,
    /// Ciphertexts whose hash, size, and version were compared with the write that created them.
    pub blobs: u64,
    /// Live shares that were read from their stores and hashed.
    pub shares: u64,
    /// The problems that were found.
    pub problems: Vec<Problem>,
    /// Findings that are not problems but may be worth knowing.
    pub notes: Vec<String>,
    /// The number of problems beyond those listed.
    pub more_problems: u64,
    /// The number of accounts with problems. No other account is affected by them.
    pub accounts_with_problems: u64,
    /// The account that is being checked.
    #[serde(skip)]
    current: Option<Current>,
    /// Whether there is a problem outside of every account.
    #[serde(skip)]
    is_general: bool,
}

/// The account that is being checked, and whether it has problems.
#[derive(Debug)]
struct Current {
    account: Id,
    has_problems: bool,
}

/// A problem.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct Problem {
    /// Where the problem is.
    pub place: String,
    /// What the problem is.
    pub what: String,
    /// What the problem means and what to do about it.
    pub means: &'static str,
    /// The only account that the problem is about, if it is about one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub account: Option<Id>,
}

/// The consequence of a problem, with advice for the operator.
#[derive(Clone, Copy)]
pub(super) enum Meaning {
    /// The file is damaged.
    Damage,
    /// The file cannot be read.
    Unreadable,
    /// There is no space for what SQLite needs to read the file.
    DiskFull,
    /// SQLite cannot create what it needs to read the file.
    ReadOnly,
    /// The schema version does not match.
    Version,
    /// Devices will reject the vault.
    History,
    /// A ciphertext is lost.
    Ciphertext,
    /// The wrap of a live sign-in method is lost.
    Wrap,
    /// The wrap of a removed sign-in method is still there.
    RemovedWrap,
    /// The usage counters are wrong.
    Counting,
    /// An index table disagrees with the history.
    Index,
    /// A share is lost.
    Share,
    /// A store is lost.
    Store,
    /// The main database does not belong to its stores, or is older.
    Stale,
    /// Other users of the machine can read the folder.
    Permissions,
}

impl Meaning {
    /// Returns what it means that a file cannot be opened or read.
    pub(super) fn of(error: &sqlx::Error) -> Self {
        match DiskFault::of(error) {
            Some(DiskFault::Full) => Self::DiskFull,
            Some(DiskFault::ReadOnly | DiskFault::Unopenable) => Self::ReadOnly,
            Some(DiskFault::Failing) => Self::Unreadable,
            None if is_damage(error) => Self::Damage,
            None => Self::Unreadable,
        }
    }

    fn text(self) -> &'static str {
        match self {
            Self::Damage => "the file is damaged: restore the newest backup that doctor finds sound",
            Self::Unreadable => {
                "it cannot be checked, which says nothing about damage: look at the disk and its space, and at who owns the file"
            }
            Self::DiskFull => {
                "it cannot be checked, which says nothing about damage: free some space and run doctor again"
            }
            Self::ReadOnly => {
                "it cannot be checked, which says nothing about damage: the disk is read-only, or the folder is somebody else's; mount it so that it can be written, or run doctor on a copy"
            }
            Self::Version => {
                "start the server of the right version once, or use the doctor of the version that runs"
            }
            Self::History => {
                "devices will refuse this vault and raise an alarm; 'accounts show' tells more. If its owner does not need it, remove it with 'accounts delete'; otherwise restore a backup from before, and each device puts back what it has"
            }
            Self::Ciphertext => {
                "devices cannot read this record and refuse to take the vault over: restore a backup from before"
            }
            Self::Wrap => {
                "this sign-in method does not open the vault in a new browser: restore a backup from before, or let its owner remove the method and add it again"
            }
            Self::RemovedWrap => {
                "whoever has the removed sign-in method and a copy of this folder can open the vault: keep copies safe, and tell its owner"
            }
            Self::Counting => "the account's limits are counted wrongly; nothing of the vault is lost",
            Self::Index => "the server may refuse or wrongly accept a write: restore a backup from before",
            Self::Share => {
                "one share less rebuilds the wallet; its owner sees it on the wallet's page and refreshes the shares, or you put the store's file back"
            }
            Self::Store => {
                "its shares cannot be read: put its folder back from a backup, or make it again with 'stores create' and tell the owners to refresh"
            }
            Self::Stale => {
                "the server does not start on it, so that no share is deleted on its word: put the right file back, or restore a backup into a new folder; if it is the right file, say so with 'stores confirm'"
            }
            Self::Permissions => "others on this machine may read it: chmod 700",
        }
    }
}

/// Returns whether SQLite itself says that the file is damaged or no database.
fn is_damage(error: &sqlx::Error) -> bool {
    let sqlx::Error::Database(error) = error else { return false };
    let code = error.code().and_then(|code| code.parse::<u32>().ok());
    // 1 is a statement about tables that are not there.
    code.is_some_and(|code| matches!(code & 0xff, 1 | 11 | 26))
}

impl Report {
    /// Attributes the problems that are added from now on to an account, or to none.
    pub(super) fn set_account(&mut self, account: Option<Id>) {
        self.current = account.map(|account| Current { account, has_problems: false });
    }

    pub(super) fn add_problem(&mut self, place: impl fmt::Display, what: impl fmt::Display, means: Meaning) {
        match &mut self.current {
            Some(current) => {
                self.accounts_with_problems += u64::from(!current.has_problems);
                current.has_problems = true;
            }
            None => self.is_general = true,
        }
        if self.problems.len() < MAX_LISTED {
            let (place, what) = (place.to_string(), what.to_string());
            let account = self.current.as_ref().map(|current| current.account);
            self.problems.push(Problem { place, what, means: means.text(), account });
        } else {
            self.more_problems += 1;
        }
    }

    pub(super) fn add_note(&mut self, note: String) {
        if self.notes.len() < MAX_LISTED {
            self.notes.push(note);
        }
    }

    /// Returns whether no problem was found.
    pub fn is_sound(&self) -> bool {
        self.problems.is_empty()
    }

    /// Returns the report as one line of JSON.
    pub fn to_json(&self) -> String {
        #[derive(Serialize)]
        struct JsonReport<'a> {
            sound: bool,
            #[serde(flatten)]
            report: &'a Report,
        }
        serde_json::to_string(&JsonReport { sound: self.is_sound(), report: self })
            .expect("numbers and texts can be written as JSON")
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let [databases, accounts, records, writes, signatures, blobs, shares] = [
            (self.databases, "database"),
            (self.accounts, "account"),
            (self.records, "record"),
            (self.writes, "write"),
            (self.signatures, "signature"),
            (self.blobs, "ciphertext"),
            (self.shares, "share"),
        ]
        .map(|(number, noun)| pluralize(number, noun));
        writeln!(f, "checked {databases}: pages, tables, references")?;
        writeln!(f, "checked {accounts} with {records}: counters, limits, ways to sign in")?;
        writeln!(f, "checked {writes}: order, hash chain, tree, {signatures}")?;
        writeln!(f, "checked {blobs} and {shares}: there, of an allowed size, the right hash")?;
        for note in &self.notes {
            writeln!(f, "note: {note}")?;
        }
        for Problem { place, what, means, .. } in &self.problems {
            writeln!(f, "WRONG: {place}: {what} ({means})")?;
        }
        if self.more_problems > 0 {
            writeln!(f, "WRONG: and {} more", pluralize(self.more_problems, "problem"))?;
        }
        if self.is_sound() {
            f.write_str("everything that can be checked without keys is sound")
        } else {
            let found =
                u64::try_from(self.problems.len()).unwrap_or(u64::MAX).saturating_add(self.more_problems);
            f.write_str(&pluralize(found, "problem"))?;
            if self.is_general {
                return Ok(());
            }
            write!(f, ", only in {}: ", pluralize(self.accounts_with_problems, "account"))?;
            f.write_str("everything else that can be checked without keys is sound")
        }
    }
}
