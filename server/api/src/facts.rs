use crate::schema::{Described, Schema};

/// What everyone who handles an endpoint has to know about it. The router, the rate limiter, the
/// OpenAPI document and the client all take it from here.
#[derive(Clone, Copy, Debug)]
pub struct Facts {
    /// The method.
    pub method: Method,
    /// The path, with the names of its parameters in braces.
    pub path: &'static str,
    /// Which rate limit applies besides those for every request.
    pub limit: LimitClass,
    /// Whether the endpoint needs a session.
    pub auth: AuthClass,
    /// The body of a request.
    pub request: RequestBody,
    /// The body of a response with a status below 400.
    pub response: ResponseBody,
}

/// The method of an endpoint.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// Reads.
    Get,
    /// Writes, or reads something that must not be in an address.
    Post,
}

/// The rate limit of an endpoint. A request with a session counts towards the limits of the session
/// and of its account. Others count towards the limit of their address, which people behind one
/// proxy or router share, unless the class says otherwise.
///
/// There is no default on purpose: a new endpoint has to choose.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LimitClass {
    /// No further limit.
    Ordinary,
    /// None at all, for whatever costs no more than its refusal would.
    Free,
    /// A tight limit per address, which is checked before the body is read, for whatever creates
    /// an account.
    SignUp,
    /// A tight limit per address for proofs that do not hold. Those of known credentials have a
    /// limit per account first, so that a neighbour's false proofs keep nobody out. If the endpoint
    /// needs a session, attempts count towards the session, apart from its other requests.
    Proof,
    /// A tight limit per session and account, for whatever checks the credential of a share store.
    StoreCredential,
    /// None for a session that was valid a moment ago, which the request ends.
    SignOut,
}

/// Whether an endpoint needs a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AuthClass {
    /// No. A session makes no difference.
    Public,
    /// No, but the endpoint takes a session into account.
    OptionalSession,
    /// Yes, and one that was opened with the vault's key is enough.
    AnySession,
    /// Yes. Requests without a valid session are refused before the endpoint's handler runs, and so
    /// are those whose session was opened with the vault's key.
    Session,
}

impl AuthClass {
    /// Returns whether requests without a session are refused.
    pub const fn needs_session(self) -> bool {
        matches!(self, Self::AnySession | Self::Session)
    }
}

/// The body of a request.
#[derive(Clone, Copy, Debug)]
pub enum RequestBody {
    /// There is none. A `GET` ignores a body; other methods refuse one.
    Empty,
    /// JSON.
    Json {
        /// The type of the body.
        schema: Schema,
        /// The largest size, in bytes.
        max: usize,
    },
}

impl RequestBody {
    /// Describes a JSON body of the type `T` that has at most `max` bytes.
    pub(crate) const fn json<T: Described>(max: usize) -> Self {
        Self::Json { schema: Schema::of::<T>(), max }
    }
}

/// The body of a successful response.
#[derive(Clone, Copy, Debug)]
pub enum ResponseBody {
    /// There is none (204).
    Empty,
    /// JSON (200).
    Json(Schema),
    /// Server-sent events (200), until the client or the server ends the stream.
    Events,
    /// The OpenAPI document (200), which does not describe itself.
    OpenApi,
}

impl ResponseBody {
    /// Describes a JSON body of the type `T`.
    pub(crate) const fn json<T: Described>() -> Self {
        Self::Json(Schema::of::<T>())
    }
}
