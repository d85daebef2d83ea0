//! Passkeys: challenges, WebAuthn ceremonies, and the keys derived from their PRF outputs.

pub(crate) mod ceremony;
pub(crate) mod challenge;
pub(crate) mod options;
pub(crate) mod prefetch;
pub(crate) mod prf;
pub(crate) mod waiting;
