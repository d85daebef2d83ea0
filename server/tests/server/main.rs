//! The server through its socket, with a software authenticator.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod accounts;
mod browser;
mod commits;
mod dealing;
mod deletion;
mod deltas;
mod foreign;
mod invites;
mod limits;
mod login;
mod malformed;
mod metrics;
mod migration;
mod pages;
mod person;
mod place;
mod process;
mod quotas;
mod recovery;
mod sessions;
mod shares;
mod sheet;
mod shutdown;
mod stores;
mod sweep;
mod touch;
mod versions;
mod wallets;
mod ways;
mod ways_refused;
mod writes;
