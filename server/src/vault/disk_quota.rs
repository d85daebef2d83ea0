//! The space that all accounts together may use.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crystallum_api::{Code, RemainingQuota};
use crystallum_share_store::space;
use sqlx::SqliteConnection;

use crate::app::problems::{Problem, Problems};
use crate::http::error::ApiResult;

/// What somebody needs space for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Need {
    /// A new account. The last tenth of the quota is for the accounts that exist.
    NewAccount,
    /// Whatever an account writes. The last twentieth is for what makes a vault safer.
    Ordinary,
    /// A device that joins, or a change of sign-in methods: a stolen passkey can be removed, and a
    /// lost recovery sheet replaced, while nothing else can be written.
    Access,
}

/// The quota of the whole server.
pub(crate) struct DiskQuota {
    max: u64,
    /// The used part of the main database.
    main: AtomicU64,
    /// The files of the stores.
    stores: AtomicU64,
    problems: Arc<Problems>,
}

impl DiskQuota {
    pub(crate) fn new(max: u64, problems: Arc<Problems>) -> Self {
        let (main, stores) = (AtomicU64::new(0), AtomicU64::new(0));
        Self { max, main, stores, problems }
    }

    /// Finds out how much space is used, with what the stores say that they use. Free pages do not
    /// count, because they are used before a file grows.
    pub(crate) async fn measure(&self, conn: &mut SqliteConnection, stores: u64) -> sqlx::Result<()> {
        self.main.store(space::used_bytes(conn).await?, Ordering::Relaxed);
        self.stores.store(stores, Ordering::Relaxed);
        self.report();
        Ok(())
    }

    /// Begins and ends the problems that depend on how much space is used.
    fn report(&self) {
        let used = self.used();
        let lasts = [
            (Problem::DiskReserveUsed, Need::Access),
            (Problem::DiskQuotaReached, Need::Ordinary),
            (Problem::DiskQuotaNear, Need::NewAccount),
        ];
        let worst = lasts.iter().find(|(_, need)| used >= self.max_for(*need)).map(|(problem, _)| *problem);
        for (problem, _) in lasts.iter().filter(|(problem, _)| Some(*problem) != worst) {
            self.problems.end(*problem);
        }
        if let Some(problem) = worst {
            self.problems.begin(problem, format_args!("{used} bytes are used, of {}", self.max));
        }
    }

    /// Returns how much space was used when it was last measured, in bytes.
    pub(crate) fn used(&self) -> u64 {
        self.main.load(Ordering::Relaxed).saturating_add(self.stores.load(Ordering::Relaxed))
    }

    fn max_for(&self, need: Need) -> u64 {
        match need {
            Need::NewAccount => self.max - self.max / 10,
            Need::Ordinary => self.max - self.max / 20,
            Need::Access => self.max,
        }
    }

    /// Refuses what needs more space if there is none for it.
    pub(crate) fn check(&self, need: Need) -> ApiResult<()> {
        if self.used() < self.max_for(need) { Ok(()) } else { Err(Code::Unavailable.into()) }
    }

    /// Limits what an account may still add to what there is for all.
    pub(crate) fn limit(&self, remaining: RemainingQuota) -> RemainingQuota {
        let left = |need| self.max_for(need).saturating_sub(self.used());
        let ordinary = left(Need::Ordinary);
        RemainingQuota {
            records: if ordinary == 0 { 0 } else { remaining.records },
            bytes: remaining.bytes.min(ordinary),
            access: remaining.access.min(left(Need::Access)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_need_ends_at_its_border() {
        let problems: Arc<Problems> = Arc::default();
        let quota = DiskQuota::new(1_000, Arc::clone(&problems));
        let at = |used: u64| {
            // The stores count as much as the main database.
            quota.main.store(used - used / 3, Ordering::Relaxed);
            quota.stores.store(used / 3, Ordering::Relaxed);
            quota.report();
            let allowed =
                [Need::NewAccount, Need::Ordinary, Need::Access].map(|need| quota.check(need).is_ok());
            let left = quota.limit(RemainingQuota { records: 5, bytes: 10_000, access: 10_000 });
            (allowed, left.bytes, left.records, left.access, problems.names())
        };
        assert_eq!(at(899), ([true, true, true], 51, 5, 101, vec![]));
        assert_eq!(at(900), ([false, true, true], 50, 5, 100, vec!["disk_quota_near"]));
        assert_eq!(at(949), ([false, true, true], 1, 5, 51, vec!["disk_quota_near"]));
        assert_eq!(at(950), ([false, false, true], 0, 0, 50, vec!["disk_quota_reached"]));
        assert_eq!(at(999), ([false, false, true], 0, 0, 1, vec!["disk_quota_reached"]));
        assert_eq!(at(1_000), ([false, false, false], 0, 0, 0, vec!["disk_reserve_used"]));
        assert_eq!(at(5_000), ([false, false, false], 0, 0, 0, vec!["disk_reserve_used"]));
        assert_eq!(at(0), ([true, true, true], 950, 5, 1_000, vec![]));
    }
}
