//! Floods by one client: the server keeps its memory, and goes on serving everybody else.
//!
//! The server runs in its own process, so that its memory can be measured. The ordinary run uses
//! fewer connections than `--deep`.
#![cfg(target_os = "linux")]
#![expect(clippy::unwrap_used, reason = "a test fails by panicking")]

mod budgets;
mod ceremonies;
mod connections;
mod files;
mod flood;
mod memory;
mod sustained;
