use serde::{Deserialize, Serialize};

use crate::account::{Login, Registration};
use crate::binary::{Bytes, Id};
use crate::recovery::{RecoveryLogin, RecoveryVerifier};
use crate::vault::Commit;
use crate::vault_login::VaultProof;

/// Proof that the owner is present: a fresh passkey assertion, a signature by the recovery code
/// that covers the purpose, or signatures by the vault's key and a device's.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Proof {
    /// An assertion by a passkey of the account.
    Passkey(Login),
    /// A signature by the account's recovery code.
    Recovery(RecoveryLogin),
    /// Signatures by the vault's key and a device's, which change sign-in methods while nobody can
    /// sign in with one of them.
    Vault(VaultProof),
}

/// A passkey to add.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct NewPasskey {
    /// The ceremony whose challenge was signed.
    pub ceremony: Id,
    /// The authenticator's registration response, without extension results.
    pub credential: Registration,
}

/// The body of `POST /api/sign-in-methods`: changes the account's sign-in methods. The server's
/// verifiers and the commit for the devices change together or not at all.
///
/// The request needs a session and a proof. Repeating the same commit returns the same result
/// without a new proof, so a client can safely retry when it does not receive the response.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema), schema(as = ChangeWays))]
pub struct ChangeSignInMethods {
    /// Proof that the owner is present. Its purpose is to change the sign-in methods.
    pub proof: Proof,
    /// A passkey to add. It belongs to the sign-in method that the commit adds.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub add_passkey: Option<NewPasskey>,
    /// The credential id of a passkey to remove. Those of removed methods go in any case.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub remove_passkey: Option<Bytes>,
    /// A recovery code that replaces the current one, if there is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub set_recovery: Option<RecoveryVerifier>,
    /// Whether to remove the recovery code without replacing it.
    #[serde(default)]
    pub remove_recovery: bool,
    /// The commit. Its operation is the change of sign-in methods.
    pub commit: Commit,
}

/// The body of `POST /api/account/delete`: deletes the account and everything stored for it,
/// including its shares. The request needs a session and a proof whose purpose is to delete the
/// vault.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct DeleteAccount {
    /// Proof that the owner is present.
    pub proof: Proof,
}
