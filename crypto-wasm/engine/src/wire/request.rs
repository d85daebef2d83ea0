//! Requests that carry a commit together with something that the server verifies.

use crystallum_api as api;
use crystallum_core::VaultId;

use crate::vault::change::Commit;
use crate::wire::commit::commit_to_wire;
use crate::wire::proof::{NewCredential, Proof, RecoveryVerifier};
use crate::wire::stored::to_json;

/// What changes at the server together with a commit that changes sign-in methods.
pub(crate) struct MethodsChange<'a> {
    pub(crate) proof: Proof<'a>,
    pub(crate) add_passkey: Option<NewCredential<'a>>,
    /// The credential id of a passkey to remove.
    pub(crate) remove_passkey: Option<Vec<u8>>,
    /// The verifier of a recovery code that replaces the current one.
    pub(crate) set_recovery: Option<RecoveryVerifier>,
    pub(crate) remove_recovery: bool,
}

impl<'a> MethodsChange<'a> {
    /// Creates a request that changes nothing yet.
    pub(crate) fn new(proof: Proof<'a>) -> Self {
        Self { proof, add_passkey: None, remove_passkey: None, set_recovery: None, remove_recovery: false }
    }

    /// Builds the body of the request around the signed commit.
    pub(crate) fn body(self, commit: &Commit) -> Vec<u8> {
        let add_passkey = self
            .add_passkey
            .map(|new| api::NewPasskey { ceremony: api::Id(new.ceremony.0), credential: new.registration() });
        to_json(&api::ChangeSignInMethods {
            proof: self.proof.to_wire(),
            add_passkey,
            remove_passkey: self.remove_passkey.map(Into::into),
            set_recovery: self.set_recovery.map(RecoveryVerifier::to_wire),
            remove_recovery: self.remove_recovery,
            commit: commit_to_wire(commit),
        })
    }
}

/// The request that creates an account. It is kept until the server has answered it, so that the
/// same bytes can be sent again.
pub(crate) struct NewAccount(Box<api::CreateAccount>);

impl NewAccount {
    pub(crate) fn new(
        vault: VaultId,
        passkey: NewCredential<'_>,
        invite: Option<String>,
        recovery: RecoveryVerifier,
        genesis: &Commit,
    ) -> Self {
        Self(Box::new(api::CreateAccount {
            ceremony: api::Id(passkey.ceremony.0),
            account: api::Id(*vault.as_bytes()),
            invite,
            credential: passkey.registration(),
            recovery: Some(recovery.to_wire()),
            commit: commit_to_wire(genesis),
        }))
    }

    /// Replaces the invitation code.
    pub(crate) fn set_invite(&mut self, invite: Option<String>) {
        self.0.invite = invite;
    }

    pub(super) fn body(&self) -> Vec<u8> {
        to_json(&self.0)
    }
}
