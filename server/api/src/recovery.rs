use serde::{Deserialize, Serialize};

use crate::binary::{Bytes, Id};

/// The server's record of a recovery code (FORMAT.md, "Recovery code"). The code cannot be derived
/// from either value.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecoveryVerifier {
    /// The SHA-256 of the lookup value, 32 bytes.
    pub lookup_hash: Bytes,
    /// The Ed25519 public key, 32 bytes.
    pub verifier: Bytes,
}

/// The body of `POST /api/recovery`: opens a session with a recovery code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecoveryLogin {
    /// The ceremony that issued the server's nonce.
    pub ceremony: Id,
    /// The lookup value, 16 bytes.
    pub lookup: Bytes,
    /// The client's nonce, 32 random bytes.
    pub client_nonce: Bytes,
    /// The SHA-256 of the device's public key, 32 bytes.
    pub device_key_hash: Bytes,
    /// The Ed25519 signature over host, server nonce, client nonce, device key hash, and purpose,
    /// 64 bytes.
    pub signature: Bytes,
}
