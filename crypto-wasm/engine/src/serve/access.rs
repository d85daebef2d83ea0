//! Commands about sign-in methods.

use crystallum_core::DeviceId;
use crystallum_messages::ImpossibleState;
use crystallum_messages::access::{Command, Failure, Reply};

use crate::access::{devices, joins, methods, sheet};
use crate::ports::{Clock, Ports};
use crate::vault::open_vault::{OpenVault, require_open};

pub(crate) async fn serve_access<P: Ports>(
    ports: &mut P,
    vault: Option<&mut OpenVault>,
    command: Command,
) -> Result<Reply, Failure> {
    let vault = require_open(vault, ports.clock().now())?;
    match command {
        Command::AcknowledgeJoin { change } => {
            joins::acknowledge_join(ports, vault, change).await?;
        }
        Command::ConfirmSheet { groups } => sheet::confirm_sheet(ports, vault, &groups).await?,
        Command::Devices => return Ok(Reply::Devices(devices::list_devices(ports, vault).await?)),
        Command::Joins => return Ok(Reply::Joins(joins::list_joins(vault))),
        Command::List => return Ok(Reply::Methods(methods::list_methods(vault))),
        Command::PutSheetAway => vault.sheet = None,
        Command::RemoveDevices { devices } => {
            let devices: Vec<DeviceId> = devices.iter().map(|device| DeviceId::new(device.0)).collect();
            devices::remove_devices(ports, vault, &devices).await?;
        }
        Command::RenameDevice { device, name } => {
            devices::rename_device(ports, vault, DeviceId::new(device.0), &name).await?;
        }
        Command::Rename { id, name } => methods::rename_method(ports, vault, id, &name).await?,
        Command::Sheet => return sheet::build_sheet(vault).map(Reply::Sheet),
        Command::AddPasskey { .. } | Command::NewSheet | Command::Remove { .. } => {
            return Err(ImpossibleState::PasskeyNeeded.into());
        }
    }
    Ok(Reply::Done)
}
