//! Applies commits to an account and reads them back for other devices.

mod change;
mod delta;
mod quota;
mod write;

pub(crate) use delta::delta;
pub(crate) use quota::Quotas;
pub(crate) use write::{apply_commit, find_earlier_result, fingerprint};

fn length(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}
