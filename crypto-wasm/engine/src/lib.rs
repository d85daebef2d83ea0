//! The use cases of a vault over seven ports: sessions, synchronisation, commits, records, sign-in
//! methods, wallets and locking.
//!
//! The crate is plain Rust without a browser, an async runtime or threads. The same code runs in
//! the browser's worker and natively against a real server. [`Engine::run`] carries out one
//! [`Command`](crystallum_messages::Command); while it waits for a passkey, it takes the commands
//! that need none from the [`CommandQueue`].
//!
//! # Example
//!
//! A device that has nothing: no network, no passkey, no key, and a storage that stays empty. The
//! engine can still greet, and read a recovery code.
//!
//! ```
//! use std::pin::pin;
//! use std::task::{Context, Poll, Waker};
//!
//! use crystallum_core::DeviceId;
//! use crystallum_engine::{
//!     Authenticator, Batch, Clock, DeviceKey, Engine, Entropy, HttpAnswer, HttpRequest, LocalStore,
//!     NoDeviceKey, NoQueue, Ports, StoreFailed, Transport, Unreachable, WriteFailed,
//! };
//! use crystallum_messages::entry::{Command, Reply};
//! use crystallum_messages::{
//!     Asserted, CodeProblem, CreateOptions, Event, Failure, GetOptions, Refusal, Registered, SecretText,
//! };
//!
//! #[derive(Clone)]
//! struct Nothing;
//!
//! impl Transport for Nothing {
//!     async fn send(&self, _: HttpRequest) -> Result<HttpAnswer, Unreachable> {
//!         Err(Unreachable)
//!     }
//! }
//!
//! impl LocalStore for Nothing {
//!     async fn get(&self, _: &str) -> Result<Option<Vec<u8>>, StoreFailed> {
//!         Ok(None)
//!     }
//!     async fn scan(&self, _: &str) -> Result<Vec<(String, Vec<u8>)>, StoreFailed> {
//!         Ok(Vec::new())
//!     }
//!     async fn write(&self, _: Batch) -> Result<(), WriteFailed> {
//!         Err(WriteFailed::Failed)
//!     }
//! }
//!
//! impl Authenticator for Nothing {
//!     async fn create(&self, _: CreateOptions) -> Result<Registered, Refusal> {
//!         Err(Refusal::Unsupported)
//!     }
//!     async fn get(&self, _: GetOptions) -> Result<Asserted, Refusal> {
//!         Err(Refusal::Unsupported)
//!     }
//! }
//!
//! impl DeviceKey for Nothing {
//!     async fn create(&self, _: DeviceId) -> Result<[u8; 65], NoDeviceKey> {
//!         Err(NoDeviceKey)
//!     }
//!     async fn sign(&self, _: DeviceId, _: &[u8]) -> Result<[u8; 64], NoDeviceKey> {
//!         Err(NoDeviceKey)
//!     }
//!     async fn remove(&self, _: DeviceId) {}
//! }
//!
//! impl Clock for Nothing {
//!     fn now(&self) -> u64 {
//!         0
//!     }
//! }
//!
//! impl Entropy for Nothing {
//!     fn fill(&mut self, _: &mut [u8]) {
//!         unreachable!("nothing random is needed here");
//!     }
//! }
//!
//! impl Ports for Nothing {
//!     type Transport = Self;
//!     type LocalStore = Self;
//!     type Authenticator = Self;
//!     type CommandQueue = NoQueue;
//!     type DeviceKey = Self;
//!     type Clock = Self;
//!     type Entropy = Self;
//!
//!     fn transport(&self) -> &Self {
//!         self
//!     }
//!     fn store(&self) -> &Self {
//!         self
//!     }
//!     fn authenticator(&self) -> &Self {
//!         self
//!     }
//!     fn commands(&self) -> &NoQueue {
//!         &NoQueue
//!     }
//!     fn device_key(&self) -> &Self {
//!         self
//!     }
//!     fn clock(&self) -> &Self {
//!         self
//!     }
//!     fn entropy(&mut self) -> &mut Self {
//!         self
//!     }
//!     fn user_agent(&self) -> String {
//!         String::new()
//!     }
//!     fn emit(&self, _: Event) {}
//! }
//!
//! let mut engine = Engine::new(Nothing, "vault.example.com".to_owned());
//! let mut run = |command: Command| {
//!     let running = pin!(engine.run(command.into()));
//!     match running.poll(&mut Context::from_waker(Waker::noop())) {
//!         Poll::Ready(result) => result.map(|reply| Reply::try_from(reply).expect("the same domain")),
//!         Poll::Pending => unreachable!("none of these ports waits for anything"),
//!     }
//! };
//!
//! let Ok(Reply::Welcome(welcome)) = run(Command::Hello) else { panic!("a greeting") };
//! assert!(welcome.vaults.is_empty());
//!
//! let code = SecretText::new("ABCD EFGH".to_owned());
//! let too_short = Failure::CodeRejected(CodeProblem::Length { found: 8 });
//! assert_eq!(run(Command::CheckCode { code }), Err(too_short));
//! ```

mod access;
mod alarms;
mod aside;
mod dispatch;
mod entry;
mod failures;
mod going_over;
mod keys;
mod local;
mod opaque;
mod passkeys;
mod ports;
mod serve;
mod snapshot;
mod sync;
mod trash;
mod vault;
mod wallets;
mod wire;

pub use dispatch::Engine;
pub use ports::{
    Authenticator, Batch, Clock, CommandQueue, DeviceKey, Entropy, HttpAnswer, HttpRequest, LocalStore,
    Method, NoDeviceKey, NoQueue, Ports, StoreFailed, Transport, Unreachable, WriteFailed,
};
