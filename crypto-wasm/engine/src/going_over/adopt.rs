//! Adopting the other history. What only the history of this device has is set aside in the same
//! batch, so that nothing can be lost between the two.

use std::collections::BTreeSet;

use crystallum_core::{LeafId, Overview, Secret};
use crystallum_messages::going_over::{Fate, Place, SeenHead};
use crystallum_messages::session::Failure;
use crystallum_messages::{AsideKind, Event, ImpossibleState, VaultFailure};

use crate::access::devices::device_record;
use crate::access::methods::method_record;
use crate::going_over::carry::carry_over;
use crate::going_over::compare::lone_methods;
use crate::going_over::fate::{Differing, list_differing};
use crate::going_over::other_history::{OtherHistory, fetch_other_history};
use crate::going_over::own_branch::OwnBranch;
use crate::local::alarms::alarm_write;
use crate::local::aside::aside_write;
use crate::local::batch::{advance_batch, disowned_write, orphans_write, with_pending};
use crate::local::gone_over::{gone_over_write, item_write};
use crate::local::heads::replace_log;
use crate::ports::{Clock, LocalStore, Ports};
use crate::sync::checkpoint::Extent;
use crate::vault::alarm::KeptAlarm;
use crate::vault::aside::Aside;
use crate::vault::describe::describe_overview;
use crate::vault::gone_over::{Again, GoneOver, Item, JoinAgain, Outcome, aside_id};
use crate::vault::objects::{Objects, Update};
use crate::vault::open_vault::OpenVault;
use crate::vault::seal::seal_new_record;
use crate::vault::slots::passkey_ids;

/// Goes over to the history that the server shows, which must be the one that was `seen`, and
/// carries over what only this device's has. What could not be written yet follows after a later
/// sync or unlock.
pub(crate) async fn go_over<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    seen: SeenHead,
) -> Result<(), Failure> {
    let other = fetch_other_history(ports, vault, Extent::All).await?;
    other.check_seen(ports, seen).await?;
    let own = OwnBranch::read(ports, vault, other.common).await?;
    if let Some(hindrance) = other.hindrance(vault, &own) {
        return Err(Failure::NotGoneOver(hindrance));
    }
    adopt(ports, vault, &own, other).await?;
    match carry_over(ports, vault).await {
        Err(failure @ VaultFailure::Alarm(_)) => Err(failure.into()),
        // The rest is set aside, and the user is told how much that is.
        Ok(()) | Err(_) => Ok(()),
    }
}

/// Stores the other state in place of this device's own, together with what is carried over.
async fn adopt<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    own: &OwnBranch,
    other: OtherHistory,
) -> Result<(), VaultFailure> {
    let alarm = vault.alarm.clone().ok_or(ImpossibleState::OwnChangeRefused)?;
    let (gone, asides) = plan(ports, vault, own, &other, alarm)?;
    let OtherHistory { state, objects, heads, before, .. } = other;
    let (id, counter) = (vault.id(), state.head().body().counter);
    let every = vault.state.leaves().chain(state.leaves()).map(|(leaf, _)| leaf);
    let changed: BTreeSet<LeafId> =
        every.filter(|leaf| vault.state.leaf(*leaf) != state.leaf(*leaf)).collect();
    let update = update_to(&objects, &changed);
    let pending = vault.pending.as_ref().map(|pending| pending.signed.commit.head);
    let disowned = match pending {
        Some(head) => vault.disowned.with(head.body()),
        None => vault.disowned.clone(),
    };
    // The heads up to this one belong to a history that is adopted or given up as a whole.
    let disowned = disowned.after(counter);
    let live = passkey_ids(&state, &objects);
    let (orphans, mut unused) = vault.orphans.settle(counter);
    unused.retain(|passkey| !live.contains(passkey));

    let log = replace_log(ports.store(), id, &before, &heads).await?;
    let mut batch = advance_batch(vault.state.head(), &state, vault.objects.after(&update), &changed, log);
    batch.writes.extend(asides.iter().map(|aside| aside_write(id, aside)));
    batch.writes.extend(gone.items.iter().map(|item| item_write(id, item)));
    batch.writes.extend([
        gone_over_write(id, &gone),
        alarm_write(id, None),
        disowned_write(id, &disowned),
        orphans_write(id, &orphans),
    ]);
    ports.store().write(with_pending(batch, id, None)).await?;

    let ended = gone.alarm.alarm.clone();
    (vault.state, vault.pending, vault.disowned, vault.orphans) = (state, None, disowned, orphans);
    vault.apply(update);
    let known: BTreeSet<_> = asides.iter().map(|aside| aside.id).collect();
    vault.aside.retain(|aside| !known.contains(&aside.id));
    vault.aside.extend(asides);
    (vault.alarm, vault.gone_over, vault.unreported_failure) = (None, Some(gone), false);
    let has_method = vault.sheet.as_ref().is_none_or(|sheet| vault.state.has_method(sheet.method));
    if !has_method {
        vault.sheet = None;
    }
    vault.relist();
    unused.into_iter().for_each(|passkey| ports.emit(Event::UnusedPasskey(passkey.into())));
    ports.emit(Event::SecretsAwaited(vault.count_awaited()));
    ports.emit(Event::Advanced { change: counter, methods_changed: false });
    ports.emit(Event::AlarmEnded(ended));
    ports.emit(Event::Changed);
    Ok(())
}

