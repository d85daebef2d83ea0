//! Signing in with the recovery code.

use crystallum_core::{Entropy, Purpose, RecoveryCode, SignIn, blob_hash};
use crystallum_messages::{ServerFailure, entry::Failure};

use crate::passkeys::challenge::{FreshChallenge, SeenChallenges};
use crate::ports::{Clock, Ports};
use crate::wire::client::Client;
use crate::wire::proof::RecoveryProof;
use crate::wire::refusal::{CallFailed, Refusal};

/// Signs a login with the code, for this host, this nonce, this device and this purpose.
pub(super) async fn sign_login<P: Ports>(
    ports: &mut P,
    host: &str,
    challenges: &mut SeenChallenges,
    code: &RecoveryCode,
    device_key: &[u8; 65],
    purpose: Purpose,
) -> Result<RecoveryProof, ServerFailure> {
    let now = ports.clock().now();
    let challenge = Client(ports.transport()).recovery_challenge().await?;
    let FreshChallenge { ceremony, challenge, .. } = challenges.accept(challenge, now)?;
    let mut client_nonce = [0; 32];
    ports.entropy().fill(&mut client_nonce);
    let device_key_hash = blob_hash(device_key);
    let message = SignIn { host, server_nonce: &challenge, client_nonce, device_key_hash, purpose };
    let signature = code.sign_in(&message).map_err(|_| ServerFailure::StrangeAnswer)?;
    Ok(RecoveryProof { ceremony, lookup: code.lookup(), client_nonce, device_key_hash, signature })
}

pub(super) fn map_login_error(failed: CallFailed) -> Failure {
    match failed {
        CallFailed::Refused(Refusal::ProofRejected) => Failure::CodeUnknown,
        _ => failed.into(),
    }
}
