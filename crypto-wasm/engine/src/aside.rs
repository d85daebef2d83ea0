//! Changes of records that the server refused for good. Each is set aside, so that later changes go
//! on: its content stays on this device, sealed as it was, until it is saved again or discarded.

use crystallum_core::LeafId;
use crystallum_messages::{AsideId, AsideRow, Event, SyncState, VaultFailure};

use crate::local::aside::{remove_aside, set_aside_batch};
use crate::ports::{LocalStore, Ports};
use crate::sync::commit::commit_record;
use crate::sync::plan::RecordPlan;
use crate::sync::preflight::ensure_synced;
use crate::sync::status::{check_alarm, set_sync_state};
use crate::vault::aside::Aside;
use crate::vault::copy::copy_record;
use crate::vault::describe::describe_record;
use crate::vault::kept_content::content_to_keep;
use crate::vault::open_vault::OpenVault;

/// Sets aside the pending change, which the server must have refused for good, and disowns its
/// head.
pub(crate) async fn set_aside<P: Ports>(ports: &mut P, vault: &mut OpenVault) -> Result<(), VaultFailure> {
    check_alarm(vault)?;
    let pending = vault.pending.as_ref().ok_or(VaultFailure::NoSuchRecord)?;
    // A change that was not answered may have been stored, and must not be disowned.
    if !matches!(vault.sync, SyncState::Refused { .. }) {
        return Err(VaultFailure::WaitingForServer);
    }
    let disowned = vault.disowned.with(pending.signed.commit.head.body());
    let aside = content_to_keep(vault, pending);
    ports.store().write(set_aside_batch(&vault.state, &disowned, aside.as_ref())).await?;
    (vault.pending, vault.disowned) = (None, disowned);
    vault.aside.extend(aside);
    vault.relist();
    ports.emit(Event::Changed);
    set_sync_state(ports, vault, SyncState::Synced);
    Ok(())
}

/// Lists what was set aside, oldest first.
pub(crate) fn list_aside(vault: &OpenVault) -> Vec<AsideRow> {
    let row = |aside: &Aside| {
        let (kind, label) = describe_record(vault, aside.record, &aside.parts);
        AsideRow { id: aside.id, kind, label, time: aside.time }
    };
    vault.aside.iter().map(row).collect()
}

/// Returns the labels of the records whose changes are on this device only.
pub(crate) fn list_unsaved(vault: &OpenVault) -> Vec<String> {
    let pending = vault.pending.as_ref().and_then(|pending| {
        let (id, parts) = pending.record()?;
        Some((id, parts.or_else(|| vault.objects.records.get(&id))?))
    });
    let aside = vault.aside.iter().map(|aside| (aside.record, &aside.parts));
    let labels = pending.into_iter().chain(aside).map(|(id, parts)| describe_record(vault, id, parts).1);
    labels.filter(|label| !label.is_empty()).collect()
}

/// Saves a change that was set aside. If its record has changed since, it is kept beside the newer
/// one. If that is not possible, it is set aside again, now or when the server answers.
pub(crate) async fn save_again<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    id: AsideId,
) -> Result<(), VaultFailure> {
    let connectivity = ensure_synced(ports, vault).await?;
    let aside = find_aside(vault, id)?.clone();
    let (record, parts) = if follows_current(vault, &aside) {
        (aside.record, aside.parts.clone())
    } else {
        let copy = copy_record(ports.entropy(), vault, aside.record, &aside.parts)?;
        copy.ok_or(VaultFailure::Changed)?
    };
    let plan = RecordPlan { from_aside: Some(id), ..RecordPlan::new(record, Some(parts)) };
    commit_record(ports, vault, connectivity, plan).await.map(drop)
}

/// Returns whether the parts are the next versions of their record, or those of a new one.
fn follows_current(vault: &OpenVault, aside: &Aside) -> bool {
    let Aside { record, parts, .. } = aside;
    let is_next = |new: u64, old: u64| old.checked_add(1) == Some(new);
    match vault.objects.records.get(record) {
        Some(now) => {
            is_next(parts.overview.version, now.overview.version)
                && (parts.secret == now.secret || is_next(parts.secret.version(), now.secret.version()))
        }
        None => {
            let is_new = (parts.overview.version, parts.secret.version()) == (1, 1);
            is_new && vault.state.leaf(LeafId::Tombstone(*record)).is_none()
        }
    }
}

/// Discards a change that was set aside.
pub(crate) async fn discard_aside<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    id: AsideId,
) -> Result<(), VaultFailure> {
    find_aside(vault, id)?;
    remove_aside(ports.store(), vault.state.head(), id).await?;
    vault.aside.retain(|aside| aside.id != id);
    ports.emit(Event::Changed);
    Ok(())
}

fn find_aside(vault: &OpenVault, id: AsideId) -> Result<&Aside, VaultFailure> {
    vault.aside.iter().find(|aside| aside.id == id).ok_or(VaultFailure::NoSuchRecord)
}
