//! The engine against the real server: a process of its own, native adapters, and a network that can be made to fail.
//!
//! A test takes a [`Server`], a [`Wallet`] with passkeys and as many [`Device`]s as it needs.

mod build;
mod canary;
mod device;
mod format;
mod luck;
mod memory;
mod ports;
mod raw;
mod server;

pub use canary::{Canaries, Canary, Finding};
pub use device::{Device, credentials, draft, text, typed};
pub use format::{Roots, recompute_roots, sign_head};
pub use luck::Luck;
pub use memory::process_memory;
pub use ports::{
    Call, Disk, Fault, Keys, Network, PrfMode, Profile, SeededEntropy, SettableClock, SoftAuthenticator,
    Wallet,
};
pub use raw::{Answer, Raw};
pub use server::Server;
