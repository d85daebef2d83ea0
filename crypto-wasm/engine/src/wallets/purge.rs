//! Purging a wallet.

use crystallum_core::{Op, RecordId};
use crystallum_messages::{ImpossibleState, VaultFailure};

use crate::ports::Ports;
use crate::sync::commit::commit_atomic;
use crate::sync::plan::AtomicChange;
use crate::vault::change::{SealedChange, tombstone_version};
use crate::vault::open_vault::OpenVault;

/// Purges a wallet and its shares. The stores do not need to keep any of them afterwards.
pub(crate) async fn purge_wallet<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    id: RecordId,
) -> Result<(), VaultFailure> {
    let leaf = vault.state.record(id).ok_or(VaultFailure::NoSuchRecord)?;
    let version = tombstone_version(leaf).ok_or(ImpossibleState::LastVersion)?;
    let shares = vault.state.shares_of(id).map(|(id, _)| SealedChange::ShareRemoved(id));
    let mut changes: Vec<_> = shares.collect();
    changes.push(SealedChange::Tombstone(id, version));
    commit_atomic(ports, vault, AtomicChange { op: Op::Wallet, changes, request: None }).await
}
