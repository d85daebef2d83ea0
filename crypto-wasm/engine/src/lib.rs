//! The use cases of a vault over six ports: sessions, synchronisation, commits, records, sign-in
//! methods, wallets and locking.
//!
//! The crate is plain Rust without a browser, an async runtime or threads. The same code runs in
//! the browser's worker and natively against a real server. [`Engine::run`] carries out one
//! [`Command`](crystallum_messages::Command) at a time.

mod catalogue;
mod ceremonies;
mod client;
mod convert;
mod create;
mod engine;
mod history;
mod index;
mod join;
mod local;
mod objects;
mod pending;
mod phrase;
mod ports;
mod pull;
mod rebase;
mod records;
mod recover;
mod roots;
mod sheet;
mod sign_in_methods;
mod trash;
mod unlock;
mod vault;
mod versions;
mod wallets;
mod write;

pub use engine::Engine;
pub use ports::{
    Authenticator, Batch, Clock, DeviceKey, Entropy, HttpAnswer, HttpRequest, LocalStore, Method,
    NoDeviceKey, Ports, StoreFailed, Transport, Unreachable, WriteFailed,
};
