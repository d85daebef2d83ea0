//! The server's API.

pub(crate) mod client;
