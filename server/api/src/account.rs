use serde::{Deserialize, Serialize};

use crate::binary::{Bytes, Id};
use crate::recovery::RecoveryVerifier;
use crate::vault::Commit;

/// Who may create a vault on a server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SignUp {
    /// Nobody.
    Closed,
    /// Anyone with an invitation code.
    Invite,
    /// Anyone.
    Open,
}

/// A fresh challenge for one WebAuthn ceremony. The client chooses all other options itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Challenge {
    /// Identifies the ceremony when the client finishes it. It can be used once.
    pub ceremony: Id,
    /// At least 16 random bytes that the server never issues twice.
    pub challenge: Bytes,
    /// How many seconds the challenge remains valid.
    pub expires_in: u32,
}

/// The body of `POST /api/accounts`: creates an account with its passkey and genesis commit in one
/// transaction.
///
/// Repeating the request while its ceremony is alive returns the same result and opens a new
/// session, so a client can safely retry when it does not receive the response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateAccount {
    /// The ceremony whose challenge was signed.
    pub ceremony: Id,
    /// The account's id, which is also the vault id and the WebAuthn user handle.
    pub account: Id,
    /// The invitation code, if the server requires one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invite: Option<String>,
    /// The authenticator's registration response, without extension results.
    pub credential: Registration,
    /// The verifier of the vault's recovery code, if it has one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery: Option<RecoveryVerifier>,
    /// The genesis commit. Its `expected_counter` is 0.
    pub commit: Commit,
}

/// The body of `POST /api/login`: opens a session with a discoverable passkey and user
/// verification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Login {
    /// The ceremony whose challenge was signed.
    pub ceremony: Id,
    /// The authenticator's assertion, without extension results.
    pub credential: Assertion,
}

/// The session that the cookie identifies.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// The account.
    pub account: Id,
    /// The account's current counter.
    pub counter: u64,
    /// The quota that is left, so that a client can check it before it signs a commit.
    #[serde(rename = "room")]
    pub remaining: RemainingQuota,
}

/// The part of an account's quota that is left.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Room))]
pub struct RemainingQuota {
    /// How many live records can be added.
    pub records: u64,
    /// How many bytes of blobs can be added.
    pub bytes: u64,
    /// How many bytes can be added by changes of the sign-in methods, for which a server keeps a
    /// reserve.
    pub access: u64,
}

/// A public key credential created by `navigator.credentials.create()`. Extension results are left
/// out on purpose: they may contain PRF output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Registration {
    /// The credential id.
    pub raw_id: Bytes,
    /// The authenticator's response.
    pub response: RegistrationResponse,
    /// Always `public-key`.
    pub r#type: CredentialType,
}

/// `AuthenticatorAttestationResponse` (WebAuthn Level 3, section 5.2.1).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct RegistrationResponse {
    /// The attestation object.
    pub attestation_object: Bytes,
    /// The signed client data, exactly as the browser wrote it.
    #[serde(rename = "clientDataJSON")]
    pub client_data_json: Bytes,
}

/// A public key credential returned by `navigator.credentials.get()`. Extension results are left
/// out on purpose: they may contain PRF output.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Assertion {
    /// The credential id.
    pub raw_id: Bytes,
    /// The authenticator's response.
    pub response: AssertionResponse,
    /// Always `public-key`.
    pub r#type: CredentialType,
}

/// `AuthenticatorAssertionResponse` (WebAuthn Level 3, section 5.2.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssertionResponse {
    /// The authenticator data.
    pub authenticator_data: Bytes,
    /// The signed client data, exactly as the browser wrote it.
    #[serde(rename = "clientDataJSON")]
    pub client_data_json: Bytes,
    /// The signature over the authenticator data and the hash of the client data.
    pub signature: Bytes,
    /// The user handle, which is the account's id. A discoverable credential always returns it.
    pub user_handle: Bytes,
}

/// The type of a credential. WebAuthn defines only this one.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum CredentialType {
    /// A public key credential.
    #[default]
    #[serde(rename = "public-key")]
    PublicKey,
}
