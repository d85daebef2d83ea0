//! The trash, which keeps deleted records for 30 days before they are purged.

use crystallum_core::{Overview, RecordId};
use crystallum_messages::{Saved, TrashRow, VaultFailure, trash::Failure};

use crate::local::notes;
use crate::opaque::read_to_edit;
use crate::ports::{Clock, Ports};
use crate::sync::commit::commit_record;
use crate::sync::plan::RecordPlan;
use crate::sync::preflight::{ensure_synced, require_online};
use crate::sync::secrets::require_secret;
use crate::vault::catalogue::TRASH_RETENTION;
use crate::vault::open_vault::{OpenVault, SecretUnavailable};
use crate::vault::part::Parts;
use crate::vault::seal::seal_overview;
use crate::wallets::purge;

/// Moves a record to the trash.
pub(crate) async fn move_to_trash<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    id: RecordId,
) -> Result<Saved, Failure> {
    let seen = vault.parts(id).cloned();
    let connectivity = ensure_synced(ports, vault).await?;
    if vault.index.get(id).is_none() && vault.catalogue.wallet(id).is_none() {
        return Err(VaultFailure::NoSuchRecord.into());
    }
    // If another device has changed the record in the meantime, it is not what the user wanted to
    // delete.
    if vault.parts(id) != seen.as_ref() {
        return Err(VaultFailure::Changed.into());
    }
    require_secret(ports, vault, id).await?;
    let now = ports.clock().now();
    let plan = plan_trash_mark(ports, vault, id, Some(now))?;
    let record = commit_record(ports, vault, connectivity, plan).await?;
    // Both versions were kept, and the one from another device is not in the trash.
    if record != id {
        return Err(VaultFailure::Changed.into());
    }
    // Sets when the sweep starts counting. If this fails, it counts from the next unlock.
    let _noted = notes::save_trash_times(ports.store(), vault.id(), std::iter::once((id, Some(now)))).await;
    Ok(vault.saved(id))
}

/// Takes a record out of the trash.
pub(crate) async fn restore_record<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    id: RecordId,
) -> Result<Saved, Failure> {
    let connectivity = ensure_synced(ports, vault).await?;
    vault.catalogue.trashed(id).ok_or(VaultFailure::NoSuchRecord)?;
    require_secret(ports, vault, id).await?;
    let plan = plan_trash_mark(ports, vault, id, None)?;
    let id = commit_record(ports, vault, connectivity, plan).await?;
    Ok(vault.saved(id))
}

/// Purges a record in the trash, or a live one if the quota does not allow moving it to the trash.
pub(crate) async fn purge_record<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    id: RecordId,
) -> Result<Saved, Failure> {
    let seen = vault.parts(id).cloned();
    let connectivity = ensure_synced(ports, vault).await?;
    // If another device has restored or changed the record in the meantime, the user did not ask to
    // purge that.
    if vault.parts(id) != seen.as_ref() {
        return Err(VaultFailure::Changed.into());
    }
    require_secret(ports, vault, id).await?;
    let parts = vault.parts(id).ok_or(VaultFailure::NoSuchRecord)?;
    match vault.open_record(id, parts).map(|(overview, _)| overview) {
        Err(SecretUnavailable::Awaited) => return Err(VaultFailure::SecretNotHere.into()),
        Err(SecretUnavailable::Unreadable(_)) if vault.state.shares_of(id).next().is_some() => {
            require_online(ports, vault).await?;
            purge::purge_wallet(ports, vault, id).await?;
        }
        // What cannot be read goes at once: nobody could put it back from the trash.
        Ok(Overview::Key(_)) | Err(SecretUnavailable::Unreadable(_)) => {
            commit_record(ports, vault, connectivity, RecordPlan::new(id, None)).await?;
            if vault.parts(id).is_some() {
                return Err(VaultFailure::Changed.into());
            }
        }
        // A wallet can only be purged from the trash.
        Ok(Overview::Wallet(wallet)) if wallet.deleted.is_none() => {
            return Err(VaultFailure::NoSuchRecord.into());
        }
        Ok(Overview::Wallet(_)) => {
            require_online(ports, vault).await?;
            purge::purge_wallet(ports, vault, id).await?;
        }
        Ok(Overview::Profile { .. } | Overview::SignInMethod(_) | Overview::Device(_)) => {
            return Err(VaultFailure::NoSuchRecord.into());
        }
    }
    Ok(vault.saved(id))
}

/// Purges records that have been in the trash long enough, by the writer's clock and by what this
/// device has seen itself, so that no single wrong clock empties the trash. Purges a few at a time;
/// what fails is tried again the next time.
pub(crate) async fn sweep_trash<P: Ports>(ports: &mut P, vault: &mut OpenVault) {
    /// The most records that one sweep purges.
    const MAX_SWEPT: usize = 20;
    let now = ports.clock().now();
    let Ok(seen) = notes::trash_times(ports.store(), vault.id()).await else { return };
    let there: Vec<RecordId> = vault.catalogue.trash.iter().map(|row| RecordId::new(row.id.0)).collect();
    let new = there.iter().filter(|id| !seen.contains_key(*id)).map(|id| (*id, Some(now)));
    let gone = seen.keys().filter(|id| !there.contains(id)).map(|id| (*id, None));
    if notes::save_trash_times(ports.store(), vault.id(), new.chain(gone)).await.is_err() {
        return;
    }
    let is_due = |row: &&TrashRow| {
        let first = seen.get(&RecordId::new(row.id.0));
        row.until <= now && first.is_some_and(|first| first.saturating_add(TRASH_RETENTION) <= now)
    };
    // What this version cannot read, or has not received yet, is never removed unasked.
    let is_readable =
        |id: &RecordId| vault.parts(*id).is_some_and(|parts| vault.open_record(*id, parts).is_ok());
    let due = vault.catalogue.trash.iter().filter(is_due).map(|row| RecordId::new(row.id.0));
    let due: Vec<RecordId> = due.filter(is_readable).take(MAX_SWEPT).collect();
    for id in due {
        if purge_record(ports, vault, id).await.is_err() {
            return;
        }
    }
}

/// Plans to write a record's overview with this mark of the trash.
fn plan_trash_mark<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    id: RecordId,
    since: Option<u64>,
) -> Result<RecordPlan, Failure> {
    let old = vault.parts(id).ok_or(VaultFailure::NoSuchRecord)?.clone();
    let (mut overview, _) = read_to_edit(ports, vault, id, &old)?;
    match &mut overview {
        Overview::Key(key) => key.deleted = since,
        Overview::Wallet(wallet) => wallet.deleted = since,
        Overview::Profile { .. } | Overview::SignInMethod(_) | Overview::Device(_) => {
            return Err(VaultFailure::NoSuchRecord.into());
        }
    }
    let version = old.overview.next_version()?;
    let overview = seal_overview(ports.entropy(), &vault.keys, id, version, &overview)?;
    Ok(RecordPlan::new(id, Some(Parts { overview, secret: old.secret })))
}
