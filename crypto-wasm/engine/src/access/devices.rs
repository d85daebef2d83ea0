//! The devices of a vault: listing, naming and removing them.

use crystallum_core::{DeviceId, DeviceOverview, Op, Overview, PartUnreadable, RecordId, Secret};
use crystallum_messages::{
    self as messages, Device, MAX_SIGN_IN_METHOD_NAME, ServerFailure, SignInMethodId, VaultFailure,
    access::Failure,
};

use crate::access::joins::end_joins_of;
use crate::access::methods::{method_kind, method_record};
use crate::local::heads::newest_by_writer;
use crate::ports::Ports;
use crate::sync::commit::{commit_atomic, commit_record};
use crate::sync::plan::{AtomicChange, RecordPlan};
use crate::sync::preflight::{ensure_synced, require_online};
use crate::vault::change::{SealedChange, tombstone_version};
use crate::vault::open_vault::{OpenVault, Unreadable};
use crate::vault::part::Parts;
use crate::vault::seal::{seal_new_record, seal_overview};
use crate::vault::text::{self, NameRejected};
use crate::wire::limits::MAX_COMMIT_CHANGES;

/// The record that describes a device. It has the device's id.
pub(crate) fn device_record(device: DeviceId) -> RecordId {
    RecordId::new(*device.as_bytes())
}

/// Lists every device: this one first, then the one that joined last.
pub(crate) async fn list_devices<P: Ports>(
    ports: &P,
    vault: &OpenVault,
) -> Result<Vec<Device>, VaultFailure> {
    let newest = newest_by_writer(ports.store(), vault.id()).await?;
    let mut devices: Vec<Device> = vault
        .state
        .devices()
        .map(|(id, leaf)| {
            let overview = vault.catalogue.devices.get(&device_record(id));
            let method = method_record(vault, leaf.added_by).map(|(_, method)| method.name.clone());
            Device {
                id: messages::DeviceId(*id.as_bytes()),
                this: id == vault.device,
                name: overview.map(|device| device.name.clone()).unwrap_or_default(),
                platform: overview.map(|device| device.platform.clone()).unwrap_or_default(),
                joined: overview.map_or(0, |device| device.joined),
                added_by: SignInMethodId(*leaf.added_by.as_bytes()),
                kind: vault.state.kind_of_method(leaf.added_by).map(method_kind),
                method: method.unwrap_or_default(),
                newest: newest.get(&id).copied(),
            }
        })
        .collect();
    devices.sort_by_key(|device| (!device.this, std::cmp::Reverse(device.joined), device.id));
    Ok(devices)
}

/// Names a device. One without a record gets one; when it joined is then not known.
pub(crate) async fn rename_device<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    device: DeviceId,
    name: &str,
) -> Result<(), Failure> {
    let name = text::parse_line(name, MAX_SIGN_IN_METHOD_NAME).ok_or(NameRejected)?;
    let connectivity = ensure_synced(ports, vault).await?;
    if vault.state.device(device).is_none() {
        return Err(VaultFailure::NoSuchRecord.into());
    }
    let record = device_record(device);
    let parts = match vault.catalogue.devices.get(&record).cloned() {
        Some(overview) => {
            let old = vault.parts(record).ok_or(VaultFailure::NoSuchRecord)?.clone();
            let overview = Overview::Device(DeviceOverview { name, ..overview });
            let version = old.overview.next_version()?;
            let overview = seal_overview(ports.entropy(), &vault.keys, record, version, &overview)?;
            Parts { overview, secret: old.secret }
        }
        // A later version may have written it.
        None if vault.state.record(record).is_some() => {
            return Err(Unreadable(PartUnreadable::NotUnderstood).into());
        }
        None => {
            let overview = DeviceOverview { name, joined: 0, platform: String::new() };
            seal_new_record(
                ports.entropy(),
                &vault.keys,
                record,
                &Overview::Device(overview),
                &Secret::Device,
            )?
        }
    };
    commit_record(ports, vault, connectivity, RecordPlan::new(record, Some(parts))).await?;
    Ok(())
}

/// The most devices that one change removes. Each is two changes of objects: the device, and the
/// record that describes it.
const MAX_REMOVED_TOGETHER: usize = 200;
const _: () = assert!(2 * MAX_REMOVED_TOGETHER <= MAX_COMMIT_CHANGES);

/// Removes devices other than this one, with their records. The events of their joins end. Whoever
/// has a passkey of the vault can let any number of devices enter, so they are removed in parts.
/// If one of the parts fails, those before it stay removed.
pub(crate) async fn remove_devices<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    devices: &[DeviceId],
) -> Result<(), Failure> {
    require_online(ports, vault).await?;
    let (mut is_some_removed, mut outcome) = (false, Ok(()));
    for part in devices.chunks(MAX_REMOVED_TOGETHER) {
        match remove_part(ports, vault, part).await {
            Ok(is_removed) => is_some_removed |= is_removed,
            Err(failure) => {
                outcome = Err(failure);
                break;
            }
        }
    }
    // If this device cannot store that, the devices are removed all the same.
    drop(end_joins_of(ports, vault, devices).await);
    match outcome {
        Ok(()) if is_some_removed => Ok(()),
        Ok(()) => Err(VaultFailure::NoSuchRecord.into()),
        // The user learns more from these.
        Err(
            failure @ (VaultFailure::Alarm(_)
            | VaultFailure::Unsettled
            | VaultFailure::Server(ServerFailure::SessionExpired)),
        ) => Err(failure.into()),
        Err(_) if is_some_removed => Err(Failure::PartlyRemoved),
        Err(failure) => Err(failure.into()),
    }
}

/// Removes these devices in one change. Returns whether any was left to remove.
async fn remove_part<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
    devices: &[DeviceId],
) -> Result<bool, VaultFailure> {
    let changes = removals(vault, devices)?;
    if changes.is_empty() {
        return Ok(false);
    }
    commit_atomic(ports, vault, AtomicChange { op: Op::Devices, changes, request: None }).await?;
    Ok(true)
}

/// Returns the changes that remove these devices with their records.
fn removals(vault: &OpenVault, devices: &[DeviceId]) -> Result<Vec<SealedChange>, VaultFailure> {
    let mut changes = Vec::new();
    for device in devices {
        // One that another device has removed meanwhile is gone as it should be.
        if *device == vault.device || vault.state.device(*device).is_none() {
            continue;
        }
        changes.push(SealedChange::DeviceRemoved(*device));
        let record = device_record(*device);
        // One that cannot be read describes nothing any more, either.
        let described = vault.catalogue.devices.contains_key(&record)
            || vault.catalogue.unreadable.iter().any(|(id, _)| *id == record);
        if let Some(leaf) = vault.state.record(record).filter(|_| described) {
            let version = tombstone_version(leaf).ok_or(VaultFailure::NoSuchRecord)?;
            changes.push(SealedChange::Tombstone(record, version));
        }
    }
    Ok(changes)
}
