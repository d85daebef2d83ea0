//! Tests of the server over HTTP with a software authenticator.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod accounts;
mod bodies;
mod commits;
mod cross_origin;
mod database_lost;
mod deletion;
mod deltas;
mod disk_quota;
mod endpoints;
mod entity_tags;
mod fixture;
mod full_disk;
mod invites;
mod limits;
mod login;
mod malformed;
mod metrics;
mod migration;
mod neighbours;
mod pages;
mod process;
mod proxies;
mod quotas;
mod recovery;
mod request_ids;
mod sessions;
mod shares;
mod shutdown;
mod sign_in_methods;
mod sign_in_methods_refused;
mod signatures;
mod stores;
mod sweep;
mod versions;
mod wallets;
