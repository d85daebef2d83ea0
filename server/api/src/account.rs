use serde::{Deserialize, Serialize};

use crate::{Bytes, Commit, Id, RecoveryVerifier};

/// Answer of `GET /api/health`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Health {
    /// Who may make a vault here.
    pub sign_up: SignUp,
    /// The origin under which browsers must open this server, such as `https://vault.example.com`.
    pub origin: String,
}

/// Who may make a vault on this server.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum SignUp {
    /// Nobody.
    Closed,
    /// Whoever has an invitation code.
    Invite,
    /// Everybody.
    Open,
}

/// A fresh challenge for one WebAuthn ceremony; everything else in the options is the client's own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Challenge {
    /// Names the ceremony when it is finished; single use.
    pub ceremony: Id,
    /// At least 16 bytes, never given twice.
    pub challenge: Bytes,
    /// How long it is accepted, in seconds.
    pub expires_in: u32,
}

/// Makes an account: the passkey's registration and the genesis commit, in one transaction.
///
/// Repeating the same request while its ceremony lives answers the same and opens a new session, so a lost answer is harmless.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct CreateAccount {
    /// The ceremony of the challenge that was signed.
    pub ceremony: Id,
    /// The account's id: the vault id, and the WebAuthn user handle.
    pub account: Id,
    /// Invitation code, where the server asks for one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub invite: Option<String>,
    /// What the authenticator made, without extension results.
    pub credential: Registration,
    /// What verifies the vault's recovery code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub recovery: Option<RecoveryVerifier>,
    /// The genesis commit; its `expected_counter` is 0.
    pub commit: Commit,
}

/// Opens a session by a discoverable passkey with user verification.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Login {
    /// The ceremony of the challenge that was signed.
    pub ceremony: Id,
    /// What the authenticator signed, without extension results.
    pub credential: Assertion,
}

/// The session that the cookie stands for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Session {
    /// The account.
    pub account: Id,
    /// Its newest counter.
    pub counter: u64,
    /// What still fits, so that a client knows before it signs.
    #[serde(rename = "room")]
    pub remaining: RemainingQuota,
}

/// What still fits into an account.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = Room))]
pub struct RemainingQuota {
    /// Live records that can be added.
    pub records: u64,
    /// Bytes of blobs that can be added.
    pub bytes: u64,
}

/// A public key credential made by `navigator.credentials.create()`; there is no place for extension results on purpose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Registration {
    /// The credential id.
    pub raw_id: Bytes,
    /// The authenticator's answer.
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
    /// The client data that was signed, as the browser wrote it.
    #[serde(rename = "clientDataJSON")]
    pub client_data_json: Bytes,
}

/// A public key credential returned by `navigator.credentials.get()`; there is no place for extension results on purpose.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Assertion {
    /// The credential id.
    pub raw_id: Bytes,
    /// The authenticator's answer.
    pub response: AssertionResponse,
    /// Always `public-key`.
    pub r#type: CredentialType,
}

/// `AuthenticatorAssertionResponse` (WebAuthn Level 3, section 5.2.2).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct AssertionResponse {
    /// Authenticator data.
    pub authenticator_data: Bytes,
    /// The client data that was signed, as the browser wrote it.
    #[serde(rename = "clientDataJSON")]
    pub client_data_json: Bytes,
    /// The signature over both.
    pub signature: Bytes,
    /// The user handle: the account's id. A discoverable credential always returns it.
    pub user_handle: Bytes,
}

/// The one credential type there is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum CredentialType {
    /// A public key credential.
    #[default]
    #[serde(rename = "public-key")]
    PublicKey,
}
