//! Synchronisation with the server: pulling, signing, rebasing and pushing. Nothing in here knows
//! what a record contains, or how the vault was opened.

pub(crate) mod alarms;
pub(crate) mod behind;
pub(crate) mod catch_up;
pub(crate) mod checkpoint;
pub(crate) mod commit;
pub(crate) mod floor;
pub(crate) mod plan;
pub(crate) mod preflight;
pub(crate) mod pull;
pub(crate) mod push;
pub(crate) mod put_back;
pub(crate) mod rebase;
pub(crate) mod secrets;
pub(crate) mod sign;
pub(crate) mod status;
