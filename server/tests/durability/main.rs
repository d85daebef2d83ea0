//! Acknowledged writes are durable: they survive kills, a disk that only keeps what was synced, and
//! a backup with its restoration.
//!
//! The server runs in its own process, and the clients sign real heads, so that `doctor` can check
//! every vault.
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod accounts;
mod backup;
mod backup_stores;
#[cfg(unix)]
mod backup_unit;
#[cfg(target_os = "linux")]
mod disk;
mod doctor;
mod kills;
mod program;
#[cfg(target_os = "linux")]
mod synced;
#[cfg(target_os = "linux")]
mod trace;
#[cfg(target_os = "linux")]
mod volume;
