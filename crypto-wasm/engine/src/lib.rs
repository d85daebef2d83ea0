//! The use cases of a vault over six ports: sessions, synchronisation, commits, records, sign-in
//! methods, wallets and locking.
//!
//! The crate is plain Rust without a browser, an async runtime or threads. The same code runs in
//! the browser's worker and natively against a real server. [`Engine::run`] carries out one
//! [`Command`](crystallum_messages::Command) at a time.

mod access;
mod dispatch;
mod entry;
mod failures;
mod keys;
mod local;
mod passkeys;
mod ports;
mod sync;
mod trash;
mod vault;
mod wallets;
mod wire;

pub use dispatch::Engine;
pub use ports::{
    Authenticator, Batch, Clock, DeviceKey, Entropy, HttpAnswer, HttpRequest, LocalStore, Method,
    NoDeviceKey, Ports, StoreFailed, Transport, Unreachable, WriteFailed,
};
