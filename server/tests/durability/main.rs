//! Acknowledged writes are durable: they survive kills, a disk that only keeps what was synced, and
//! a backup with its restoration.
//!
//! The server runs in its own process, and the clients sign real heads, so that `doctor` can check
//! every vault.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

#[expect(dead_code, reason = "written for the other tests of the server, which use all of it")]
#[path = "../server/authenticator.rs"]
mod authenticator;
mod backup;
mod client;
mod doctor;
mod kills;
mod person;
mod program;
mod seeded_rng;
mod signer;
#[cfg(target_os = "linux")]
mod synced;
#[cfg(target_os = "linux")]
mod trace;
mod work;
