//! Purging a record at the user's request.

use crystallum_core::RecordId;
use crystallum_messages::{Saved, VaultFailure, trash::Failure};

use crate::ports::Ports;
use crate::trash::purge_record;
use crate::vault::open_vault::OpenVault;
use crate::wallets::cold_root::obtain_cold_root;
use crate::wallets::deletion::ShareDeletion;
use crate::wallets::shares;

/// Purges a record at the user's request. A wallet requires a ceremony, which also lets the stores
/// delete its shares at once; an exchange key does not.
pub(crate) async fn purge_confirmed<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    vault: &mut OpenVault,
    id: RecordId,
) -> Result<Saved, Failure> {
    if shares::shares_of(vault, id).is_none() {
        return purge_record(ports, vault, id).await;
    }
    let seen = vault.parts(id).cloned();
    let cold = obtain_cold_root(ports, rp_id, vault).await?;
    // Another device may have changed or restored it while the ceremony waited for its owner.
    if vault.parts(id) != seen.as_ref() {
        return Err(VaultFailure::Changed.into());
    }
    let shares = shares::shares_of(vault, id).ok_or(VaultFailure::NoSuchRecord)?;
    let deletion = ShareDeletion::new(vault, &cold, &shares);
    drop(cold);
    let saved = purge_record(ports, vault, id).await?;
    deletion.request(ports, vault).await?;
    Ok(saved)
}
