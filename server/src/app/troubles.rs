//! What is wrong with the server at the moment: each trouble is in the log when it begins and when
//! it ends, and in `/api/health` and the metrics while it lasts.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A state in which the server does not do all that it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Trouble {
    /// The main database cannot be written: the disk is full, read-only or broken.
    WritesFail,
    /// A share store cannot be read or written.
    StoreUnavailable,
    /// A restore put back a main database that is older than its share stores.
    RestoredBehind,
    /// Nearly all of the space for all accounts is used, and new accounts are refused.
    DiskQuotaNear,
    /// All of it is used, and whatever needs more is refused.
    DiskQuotaReached,
}

impl Trouble {
    /// All troubles.
    pub(crate) const ALL: &'static [Self] = &[
        Self::WritesFail,
        Self::StoreUnavailable,
        Self::RestoredBehind,
        Self::DiskQuotaNear,
        Self::DiskQuotaReached,
    ];

    /// Returns the name in `/api/health`, the metrics and the log.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::WritesFail => "writes_fail",
            Self::StoreUnavailable => "store_unavailable",
            Self::RestoredBehind => "restored_behind_stores",
            Self::DiskQuotaNear => "disk_quota_near",
            Self::DiskQuotaReached => "disk_quota_reached",
        }
    }
}

/// The troubles that last.
#[derive(Debug, Default)]
pub(crate) struct Troubles(Mutex<BTreeSet<Trouble>>);

impl Troubles {
    /// Records that a trouble lasts from now on. Only its beginning is logged.
    pub(crate) fn begin(&self, trouble: Trouble, detail: impl fmt::Display) {
        if self.lock().insert(trouble) {
            log_beginning(trouble, &detail);
        }
    }

    /// Records that a trouble is over.
    pub(crate) fn end(&self, trouble: Trouble) {
        if self.lock().remove(&trouble) {
            log_end(trouble);
        }
    }

    /// Returns whether a trouble lasts.
    pub(crate) fn has(&self, trouble: Trouble) -> bool {
        self.lock().contains(&trouble)
    }

    /// Returns the names of all troubles that last.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        self.lock().iter().map(|trouble| trouble.name()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeSet<Trouble>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn log_beginning(trouble: Trouble, detail: &dyn fmt::Display) {
    // Outside the span of the request that met the trouble: it concerns all of them.
    tracing::error!(parent: None, trouble = trouble.name(), %detail, "a trouble began");
}

fn log_end(trouble: Trouble) {
    tracing::info!(parent: None, trouble = trouble.name(), "a trouble ended");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trouble_lasts_until_it_is_ended() {
        let troubles = Troubles::default();
        troubles.begin(Trouble::WritesFail, "the disk is full");
        troubles.begin(Trouble::WritesFail, "the disk is full");
        assert_eq!(troubles.names(), ["writes_fail"]);
        assert!(troubles.has(Trouble::WritesFail) && !troubles.has(Trouble::StoreUnavailable));
        troubles.end(Trouble::WritesFail);
        assert!(troubles.names().is_empty());
    }

    #[test]
    fn only_the_beginning_and_the_end_are_logged() {
        let log = tempfile::NamedTempFile::new().unwrap();
        let lines = tracing_subscriber::fmt().json().with_writer(Mutex::new(log.reopen().unwrap())).finish();
        tracing::subscriber::with_default(lines, || {
            let troubles = Troubles::default();
            for _ in 0..9 {
                troubles.begin(Trouble::WritesFail, "the disk is full");
            }
            troubles.end(Trouble::WritesFail);
            troubles.end(Trouble::WritesFail);
        });
        let log = std::fs::read_to_string(log.path()).unwrap();
        assert_eq!(log.lines().count(), 2, "{log}");
        assert!(log.lines().all(|line| line.contains("writes_fail")), "{log}");
    }

    #[test]
    fn every_trouble_has_a_name_of_its_own() {
        let names: std::collections::HashSet<_> = Trouble::ALL.iter().map(|trouble| trouble.name()).collect();
        assert_eq!(names.len(), Trouble::ALL.len());
    }
}
