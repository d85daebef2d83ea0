//! Writing what only this device's own history had into the one that it went over to. Each record
//! is set aside on this device until the write that carries it is stored there, so this can stop
//! anywhere and go on later.

use crystallum_core::{DeviceLeaf, LeafId, MAX_FORMAT, Op, RecordId};
use crystallum_messages::{Event, VaultFailure, access};

use crate::access::devices::{device_record, remove_devices};
use crate::going_over::fate::is_first;
use crate::local::aside::aside_key;
use crate::local::gone_over::{gone_over_write, item_write, write_gone_over};
use crate::ports::{Entropy, Ports};
use crate::sync::commit::{commit_atomic, commit_record};
use crate::sync::plan::{AtomicChange, RecordPlan};
use crate::sync::preflight::{Connectivity, require_online};
use crate::sync::secrets::require_secret;
use crate::sync::status::check_alarm;
use crate::vault::aside::Aside;
use crate::vault::change::SealedChange;
use crate::vault::copy::{MAX_COPIES, copy_from_history, count_copies, seal_anew};
use crate::vault::gone_over::{GoneOver, Item, Outcome};
use crate::vault::kept_content::has_same_content;
use crate::vault::open_vault::OpenVault;
use crate::vault::part::Parts;

/// How often to try again after losing the race against other devices.
const MAX_ROUNDS: usize = 8;

/// Does what is left to do after going over, if anything is.
pub(crate) async fn carry_over<P: Ports>(ports: &mut P, vault: &mut OpenVault) -> Result<(), VaultFailure> {
    if vault.gone_over.as_ref().is_none_or(|gone| gone.is_finished) {
        return Ok(());
    }
    check_alarm(vault)?;
    enter_again(ports, vault).await?;
    remove_again(ports, vault).await?;
    while let Some(item) = vault.gone_over.as_ref().and_then(next_due) {
        carry_item(ports, vault, item).await?;
    }
    note(ports, vault, |gone| gone.is_finished = true).await?;
    ports.emit(Event::Changed);
    Ok(())
}

fn next_due(gone: &GoneOver) -> Option<Item> {
    gone.items.iter().find(|item| item.outcome == Outcome::Due).copied()
}

/// Changes what this device notes of going over, on disk first.
async fn note<P: Ports>(
    ports: &P,
    vault: &mut OpenVault,
    change: impl FnOnce(&mut GoneOver),
) -> Result<(), VaultFailure> {
    let Some(mut gone) = vault.gone_over.clone() else { return Ok(()) };
    change(&mut gone);
    let write = gone_over_write(vault.id(), &gone);
    write_gone_over(ports.store(), vault.state.head(), vec![write]).await?;
    vault.gone_over = Some(gone);
    Ok(())
}

/// Has this device enter the vault, if the history to which it went over did not have it.
async fn enter_again<P: Ports>(ports: &mut P, vault: &mut OpenVault) -> Result<(), VaultFailure> {
    for _ in 0..MAX_ROUNDS {
        let Some(join) = vault.gone_over.as_ref().and_then(|gone| gone.join.clone()) else { return Ok(()) };
        // An attempt whose answer was lost is settled first. Nobody has to be told that it was not
        // made, since it is made again.
        let online = require_online(ports, vault).await;
        match online {
            Err(VaultFailure::EarlierNotMade) => continue,
            online => online?,
        }
        if vault.state.device(vault.device).is_some() {
            return note(ports, vault, |gone| gone.join = None).await;
        }
        let leaf = DeviceLeaf { key: join.key, max_format: MAX_FORMAT, added_by: vault.opened_by };
        let mut changes = vec![SealedChange::Device(vault.device, leaf)];
        let record = device_record(vault.device);
        let is_free = |leaf| vault.state.leaf(leaf).is_none();
        if is_free(LeafId::Record(record)) && is_free(LeafId::Tombstone(record)) {
            changes.extend(join.described);
        }
        match commit_atomic(ports, vault, AtomicChange { op: Op::Join, changes, request: None }).await {
            Ok(()) | Err(VaultFailure::Overtaken) => vault.unreported_failure = false,
            Err(failure) => return Err(failure),
        }
    }
    Err(VaultFailure::Overtaken)
}

