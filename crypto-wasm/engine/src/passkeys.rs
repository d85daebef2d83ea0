//! WebAuthn ceremonies.

pub(crate) mod options;
