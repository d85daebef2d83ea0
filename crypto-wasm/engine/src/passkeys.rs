//! Passkeys: challenges, WebAuthn ceremonies, and the keys that they give.

pub(crate) mod ceremony;
pub(crate) mod challenge;
pub(crate) mod options;
pub(crate) mod prefetch;
pub(crate) mod prf;
