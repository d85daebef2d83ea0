//! Ways to get a vault open: creating, unlocking, joining and recovering it.

pub(crate) mod create;
pub(crate) mod join;
pub(crate) mod recover;
pub(crate) mod unlock;
