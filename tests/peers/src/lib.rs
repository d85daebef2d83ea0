//! The product beside its peers.
//!
//! `tests/shamir.rs` holds shares against an npm package. In a browser, [`browser`] is what `cargo xtask bench` measures beside other
//! packages. A [`Writer`] is a device without an engine, which fills vaults fast.

#[cfg(target_arch = "wasm32")]
pub mod browser;
mod writer;

pub use writer::{NotFollowed, Writer};
