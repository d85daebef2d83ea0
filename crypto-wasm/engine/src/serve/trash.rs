//! Commands about the trash.

use crystallum_core::RecordId;
use crystallum_messages::ImpossibleState;
use crystallum_messages::trash::{Command, Failure, Reply};

use crate::ports::{Clock, Ports};
use crate::trash;
use crate::vault::open_vault::{OpenVault, require_open};

pub(crate) async fn serve_trash<P: Ports>(
    ports: &mut P,
    vault: Option<&mut OpenVault>,
    command: Command,
) -> Result<Reply, Failure> {
    let vault = require_open(vault, ports.clock().now())?;
    match command {
        Command::Delete { id } => {
            trash::move_to_trash(ports, vault, RecordId::new(id.0)).await.map(Reply::Saved)
        }
        Command::List => Ok(Reply::Rows(vault.catalogue.trash.clone())),
        Command::Purge { .. } => Err(ImpossibleState::PasskeyNeeded.into()),
        Command::Restore { id } => {
            trash::restore_record(ports, vault, RecordId::new(id.0)).await.map(Reply::Saved)
        }
    }
}
