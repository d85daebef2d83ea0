//! Support for tests of the engine against the real server, which runs as a process of its own. The
//! engine has native adapters and a network that can be made to fail.
//!
//! A test uses a [`Server`], a [`Wallet`] with passkeys and as many [`Device`]s as it needs.

mod build;
mod canary;
mod device;
mod format;
mod memory;
mod ports;
mod raw;
mod seeded_rng;
mod server;

pub use canary::{Canaries, Canary, Finding};
pub use device::{Device, credentials, draft, text, typed};
pub use format::{Roots, recompute_roots, sign_head};
pub use memory::process_memory;
pub use ports::{
    Call, Disk, Fault, Keys, Network, PrfMode, Profile, SeededEntropy, SettableClock, SoftAuthenticator,
    Wallet,
};
pub use raw::{Answer, Raw};
pub use seeded_rng::SeededRng;
pub use server::Server;
