//! The devices that entered the vault since somebody on this device has looked.

use crystallum_core::DeviceId;
use crystallum_messages::{DeviceJoin, Event, VaultFailure};

use crate::access::methods::{list_methods, method_kind};
use crate::local::joins::remove_joins;
use crate::ports::Ports;
use crate::vault::join::Join;
use crate::vault::open_vault::OpenVault;

/// Lists the events, oldest first.
pub(crate) fn list_joins(vault: &OpenVault) -> Vec<DeviceJoin> {
    let methods = list_methods(vault);
    let event = |join: &Join| {
        let method = methods.iter().find(|method| method.id.0 == join.method);
        DeviceJoin {
            device: crystallum_messages::DeviceId(*join.device.as_bytes()),
            change: join.counter,
            time: join.time,
            kind: method_kind(join.kind),
            method: method.map(|method| method.name.clone()),
            live: vault.state.device(join.device).is_some(),
        }
    };
    vault.joins.iter().map(event).collect()
}

/// Ends the event of a device that the user knows. `change` is the number of the change by which it
/// entered: the same device may enter more than once.
pub(crate) async fn acknowledge_join<P: Ports>(
    ports: &P,
    vault: &mut OpenVault,
    change: u64,
) -> Result<(), VaultFailure> {
    end_joins(ports, vault, &[change]).await
}

/// Ends the events of devices that the user has removed, all in one batch: whoever removes a device
/// knows that it has entered.
pub(crate) async fn end_joins_of<P: Ports>(
    ports: &P,
    vault: &mut OpenVault,
    removed: &[DeviceId],
) -> Result<(), VaultFailure> {
    let joins = vault.joins.iter().filter(|join| {
        let is_gone = vault.state.device(join.device).is_none();
        is_gone && removed.contains(&join.device)
    });
    let changes: Vec<u64> = joins.map(|join| join.counter).collect();
    if changes.is_empty() { Ok(()) } else { end_joins(ports, vault, &changes).await }
}

async fn end_joins<P: Ports>(ports: &P, vault: &mut OpenVault, changes: &[u64]) -> Result<(), VaultFailure> {
    remove_joins(ports.store(), vault.state.head(), changes).await?;
    vault.joins.retain(|join| !changes.contains(&join.counter));
    ports.emit(Event::Changed);
    Ok(())
}
