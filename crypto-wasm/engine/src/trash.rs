//! The trash: what was deleted stays for 30 days, then it is deleted for good.

use crystallum_core::{Overview, RecordId};
use crystallum_messages::{Failure, Saved, TrashRow};

use crate::catalogue::TRASH_LIFE;
use crate::local;
use crate::objects::Parts;
use crate::ports::{Clock, Ports};
use crate::records::{saved, seal_overview};
use crate::vault::OpenVault;
use crate::wallets;
use crate::write::{self, Plan};

/// Puts a record into the trash.
pub(crate) async fn discard<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    id: RecordId,
) -> Result<Saved, Failure> {
    let seen = vault.parts(id).cloned();
    let reached = write::before(ports, vault).await?;
    if vault.index.get(id).is_none() && vault.catalogue.wallet(id).is_none() {
        return Err(Failure::NoSuchRecord);
    }
    // What changed elsewhere meanwhile was not what the person wanted gone: the edit stays.
    if vault.parts(id) != seen.as_ref() {
        return Err(Failure::Changed);
    }
    let now = ports.clock().now();
    let plan = marked(ports, vault, id, Some(now))?;
    let record = write::write(ports, vault, reached, plan).await?;
    // Both versions were kept: the one from elsewhere is not in the trash.
    if record != id {
        return Err(Failure::Changed);
    }
    // Only tells the sweep from when on it counts: without it, from the next unlock.
    let _noted = local::see_trash(ports.store(), vault.id(), std::iter::once((id, Some(now)))).await;
    Ok(saved(vault, id))
}

/// Takes a record out of the trash.
pub(crate) async fn restore<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    id: RecordId,
) -> Result<Saved, Failure> {
    let reached = write::before(ports, vault).await?;
    vault.catalogue.trashed(id).ok_or(Failure::NoSuchRecord)?;
    let plan = marked(ports, vault, id, None)?;
    let id = write::write(ports, vault, reached, plan).await?;
    Ok(saved(vault, id))
}

/// Deletes a record for good because the person asked for it. A phrase needs a touch, which also lets the stores forget its shares at once;
/// a key does not.
pub(crate) async fn purge_asked<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    vault: &mut OpenVault,
    id: RecordId,
) -> Result<Saved, Failure> {
    let Some(shares) = wallets::shares_of(vault, id) else { return purge(ports, vault, id).await };
    let cold = wallets::touch(ports, rp_id, vault).await?;
    let deletion = wallets::Deletion::of(vault, &cold, &shares);
    drop(cold);
    let saved = purge(ports, vault, id).await?;
    deletion.ask(ports).await;
    Ok(saved)
}

/// Deletes a record for good: one in the trash, or, where there is no room left to put it there, a live one.
async fn purge<P: Ports>(ports: &mut P, vault: &mut OpenVault, id: RecordId) -> Result<Saved, Failure> {
    let seen = vault.parts(id).cloned();
    let reached = write::before(ports, vault).await?;
    // What another device took out, or changed, meanwhile is not what the person wanted gone.
    if vault.parts(id) != seen.as_ref() {
        return Err(Failure::Changed);
    }
    let parts = vault.parts(id).ok_or(Failure::NoSuchRecord)?;
    match vault.open_overview(id, parts).map_err(|_| Failure::Confused)? {
        Overview::Key(_) => {
            write::write(ports, vault, reached, Plan { record: id, parts: None }).await?;
            if vault.parts(id).is_some() {
                return Err(Failure::Changed);
            }
        }
        // A phrase is deleted for good only out of the trash.
        Overview::Wallet(wallet) if wallet.deleted.is_none() => return Err(Failure::NoSuchRecord),
        Overview::Wallet(wallet) => {
            write::ready(ports, vault).await?;
            wallets::purge(ports, vault, id, wallet.set).await?;
        }
        Overview::Profile { .. } | Overview::SignInMethod(_) => return Err(Failure::NoSuchRecord),
    }
    Ok(saved(vault, id))
}

/// Deletes for good what has been in the trash long enough, by the writer's clock and by what this device itself has seen, so that no single
/// wrong clock empties it; a few at a time, and what fails is tried the next time.
pub(crate) async fn sweep<P: Ports>(ports: &mut P, vault: &mut OpenVault) {
    /// Most records of one sweep.
    const MOST: usize = 20;
    let now = ports.clock().now();
    let Ok(seen) = local::trash_seen(ports.store(), vault.id()).await else { return };
    let there: Vec<RecordId> = vault.catalogue.trash.iter().map(|row| RecordId::new(row.id.0)).collect();
    let new = there.iter().filter(|id| !seen.contains_key(*id)).map(|id| (*id, Some(now)));
    let gone = seen.keys().filter(|id| !there.contains(id)).map(|id| (*id, None));
    if local::see_trash(ports.store(), vault.id(), new.chain(gone)).await.is_err() {
        return;
    }
    let is_due = |row: &&TrashRow| {
        let first = seen.get(&RecordId::new(row.id.0));
        row.until <= now && first.is_some_and(|first| first.saturating_add(TRASH_LIFE) <= now)
    };
    let due = vault.catalogue.trash.iter().filter(is_due).take(MOST);
    let due: Vec<RecordId> = due.map(|row| RecordId::new(row.id.0)).collect();
    for id in due {
        if purge(ports, vault, id).await.is_err() {
            return;
        }
    }
}

/// A record's overview with another mark of the trash.
fn marked<P: Ports>(
    ports: &mut P,
    vault: &OpenVault,
    id: RecordId,
    since: Option<u64>,
) -> Result<Plan, Failure> {
    let old = vault.parts(id).ok_or(Failure::NoSuchRecord)?.clone();
    let mut overview = vault.open_overview(id, &old).map_err(|_| Failure::Confused)?;
    match &mut overview {
        Overview::Key(key) => key.deleted = since,
        Overview::Wallet(wallet) => wallet.deleted = since,
        Overview::Profile { .. } | Overview::SignInMethod(_) => return Err(Failure::NoSuchRecord),
    }
    let version = old.overview.version.checked_add(1).ok_or(Failure::Confused)?;
    let overview = seal_overview(ports.entropy(), vault, id, version, &overview)?;
    Ok(Plan { record: id, parts: Some(Parts { overview, secret: old.secret }) })
}
