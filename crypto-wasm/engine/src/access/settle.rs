//! Settling what a withdrawn head left behind, before something takes its place.

use crystallum_core::RecordId;
use crystallum_messages::{ImpossibleState, VaultFailure};

use crate::ports::Ports;
use crate::sync::commit::commit_record;
use crate::sync::plan::RecordPlan;
use crate::sync::preflight::{Connectivity, require_online};
use crate::vault::open_vault::OpenVault;
use crate::vault::part::Parts;
use crate::vault::seal::seal_overview;

/// Ensures that no head which this device has withdrawn can still be adopted with the passkey or
/// the recovery code that it adds. Otherwise a new passkey would take the place of that one on the
/// authenticator, which keeps one for each vault, and it may be the only one that opens the vault.
///
/// For this, another head takes the number of the withdrawn one: the profile is written again as it
/// is. The device must be in sync.
pub(crate) async fn settle_orphans<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
) -> Result<(), VaultFailure> {
    if vault.orphans.is_empty() {
        return Ok(());
    }
    let profile = RecordId::new(*vault.id().as_bytes());
    let Parts { overview, secret } = vault.parts(profile).ok_or(VaultFailure::NoSuchRecord)?.clone();
    let version = overview.next_version()?;
    let content = vault.open_overview(profile, &Parts { overview, secret: secret.clone() })?;
    let overview = seal_overview(ports.entropy(), &vault.keys, profile, version, &content)
        .map_err(|_| ImpossibleState::RecordTooLarge)?;
    let plan = RecordPlan::new(profile, Some(Parts { overview, secret }));
    match commit_record(ports, vault, Connectivity::Online, plan).await {
        // Another device was first, which settles it as well.
        Ok(_) | Err(VaultFailure::Changed) => {}
        Err(failure) => return Err(failure),
    }
    require_online(ports, vault).await?;
    if vault.orphans.is_empty() { Ok(()) } else { Err(VaultFailure::WaitingForServer) }
}