/// Removes the devices again that this device's own history had removed.
async fn remove_again<P: Ports>(ports: &mut P, vault: &mut OpenVault) -> Result<(), VaultFailure> {
    let Some(gone) = &vault.gone_over else { return Ok(()) };
    let is_live = |id: &&_| **id != vault.device && vault.state.device(**id).is_some();
    let live: Vec<_> = gone.removals.iter().filter(is_live).copied().collect();
    if live.is_empty() {
        return Ok(());
    }
    match remove_devices(ports, vault, &live).await {
        Ok(()) | Err(access::Failure::Vault(VaultFailure::NoSuchRecord)) => Ok(()),
        Err(access::Failure::Vault(failure)) => Err(failure),
        Err(_) => Err(VaultFailure::Overtaken),
    }
}

/// What is done with a record.
enum Planned {
    Write(RecordId, Parts, Outcome),
    Known,
    Keep,
}

async fn carry_item<P: Ports>(ports: &mut P, vault: &mut OpenVault, item: Item) -> Result<(), VaultFailure> {
    require_online(ports, vault).await?;
    require_secret_of(ports, vault, item.record).await?;
    let Some(aside) = vault.aside.iter().find(|aside| aside.id == item.aside).cloned() else {
        // The user has saved or discarded it.
        return settle(ports, vault, Item { outcome: Outcome::Known, ..item }, false).await;
    };
    match plan_item(ports.entropy(), vault, &aside)? {
        Planned::Known => settle(ports, vault, Item { outcome: Outcome::Known, ..item }, true).await,
        Planned::Keep => settle(ports, vault, Item { outcome: Outcome::Kept, ..item }, false).await,
        Planned::Write(record, parts, outcome) => {
            let item = Item { outcome, ..item };
            let plan = RecordPlan {
                from_aside: Some(item.aside),
                beside: Some(item_write(vault.id(), &item)),
                ..RecordPlan::new(record, Some(parts))
            };
            let written = commit_record(ports, vault, Connectivity::Online, plan).await;
            // From here on the pending write holds the content.
            if vault.aside.iter().all(|aside| aside.id != item.aside) {
                mark(vault, item);
            }
            match written {
                // Another device was first with the same content.
                Ok(_) | Err(VaultFailure::Changed) => Ok(()),
                Err(failure) => Err(failure),
            }
        }
    }
}

async fn require_secret_of<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    record: RecordId,
) -> Result<(), VaultFailure> {
    match vault.objects.records.contains_key(&record) {
        true => require_secret(ports, vault, record).await,
        false => Ok(()),
    }
}

/// Decides by what the vault has now, since other devices that went over may have been first.
fn plan_item(entropy: &mut impl Entropy, vault: &OpenVault, aside: &Aside) -> Result<Planned, VaultFailure> {
    let (record, mine) = (aside.record, &aside.parts);
    let is_deleted = vault.state.leaf(LeafId::Tombstone(record)).is_some();
    match vault.objects.records.get(&record) {
        Some(theirs) if has_same_content(vault, record, mine, theirs) => return Ok(Planned::Known),
        None if !is_deleted && is_first(mine) => {
            return Ok(Planned::Write(record, mine.clone(), Outcome::Carried));
        }
        None if !is_deleted => {
            let anew = seal_anew(entropy, vault, record, mine)?;
            return Ok(anew.map_or(Planned::Keep, |parts| Planned::Write(record, parts, Outcome::Carried)));
        }
        Some(_) | None => {}
    }
    let Some((copy, parts)) = copy_from_history(entropy, vault, record, mine)? else {
        return Ok(Planned::Keep);
    };
    let is_known = |leaf| vault.state.leaf(leaf).is_some();
    if is_known(LeafId::Record(copy)) || is_known(LeafId::Tombstone(copy)) {
        return Ok(Planned::Known);
    }
    if count_copies(vault, record) >= MAX_COPIES {
        return Ok(Planned::Keep);
    }
    Ok(Planned::Write(copy, parts, Outcome::Copied(copy)))
}

/// Stores what became of a record that is not written.
async fn settle<P: Ports>(
    ports: &P,
    vault: &mut OpenVault,
    item: Item,
    discards: bool,
) -> Result<(), VaultFailure> {
    let mut writes = vec![item_write(vault.id(), &item)];
    writes.extend(discards.then(|| (aside_key(vault.id(), item.aside), None)));
    write_gone_over(ports.store(), vault.state.head(), writes).await?;
    if discards {
        vault.aside.retain(|aside| aside.id != item.aside);
    }
    mark(vault, item);
    Ok(())
}

fn mark(vault: &mut OpenVault, item: Item) {
    let items = vault.gone_over.iter_mut().flat_map(|gone| &mut gone.items);
    items.filter(|known| known.aside == item.aside).for_each(|known| *known = item);
}
