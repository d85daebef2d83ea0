//! The space that all accounts together may use.

use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crystallum_api::{Code, RemainingQuota};
use crystallum_share_store::space;
use sqlx::SqliteConnection;

use crate::app::problems::{Problem, Problems};
use crate::http::error::ApiResult;

/// The quota of the whole server. The last tenth is for the accounts that exist: new ones are
/// refused before the others can no longer write.
pub(crate) struct DiskQuota {
    max: u64,
    used: AtomicU64,
    problems: Arc<Problems>,
}

impl DiskQuota {
    pub(crate) fn new(max: u64, problems: Arc<Problems>) -> Self {
        Self { max, used: AtomicU64::new(0), problems }
    }

    /// Finds out how much space is used, with what the stores say that they use. Free pages do not
    /// count, because they are used before a file grows.
    pub(crate) async fn measure(&self, conn: &mut SqliteConnection, stores: u64) -> sqlx::Result<()> {
        let used = space::used_bytes(conn).await?.saturating_add(stores);
        self.used.store(used, Ordering::Relaxed);
        let detail = format_args!("{used} bytes are used, of {}", self.max);
        match used {
            used if used >= self.max => {
                self.problems.begin(Problem::DiskQuotaReached, detail);
            }
            used if used >= self.max_for_new_accounts() => {
                self.problems.end(Problem::DiskQuotaReached);
                self.problems.begin(Problem::DiskQuotaNear, detail);
                return Ok(());
            }
            _ => self.problems.end(Problem::DiskQuotaReached),
        }
        self.problems.end(Problem::DiskQuotaNear);
        Ok(())
    }

    /// Returns how much space was used when it was last measured, in bytes.
    pub(crate) fn used(&self) -> u64 {
        self.used.load(Ordering::Relaxed)
    }

    fn max_for_new_accounts(&self) -> u64 {
        self.max - self.max / 10
    }

    /// Refuses a new account if there is space for the present ones only.
    pub(crate) fn check_new_account(&self) -> ApiResult<()> {
        if self.used() < self.max_for_new_accounts() { Ok(()) } else { Err(Code::Unavailable.into()) }
    }

    /// Refuses whatever needs more space if there is none.
    pub(crate) fn check_growth(&self) -> ApiResult<()> {
        if self.used() < self.max { Ok(()) } else { Err(Code::Unavailable.into()) }
    }

    /// Limits what an account may still add to what there is for all.
    pub(crate) fn limit(&self, remaining: RemainingQuota) -> RemainingQuota {
        let left = self.max.saturating_sub(self.used());
        let records = if left == 0 { 0 } else { remaining.records };
        RemainingQuota { records, bytes: remaining.bytes.min(left) }
    }
}
