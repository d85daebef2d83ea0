//! What is wrong with the server at the moment: each problem is in the log when it begins and when
//! it ends, and in `/api/health` and the metrics while it lasts.

use std::collections::BTreeSet;
use std::fmt;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// A state in which the server does not do all that it should.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Problem {
    /// The main database cannot be written: the disk is full, read-only or broken.
    WritesFail,
    /// A share store cannot be read or written.
    StoreUnavailable,
    /// A share store knows of something that the main database has lost.
    StoreAhead,
    /// A share store was made again, without its shares.
    StoreMadeAgain,
    /// The last sweep could not delete what it should.
    StoresNotSwept,
    /// A restore put back a main database that is older than its share stores.
    RestoredBehind,
    /// Nearly all of the space for all accounts is used, and new accounts are refused.
    DiskQuotaNear,
    /// All but a reserve is used, and what needs more is refused, except for what makes a vault
    /// safer or smaller.
    DiskQuotaReached,
    /// The reserve is used as well, and only what makes a vault smaller is not refused.
    DiskReserveUsed,
    /// Connections are refused from an address that is not named as a proxy.
    ProxyRefused,
    /// No connection can be accepted: the process or the machine is out of file descriptors or
    /// memory.
    AcceptsFail,
}

impl Problem {
    /// All problems.
    pub(crate) const ALL: &'static [Self] = &[
        Self::WritesFail,
        Self::StoreUnavailable,
        Self::StoreAhead,
        Self::StoreMadeAgain,
        Self::StoresNotSwept,
        Self::RestoredBehind,
        Self::DiskQuotaNear,
        Self::DiskQuotaReached,
        Self::DiskReserveUsed,
        Self::ProxyRefused,
        Self::AcceptsFail,
    ];

    /// Returns the name in `/api/health`, the metrics and the log.
    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::WritesFail => "writes_fail",
            Self::StoreUnavailable => "store_unavailable",
            Self::StoreAhead => "store_ahead",
            Self::StoreMadeAgain => "store_made_again",
            Self::StoresNotSwept => "stores_not_swept",
            Self::RestoredBehind => "restored_behind_stores",
            Self::DiskQuotaNear => "disk_quota_near",
            Self::DiskQuotaReached => "disk_quota_reached",
            Self::DiskReserveUsed => "disk_reserve_used",
            Self::ProxyRefused => "proxy_refused",
            Self::AcceptsFail => "accepts_fail",
        }
    }
}

/// The problems that last.
#[derive(Debug, Default)]
pub(crate) struct Problems(Mutex<BTreeSet<Problem>>);

impl Problems {
    /// Records that a problem lasts from now on. Only its beginning is logged.
    pub(crate) fn begin(&self, problem: Problem, detail: impl fmt::Display) {
        if self.lock().insert(problem) {
            log_beginning(problem, &detail);
        }
    }

    /// Records that a problem is over.
    pub(crate) fn end(&self, problem: Problem) {
        if self.lock().remove(&problem) {
            log_end(problem);
        }
    }

    /// Records whether a problem lasts.
    pub(crate) fn set(&self, problem: Problem, lasts: bool, detail: impl fmt::Display) {
        if lasts { self.begin(problem, detail) } else { self.end(problem) }
    }

    /// Returns whether a problem lasts.
    pub(crate) fn has(&self, problem: Problem) -> bool {
        self.lock().contains(&problem)
    }

    /// Returns the names of all problems that last.
    pub(crate) fn names(&self) -> Vec<&'static str> {
        self.lock().iter().map(|problem| problem.name()).collect()
    }

    fn lock(&self) -> MutexGuard<'_, BTreeSet<Problem>> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

fn log_beginning(problem: Problem, detail: &dyn fmt::Display) {
    // Outside the span of the request that met the problem: it concerns all of them.
    tracing::error!(parent: None, problem = problem.name(), %detail, "a problem began");
}

fn log_end(problem: Problem) {
    tracing::info!(parent: None, problem = problem.name(), "a problem ended");
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_problem_lasts_until_it_is_ended() {
        let problems = Problems::default();
        problems.begin(Problem::WritesFail, "the disk is full");
        problems.begin(Problem::WritesFail, "the disk is full");
        assert_eq!(problems.names(), ["writes_fail"]);
        assert!(problems.has(Problem::WritesFail) && !problems.has(Problem::StoreUnavailable));
        problems.end(Problem::WritesFail);
        assert!(problems.names().is_empty());
    }

    #[test]
    fn only_the_beginning_and_the_end_are_logged() {
        let log = tempfile::NamedTempFile::new().unwrap();
        let lines = tracing_subscriber::fmt().json().with_writer(Mutex::new(log.reopen().unwrap())).finish();
        tracing::subscriber::with_default(lines, || {
            let problems = Problems::default();
            for _ in 0..9 {
                problems.begin(Problem::WritesFail, "the disk is full");
            }
            problems.end(Problem::WritesFail);
            problems.end(Problem::WritesFail);
        });
        let log = std::fs::read_to_string(log.path()).unwrap();
        assert_eq!(log.lines().count(), 2, "{log}");
        assert!(log.lines().all(|line| line.contains("writes_fail")), "{log}");
    }

    #[test]
    fn every_problem_has_a_name_of_its_own() {
        let names: std::collections::HashSet<_> = Problem::ALL.iter().map(|problem| problem.name()).collect();
        assert_eq!(names.len(), Problem::ALL.len());
    }
}
