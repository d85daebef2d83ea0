//! The devices that entered the vault since somebody on this device has looked.

use crystallum_messages::{DeviceJoin, Event, VaultFailure};

use crate::access::methods::{list_methods, method_kind};
use crate::local::joins::remove_join;
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
    remove_join(ports.store(), vault.state.head(), change).await?;
    vault.joins.retain(|join| join.counter != change);
    ports.emit(Event::Changed);
    Ok(())
}
