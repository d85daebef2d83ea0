//! Applies commits to an account and reads them back for other devices.

mod blank_wraps;
mod change;
pub(crate) mod checkpoint;
pub(crate) mod deletion;
pub(crate) mod delta;
pub(crate) mod disk_quota;
pub(crate) mod history;
pub(crate) mod methods;
pub(crate) mod places;
pub(crate) mod put_back;
pub(crate) mod quota;
pub(crate) mod restored;
pub(crate) mod rules;
pub(crate) mod states;
pub(crate) mod successor;
pub(crate) mod tree_change;
pub(crate) mod turns;
pub(crate) mod write;
