//! Atomic changes: sign-in methods, and shares of a wallet. They require the server and are made on
//! exactly the state that they were signed on, or not at all.

use crystallum_api as api;
use crystallum_core::{Change, Op};
use crystallum_messages::Failure;

use crate::local::load::{self as local, SignedWrite};
use crate::ports::{LocalStore, Ports};
use crate::sync::push::{Connectivity, ensure_synced, flush_pending};
use crate::sync::sign::sign_commit;
use crate::vault::objects::ReceivedBlobs;
use crate::vault::open_vault::OpenVault;
use crate::vault::pending::{Pending, Work};

/// The most bytes that such a change adds to an account: sixteen shares or four wraps, and a
/// record.
const MAX_GROWTH: u64 = 32 * 1_024;

/// A change that is never replayed on another state.
pub(crate) struct AtomicChange {
    pub(crate) op: Op,
    pub(crate) changes: Vec<api::Change>,
    /// The request that carries the commit, if it changes sign-in methods. Its placeholder commit
    /// is replaced by the signed one.
    pub(crate) request: Option<Box<api::ChangeSignInMethods>>,
}

/// Ensures that the server answers and that this device has the newest state, on which the change
/// is then signed.
pub(crate) async fn require_online<P: Ports>(ports: &mut P, vault: &mut OpenVault) -> Result<(), Failure> {
    match ensure_synced(ports, vault).await? {
        Connectivity::Online => Ok(()),
        Connectivity::Offline => Err(Failure::Unreachable),
    }
}

/// Signs, stores and sends a change. `Ok` means that both the server and this device have it.
pub(crate) async fn commit_atomic<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    change: AtomicChange,
) -> Result<(), Failure> {
    let grows = change
        .changes
        .iter()
        .any(|change| matches!(change, api::Change::Keyslot { .. } | api::Change::Share { .. }));
    if grows && vault.quota.is_some_and(|quota| quota.bytes < MAX_GROWTH) {
        return Err(Failure::QuotaExceeded);
    }
    let changes = tree_changes(vault, &change.changes)?;
    let commit = sign_commit(ports, vault, change.op, &changes, change.changes).await?;
    let request = change.request.map(|mut request| {
        request.commit = commit.clone();
        request
    });
    let signed = SignedWrite { commit, request };
    ports.store().write(local::pending_batch(&vault.state, Some(&signed))).await?;
    vault.pending = Some(Pending { signed, work: Work::Atomic });
    let outcome = flush_pending(ports, vault).await?;
    vault.unreported_failure = false;
    match (outcome.failed, &vault.pending) {
        (Some(failure), _) => Err(failure),
        (None, Some(_)) => Err(Failure::Unsettled),
        (None, None) => Ok(()),
    }
}

/// Returns the tree changes of wire changes.
fn tree_changes(vault: &OpenVault, changes: &[api::Change]) -> Result<Vec<Change>, Failure> {
    let mut received = ReceivedBlobs::default();
    let read = changes.iter().map(|change| received.read(change, Some(&vault.state)));
    read.collect::<Result<_, _>>().map_err(|_| Failure::Confused)
}
