use serde::{Deserialize, Serialize};

use crate::account::Session;
use crate::binary::{Bytes, Id};
use crate::vault::Entry;

/// Proof that the owner of the vault is present on one of its devices, although no sign-in method
/// is known to the server: signatures by the vault's key and by the device's (FORMAT.md, section
/// 7.8).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VaultProof {
    /// The ceremony that issued the server's nonce.
    pub ceremony: Id,
    /// The device.
    pub device: Id,
    /// The device's P-256 public key, SEC1 uncompressed, 65 bytes.
    pub device_key: Bytes,
    /// The vault's Ed25519 signature over host, server nonce and device key hash, 64 bytes.
    pub vault_signature: Bytes,
    /// The device's ECDSA signature over the same, 64 bytes.
    pub device_signature: Bytes,
}

/// The body of `POST /api/login/vault`: opens a session with the vault's key, where the server has
/// lost commits or what signs in with a live sign-in method. With such a session, the vault can be
/// read, commits can be put back, and sign-in methods be changed, and nothing else.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VaultLogin {
    /// The account, which is the vault.
    pub account: Id,
    /// Proof that the vault's key and a device's key are present.
    pub proof: VaultProof,
    /// The commits after the server's newest one that the device knows, oldest first, as many as
    /// fit, without ciphertext. They show that the server has lost something, and that the device
    /// is one of the vault. If none is sent, the device must be one in the server's state.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub lost: Vec<Entry>,
}

/// The response to `POST /api/login/vault`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct VaultSession {
    /// The session.
    pub session: Session,
    /// The live sign-in methods with which nobody can sign in at this server.
    pub lacking: Vec<Id>,
}
