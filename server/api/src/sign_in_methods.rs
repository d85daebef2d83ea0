use serde::{Deserialize, Serialize};

use crate::{Bytes, Commit, Id, Login, Registration};

/// What the server keeps of a recovery code (FORMAT.md, "Recovery code"): neither lets anybody make the code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecoveryVerifier {
    /// SHA-256 of the lookup value, 32 bytes.
    pub lookup_hash: Bytes,
    /// Ed25519 public key, 32 bytes.
    pub verifier: Bytes,
}

/// Opens a session by a recovery code.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RecoveryLogin {
    /// The ceremony of the server's nonce.
    pub ceremony: Id,
    /// The lookup value, 16 bytes.
    pub lookup: Bytes,
    /// Fresh random bytes, 32.
    pub client_nonce: Bytes,
    /// SHA-256 of the device's public key, 32 bytes.
    pub device_key_hash: Bytes,
    /// Ed25519 over host, server nonce, client nonce, device key hash and purpose, 64 bytes.
    pub signature: Bytes,
}

/// That the owner is there now: a fresh touch, or the recovery code, whose signature names the purpose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Proof {
    /// A passkey of the account.
    Passkey(Login),
    /// The account's recovery code.
    Recovery(RecoveryLogin),
}

/// A passkey to be added.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewPasskey {
    /// The ceremony of the challenge that was signed.
    pub ceremony: Id,
    /// What the authenticator made, without extension results.
    pub credential: Registration,
}

/// Changes the ways in: what the server verifies and the commit that says the same to the devices, together or not at all.
///
/// Needs a session and a proof. The same commit again answers the same and needs no proof, so a lost answer is harmless.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ChangeWays))]
pub struct ChangeSignInMethods {
    /// That the owner is there; its purpose is "change the ways in".
    pub proof: Proof,
    /// A passkey to be added.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub add_passkey: Option<NewPasskey>,
    /// Credential id of a passkey to be removed.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remove_passkey: Option<Bytes>,
    /// A recovery code that takes the place of the one before, if there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_recovery: Option<RecoveryVerifier>,
    /// The recovery code is removed without another one.
    #[serde(default)]
    pub remove_recovery: bool,
    /// The commit; its operation is "ways".
    pub commit: Commit,
}

/// Deletes the account and everything stored for it, shares included. Needs a session and a proof of purpose "delete the vault".
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeleteAccount {
    /// That the owner is there.
    pub proof: Proof,
}
