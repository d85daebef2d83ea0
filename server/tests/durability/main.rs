//! What was acknowledged stays: over kills, over a disk that keeps only what was synced, through a backup and back.
//!
//! The server is a process of its own, and its clients sign real heads, so `doctor` can judge every vault.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod backup;
mod dice;
mod doctor;
mod kills;
mod person;
mod program;
mod signer;
#[cfg(target_os = "linux")]
mod synced;
#[expect(dead_code, reason = "written for the other tests of the server, which use all of it")]
#[path = "../server/touch.rs"]
mod touch;
#[cfg(target_os = "linux")]
mod trace;
mod wire;
mod work;