/// Returns how the objects of this device change at the `changed` leaves. Secrets that both
/// histories have stay where they are; earlier versions are known only from a device's own history.
fn update_to(objects: &Objects, changed: &BTreeSet<LeafId>) -> Update {
    let mut update = Update::default();
    for leaf in changed {
        match leaf {
            LeafId::Record(id) => {
                update.records.push((*id, objects.records.get(id).cloned()));
                update.history.push((*id, None));
            }
            LeafId::Keyslot(id) => update.wraps.push((*id, objects.wraps.get(id).cloned())),
            LeafId::Tombstone(_) | LeafId::Device(_) | LeafId::Share(_) => {}
        }
    }
    update
}

/// Plans what is to be done after the other state was adopted, and what is set aside until then. An
/// earlier plan that somebody may not have looked at yet is continued.
fn plan<P: Ports>(
    ports: &mut P,
    vault: &OpenVault,
    own: &OwnBranch,
    other: &OtherHistory,
    alarm: KeptAlarm,
) -> Result<(GoneOver, Vec<Aside>), VaultFailure> {
    let now = ports.clock().now();
    let before = vault.gone_over.as_ref();
    let mut items = before.map_or_else(Vec::new, |before| before.items.clone());
    let mut again = before.map_or_else(Vec::new, |before| before.again.clone());
    let mut removals = before.map_or_else(Vec::new, |before| before.removals.clone());
    let mut asides = Vec::new();
    for Differing { id, overview, fate, .. } in list_differing(vault, own, other) {
        let outcome = match fate {
            Fate::ServersCounts => continue,
            Fate::ComesAlong | Fate::Copied => Outcome::Due,
            Fate::SetAside | Fate::MakeAgain => Outcome::Kept,
        };
        let parts = vault.parts(id).ok_or(VaultFailure::NoSuchRecord)?.clone();
        if fate == Fate::MakeAgain {
            let (kind, named) = (describe_overview(overview).0, Some((id, parts.clone())));
            again.push(Again { kind, is_removal: false, named });
        }
        if parts.secret.here().is_some() {
            let aside = aside_id(id, &parts.leaf());
            items.retain(|item| item.aside != aside);
            items.push(Item { aside, record: id, outcome });
            asides.push(Aside { id: aside, time: now, record: id, parts });
        }
    }
    for ((method, _), place) in lone_methods(&vault.state, &other.state) {
        let is_removed = other
            .state
            .keyslots()
            .any(|(slot, leaf)| leaf.method == method && own.removed_slots.contains(&slot));
        if place == Place::Here || is_removed {
            let record = method_record(vault, method).map(|(record, _)| record);
            let there = || other.method_record(vault, method);
            let named = record.and_then(|id| Some((id, vault.parts(id)?.clone()))).or_else(there);
            again.push(Again { kind: AsideKind::SignInMethod, is_removal: is_removed, named });
        }
    }
    removals.extend(own.removed_devices.iter().filter(|id| other.state.device(**id).is_some()));
    let join = plan_join(ports, vault, other)?;
    let (ended, change) = (now, other.newest().change);
    Ok((GoneOver { alarm, ended, change, join, removals, items, again, is_finished: false }, asides))
}

/// Plans how this device enters the vault again, if the other history does not have it.
fn plan_join<P: Ports>(
    ports: &mut P,
    vault: &OpenVault,
    other: &OtherHistory,
) -> Result<Option<JoinAgain>, VaultFailure> {
    if other.state.device(vault.device).is_some() {
        return Ok(None);
    }
    let key = vault.state.device(vault.device).ok_or(ImpossibleState::DeviceNotJoined)?.key;
    let record = device_record(vault.device);
    let described = match vault.catalogue.devices.get(&record) {
        Some(device) => {
            let overview = Overview::Device(device.clone());
            let parts = seal_new_record(ports.entropy(), &vault.keys, record, &overview, &Secret::Device)
                .map_err(|_| ImpossibleState::RecordTooLarge)?;
            Some(parts.change_from(record, None))
        }
        None => None,
    };
    Ok(Some(JoinAgain { key, described }))
}
