//! The server through its socket, with a software authenticator.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod accounts;
mod browser;
mod commits;
mod deltas;
mod foreign;
mod invites;
mod limits;
mod login;
mod malformed;
mod pages;
mod person;
mod place;
mod process;
mod quotas;
mod sessions;
mod shutdown;
mod touch;
mod writes;
