//! The use-cases of a vault, over six ports: session, sync, commit, records, ways in, wallets, lock.
//!
//! Plain Rust: no browser, no runtime, no thread. The same code runs in the browser's worker and natively against a real server.
//! [`Engine::run`] takes one [`Command`](crystallum_messages::Command) at a time.

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
mod trash;
mod unlock;
mod vault;
mod versions;
mod wallets;
mod ways;
mod write;

pub use engine::Engine;
pub use ports::{
    Authenticator, Batch, Clock, DeviceKey, Entropy, HttpAnswer, HttpRequest, LocalStore, Method,
    NoDeviceKey, Ports, StoreFailed, Transport, Unreachable, WriteFailed,
};
