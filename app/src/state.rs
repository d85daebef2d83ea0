//! The state that the pages share, and what changes it.

pub(crate) mod ceremony;
pub(crate) mod challenge_prefetch;
pub(crate) mod idle;
pub(crate) mod lock;
pub(crate) mod preferences;
pub(crate) mod session;
pub(crate) mod unsaved_changes;
