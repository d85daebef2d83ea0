//! One write of an account, and telling writes to other devices.

mod delta;
mod quota;
mod write;

pub(crate) use delta::delta;
pub(crate) use quota::Quotas;
pub(crate) use write::{apply, fingerprint};
