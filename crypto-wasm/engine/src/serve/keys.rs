//! Commands about exchange keys.

use crystallum_core::RecordId;
use crystallum_messages as messages;
use crystallum_messages::keys::{Command, Failure, Reply};

use crate::keys::{convert, records, versions};
use crate::ports::{Clock, Ports};
use crate::sync::secrets::require_secret;
use crate::vault::open_vault::{OpenVault, require_open};

pub(crate) async fn serve_keys<P: Ports>(
    ports: &mut P,
    vault: Option<&mut OpenVault>,
    command: Command,
) -> Result<Reply, Failure> {
    let vault = require_open(vault, ports.clock().now())?;
    if let Some(id) = read_secret_of(&command) {
        require_secret(ports, vault, RecordId::new(id.0)).await?;
    }
    match command {
        Command::Add(draft) => records::add_key(ports, vault, draft).await.map(Reply::Saved),
        Command::Edit(edit) => records::edit_key(ports, vault, edit).await.map(Reply::Saved),
        Command::ListUnreadable => {
            Ok(Reply::Unreadable(convert::unreadable_rows(&vault.catalogue.unreadable)))
        }
        Command::List { query, offset, limit } => {
            Ok(Reply::Page(records::list_keys(vault, &query, offset, limit)))
        }
        Command::Open { id } => records::open_key(vault, id).map(Reply::Detail),
        Command::RestoreVersion { id, number } => {
            versions::restore_version(ports, vault, RecordId::new(id.0), number).await.map(Reply::Saved)
        }
        Command::Reveal { id } => records::reveal_key(vault, id).map(Reply::Revealed),
        Command::RevealVersion { id, number } => {
            versions::reveal_version(ports, vault, RecordId::new(id.0), number).await.map(Reply::Revealed)
        }
        Command::Versions { id } => versions::list_versions(vault, RecordId::new(id.0)).map(Reply::Versions),
    }
}

/// Returns the record whose secret a command reads. One that writes fetches it when it is about to.
fn read_secret_of(command: &Command) -> Option<messages::RecordId> {
    match command {
        Command::RestoreVersion { id, .. }
        | Command::Reveal { id }
        | Command::RevealVersion { id, .. }
        | Command::Versions { id } => Some(*id),
        Command::Add(_)
        | Command::Edit(_)
        | Command::List { .. }
        | Command::ListUnreadable
        | Command::Open { .. } => None,
    }
}
