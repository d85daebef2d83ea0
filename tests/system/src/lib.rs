//! The engine with native adapters, for tests against the real server, which runs as a process of
//! its own.
//!
//! A test uses a [`Server`](crystallum_test_support::Server),
//! [`Passkeys`](crystallum_test_support::Passkeys) and as many [`Device`]s as it needs, each with a
//! [`Network`](crystallum_test_support::Network) that can be made to fail.

mod canary;
mod device;
mod format;
mod memory;
mod phone;
mod ports;
mod successor;

pub use canary::{Canaries, Canary, Finding};
pub use device::{Device, credentials, draft, text, typed};
pub use format::{Roots, recompute_roots, sign_head};
pub use memory::process_memory;
pub use phone::read_by_a_phone;
pub use ports::{ArrivingCommands, Disk, Keys, Profile, ScriptedAuthenticator, SettableClock};
pub use successor::{Outsider, successor};
