//! What the user sees of two histories before going over.

use std::collections::BTreeMap;

use crystallum_core::{DeviceId, DeviceOverview, MethodId, Overview, RecordId, SlotKind, VaultState};
use crystallum_messages::going_over::{
    DeviceDifference, Differences, MethodDifference, Place, RecordDifference,
};
use crystallum_messages::session::Failure;

use crate::access::devices::device_record;
use crate::access::methods::{method_kind, method_record};
use crate::going_over::fate::{Differing, list_differing};
use crate::going_over::other_history::{OtherHistory, fetch_other_history};
use crate::going_over::own_branch::OwnBranch;
use crate::ports::Ports;
use crate::sync::checkpoint::Extent;
use crate::vault::describe::describe_overview;
use crate::vault::open_vault::OpenVault;
use crate::vault::slots::methods;

/// The most records that are named to the user.
const MAX_ROWS: usize = 200;

/// Compares the history of this device with the one that the server shows. Nothing is adopted.
pub(crate) async fn compare_histories<P: Ports>(
    ports: &P,
    vault: &OpenVault,
) -> Result<Differences, Failure> {
    let other = fetch_other_history(ports, vault, Extent::AllButSecrets).await?;
    let own = OwnBranch::read(ports, vault, other.common).await?;
    let hindrance = other.hindrance(vault, &own);
    let differing = list_differing(vault, &own, &other);
    let (methods, devices) =
        (compare_methods(vault, &other, &differing), compare_devices(vault, &own, &other, &differing));
    let (mine, theirs) = (vault.state.head().body(), other.state.head().body());
    let mut records: Vec<RecordDifference> = differing.into_iter().filter_map(describe).collect();
    records.sort_by_cached_key(|record| (record.place, record.label.to_lowercase()));
    let more_records = u32::try_from(records.len().saturating_sub(MAX_ROWS)).unwrap_or(u32::MAX);
    records.truncate(MAX_ROWS);
    Ok(Differences {
        server: other.newest(),
        server_time: theirs.time,
        mine: mine.counter,
        mine_time: mine.time,
        common: other.common,
        records,
        more_records,
        methods,
        devices,
        hindrance,
    })
}

/// Describes a record. Those of sign-in methods and devices are named with them.
fn describe(Differing { overview, place, fate, .. }: Differing) -> Option<RecordDifference> {
    match overview {
        Some(Overview::Profile { .. } | Overview::SignInMethod(_) | Overview::Device(_)) => None,
        overview => {
            let (kind, label) = describe_overview(overview);
            Some(RecordDifference { kind, label, place, fate })
        }
    }
}

/// Iterates over what only one of two states has.
fn only_in_one<T: Copy + Ord>(
    mine: impl Iterator<Item = T>,
    theirs: impl Iterator<Item = T>,
) -> impl Iterator<Item = (T, Place)> {
    let mut places: BTreeMap<T, Place> = mine.map(|id| (id, Place::Here)).collect();
    for id in theirs {
        places.entry(id).and_modify(|place| *place = Place::Both).or_insert(Place::Server);
    }
    places.into_iter().filter(|(_, place)| *place != Place::Both)
}

/// Returns the sign-in methods that only one history has.
pub(super) fn lone_methods(
    mine: &VaultState,
    theirs: &VaultState,
) -> impl Iterator<Item = ((MethodId, SlotKind), Place)> {
    let ids = |state| methods(state).map(|(method, _)| method).collect::<Vec<_>>();
    let kinds: BTreeMap<MethodId, SlotKind> = methods(mine).chain(methods(theirs)).collect();
    only_in_one(ids(mine).into_iter(), ids(theirs).into_iter())
        .filter_map(move |(method, place)| Some(((method, *kinds.get(&method)?), place)))
}

fn compare_methods(
    vault: &OpenVault,
    other: &OtherHistory,
    differing: &[Differing],
) -> Vec<MethodDifference> {
    let name_there = |method| {
        differing.iter().find_map(|record| match &record.overview {
            Some(Overview::SignInMethod(named)) if named.method == method => Some(named.name.clone()),
            _ => None,
        })
    };
    let row = |((method, kind), place)| {
        let name = method_record(vault, method).map(|(_, named)| named.name.clone());
        let name = name.or_else(|| name_there(method)).unwrap_or_default();
        MethodDifference { kind: method_kind(kind), name, place }
    };
    lone_methods(&vault.state, &other.state).map(row).collect()
}

fn compare_devices(
    vault: &OpenVault,
    own: &OwnBranch,
    other: &OtherHistory,
    differing: &[Differing],
) -> Vec<DeviceDifference> {
    let described = |id: RecordId| -> Option<&DeviceOverview> {
        vault.catalogue.devices.get(&id).or_else(|| {
            differing.iter().find(|record| record.id == id).and_then(|record| match &record.overview {
                Some(Overview::Device(device)) => Some(device),
                _ => None,
            })
        })
    };
    let ids = |state: &VaultState| state.devices().map(|(id, _)| id).collect::<Vec<DeviceId>>();
    let row = |(id, place)| {
        let device = described(device_record(id));
        DeviceDifference {
            name: device.map(|device| device.name.clone()).unwrap_or_default(),
            platform: device.map(|device| device.platform.clone()).unwrap_or_default(),
            this: id == vault.device,
            place,
            is_removed_again: place == Place::Server && own.removed_devices.contains(&id),
        }
    };
    only_in_one(ids(&vault.state).into_iter(), ids(&other.state).into_iter()).map(row).collect()
}
