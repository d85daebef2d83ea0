//! The ports of the engine: what it needs from its environment. The browser's worker has one set of
//! adapters, native programs have another.

use crystallum_core::DeviceId;
use crystallum_messages::{
    Asserted, CreateOptions, Failure, GetOptions, Refusal, Registered, Reply, Request,
};

/// The connection to the server. Clones share it. The futures of all ports need not be `Send`,
/// since an engine stays on one thread.
#[expect(async_fn_in_trait, reason = "an engine lives on one thread, so no caller needs Send futures")]
pub trait Transport: Clone + 'static {
    /// Sends one request to the server that this client belongs to, with its session cookie. Reads
    /// at most `request.max_answer` bytes of the answer; a longer answer is [`Unreachable`].
    async fn send(&self, request: HttpRequest) -> Result<HttpAnswer, Unreachable>;
}

/// One HTTP request. Bodies are JSON.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpRequest {
    /// The method.
    pub method: Method,
    /// The path with its query, starting with `/api/`.
    pub path: String,
    /// The JSON body of a `POST`.
    pub body: Option<Vec<u8>>,
    /// The most bytes to read of the answer's body.
    pub max_answer: usize,
}

/// The two HTTP methods in use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// `GET`.
    Get,
    /// `POST`.
    Post,
}

/// One HTTP answer. Nothing in it is trusted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct HttpAnswer {
    /// The HTTP status.
    pub status: u16,
    /// Whether the content type is `application/json`.
    pub json: bool,
    /// The bytes of the body.
    pub body: Vec<u8>,
}

/// There is no answer, or it was cut off or too long. The request may have arrived.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Unreachable;

/// The device's own storage, which holds ciphertext, heads and what the unlock page shows. Clones
/// share it.
#[expect(async_fn_in_trait, reason = "an engine lives on one thread, so no caller needs Send futures")]
pub trait LocalStore: Clone + 'static {
    /// Returns the value of a key.
    async fn get(&self, key: &str) -> Result<Option<Vec<u8>>, StoreFailed>;

    /// Returns every key that starts with `prefix`, with its value, in key order.
    async fn scan(&self, prefix: &str) -> Result<Vec<(String, Vec<u8>)>, StoreFailed>;

    /// Writes all of `batch` durably, or nothing. Writes nothing if `batch.expect` does not hold.
    async fn write(&self, batch: Batch) -> Result<(), WriteFailed>;
}

/// Writes that are made atomically.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Batch {
    /// A key that must have this value, or be absent for `None`, for the batch to be written.
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
    /// `expect` does not hold, so something else has written in the meantime.
    Changed,
    /// The storage does not work.
    Failed,
}

/// Runs the WebAuthn ceremonies of the engine without changing their options. Clones share it.
#[expect(async_fn_in_trait, reason = "an engine lives on one thread, so no caller needs Send futures")]
pub trait Authenticator: Clone {
    /// Registers a passkey with `navigator.credentials.create()`.
    async fn create(&self, options: CreateOptions) -> Result<Registered, Refusal>;

    /// Uses a passkey with `navigator.credentials.get()`.
    async fn get(&self, options: GetOptions) -> Result<Asserted, Refusal>;
}

/// The commands of the page that have arrived and are not carried out yet. Clones share them.
#[expect(async_fn_in_trait, reason = "an engine lives on one thread, so no caller needs Send futures")]
pub trait CommandQueue: Clone {
    /// Waits for a command that was not postponed, and takes it. A future that is dropped takes
    /// none.
    async fn next(&self) -> Request;

    /// Sends the response to a command that was taken.
    fn respond(&self, id: u32, result: Result<Reply, Failure>);

    /// Puts a command back, to be carried out once the running one is finished.
    fn postpone(&self, request: Request);
}

/// A queue for an engine whose caller sends one command at a time.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoQueue;

impl CommandQueue for NoQueue {
    async fn next(&self) -> Request {
        std::future::pending().await
    }

    fn respond(&self, _: u32, _: Result<Reply, Failure>) {}

    fn postpone(&self, _: Request) {}
}

/// The device's P-256 signing keys, which cannot leave the device.
#[expect(async_fn_in_trait, reason = "an engine lives on one thread, so no caller needs Send futures")]
pub trait DeviceKey {
    /// Generates and durably stores a key for a device id. Returns the public key, SEC1
    /// uncompressed.
    async fn create(&self, device: DeviceId) -> Result<[u8; 65], NoDeviceKey>;

    /// Signs `message` with ECDSA and SHA-256. Returns `r ‖ s`.
    async fn sign(&self, device: DeviceId, message: &[u8]) -> Result<[u8; 64], NoDeviceKey>;

    /// Deletes a key, if it exists and can be deleted.
    async fn remove(&self, device: DeviceId);
}

/// There is no such key, or it cannot be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoDeviceKey;

/// The device's wall clock. Its time is shown and used for timeouts, but never trusted.
pub trait Clock {
    /// Returns the time in milliseconds since 1970.
    fn now(&self) -> u64;
}

pub use crystallum_core::Entropy;

/// The set of adapters for one engine.
pub trait Ports {
    /// The connection to the server.
    type Transport: Transport;
    /// The device's storage.
    type LocalStore: LocalStore;
    /// The passkeys.
    type Authenticator: Authenticator;
    /// The commands that have arrived.
    type CommandQueue: CommandQueue;
    /// The device's signing keys.
    type DeviceKey: DeviceKey;
    /// The clock.
    type Clock: Clock;
    /// The source of randomness.
    type Entropy: Entropy;

    /// Returns the connection to the server.
    fn transport(&self) -> &Self::Transport;
    /// Returns the device's storage.
    fn store(&self) -> &Self::LocalStore;
    /// Returns the passkeys.
    fn authenticator(&self) -> &Self::Authenticator;
    /// Returns the commands that have arrived.
    fn commands(&self) -> &Self::CommandQueue;
    /// Returns the device's signing keys.
    fn device_key(&self) -> &Self::DeviceKey;
    /// Returns the clock.
    fn clock(&self) -> &Self::Clock;
    /// Returns the source of randomness.
    fn entropy(&mut self) -> &mut Self::Entropy;
    /// Returns how the browser names itself to servers. Empty for a program that is none.
    fn user_agent(&self) -> String;
    /// Passes an event on to the page.
    fn emit(&self, event: crystallum_messages::Event);
}
