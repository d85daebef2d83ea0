//! What was acknowledged stays: over kills, over a disk that keeps only what was synced, through a backup and back.
//!
//! The server is a process of its own, and its clients sign real heads, so `doctor` can judge every vault.
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
