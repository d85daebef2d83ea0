//! What the engine needs from its surroundings. The browser's worker has one set of adapters, native programs another.

use crystallum_core::DeviceId;
use crystallum_messages::{Asserted, CreateOptions, GetOptions, Refusal, Registered};

/// A set of adapters. Futures need not be `Send`: an engine lives on one thread.
#[expect(async_fn_in_trait, reason = "an engine lives on one thread, so no caller needs Send futures")]
pub trait Transport {
    /// Sends one request to the server that this client belongs to, with its session cookie, and reads at most
    /// `request.max_answer` bytes of the answer; a longer answer is [`Unreachable`].
    async fn send(&self, request: HttpRequest) -> Result<HttpAnswer, Unreachable>;
}

/// One request. Bodies are JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpRequest {
    /// `GET` or `POST`.
    pub method: Method,
    /// Path with query, starting with `/api/`.
    pub path: String,
    /// JSON body of a `POST`.
    pub body: Option<Vec<u8>>,
    /// Most bytes of an answer that are read.
    pub max_answer: usize,
}

/// The two methods in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Writes.
    Post,
}

/// One answer, not trusted in any way.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpAnswer {
    /// HTTP status.
    pub status: u16,
    /// Whether the content type is `application/json`.
    pub json: bool,
    /// The body.
    pub body: Vec<u8>,
}

/// No answer, or one that was cut or too long. The request may have arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreachable;

/// The device's own storage: ciphertext, heads and what the unlock page shows.
#[expect(async_fn_in_trait, reason = "an engine lives on one thread, so no caller needs Send futures")]
pub trait LocalStore {
    /// The value of a key.
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreFailed>;

    /// Every key that starts with `prefix`, with its value, in key order.
    async fn scan(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreFailed>;

    /// Writes all of `batch` or nothing, durably; nothing when `batch.expect` does not hold.
    async fn write(&self, batch: Batch) -> Result<(), WriteFailed>;
}

/// Writes that become visible together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// A key that must have this value (`None`: must be absent) for the batch to be written.
    pub expect: Option<(String, Option<Vec<u8>>)>,
    /// Keys with their new values; `None` deletes.
    pub writes: Vec<(String, Option<Vec<u8>>)>,
}

/// The storage does not work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct StoreFailed;

/// Why a batch was not written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WriteFailed {
    /// `expect` does not hold: something else wrote meanwhile.
    Changed,
    /// The storage does not work.
    Failed,
}

/// Runs the WebAuthn ceremonies that the engine composed, changing nothing.
#[expect(async_fn_in_trait, reason = "an engine lives on one thread, so no caller needs Send futures")]
pub trait Authenticator {
    /// `navigator.credentials.create()`.
    async fn create(&self, options: CreateOptions) -> Result<Registered, Refusal>;

    /// `navigator.credentials.get()`.
    async fn get(&self, options: GetOptions) -> Result<Asserted, Refusal>;
}

/// The device's P-256 signing keys, which cannot leave the device.
#[expect(async_fn_in_trait, reason = "an engine lives on one thread, so no caller needs Send futures")]
pub trait DeviceKey {
    /// Makes a key for a device id, durably, and returns its public half, SEC1 uncompressed.
    async fn create(&self, device: DeviceId) -> Result<[u8; 65], NoDeviceKey>;

    /// ECDSA with SHA-256 over `message`, as `r ‖ s`.
    async fn sign(&self, device: DeviceId, message: &[u8]) -> Result<[u8; 64], NoDeviceKey>;

    /// Forgets a key, if it is there and can be forgotten.
    async fn remove(&self, device: DeviceId);
}

/// There is no such key, or it cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoDeviceKey;

/// The device's wall clock; shown and used for waiting, never trusted.
pub trait Clock {
    /// Milliseconds since 1970.
    fn now(&self) -> u64;
}

pub use crystallum_core::Entropy;

/// The six adapters, and where events go.
pub trait Ports {
    /// To the server.
    type Transport: Transport;
    /// This device's storage.
    type LocalStore: LocalStore;
    /// Passkeys.
    type Authenticator: Authenticator;
    /// This device's signing key.
    type DeviceKey: DeviceKey;
    /// The time.
    type Clock: Clock;
    /// Randomness.
    type Entropy: Entropy;

    /// The adapter to the server.
    fn transport(&self) -> &Self::Transport;
    /// The adapter to this device's storage.
    fn store(&self) -> &Self::LocalStore;
    /// The adapter to passkeys.
    fn authenticator(&self) -> &Self::Authenticator;
    /// The adapter to this device's signing key.
    fn device_key(&self) -> &Self::DeviceKey;
    /// The adapter to the clock.
    fn clock(&self) -> &Self::Clock;
    /// The adapter to randomness.
    fn entropy(&mut self) -> &mut Self::Entropy;
    /// Takes an event to whoever shows it.
    fn emit(&self, event: crystallum_messages::Event);
}
