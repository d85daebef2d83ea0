//! Synchronisation with the server: pulling, signing, rebasing and pushing.

pub(crate) mod atomic;
pub(crate) mod pull;
pub(crate) mod push;
pub(crate) mod rebase;
pub(crate) mod sign;
