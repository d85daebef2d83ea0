//! Compares the product with npm packages that do the same.
//!
//! `tests/shamir.rs` checks that our shares and those of an npm package agree. `browser` has the
//! functions that `cargo xtask bench` measures in Chromium. A [`Writer`] is a device without an
//! engine, which fills vaults quickly.

#[cfg(target_arch = "wasm32")]
pub mod browser;
mod writer;

pub use writer::{HistoryMismatch, Writer};
