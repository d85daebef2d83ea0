//! Applies commits to an account and reads them back for other devices.

mod change;
pub(crate) mod delta;
pub(crate) mod disk_quota;
pub(crate) mod quota;
pub(crate) mod rules;
pub(crate) mod signatures;
pub(crate) mod turns;
pub(crate) mod write;
