//! Commands about the trash.

use crystallum_core::RecordId;
use crystallum_messages::trash::{Command, Failure, Reply};

use super::Engine;
use crate::ports::Ports;
use crate::trash;

impl<P: Ports> Engine<P> {
    pub(super) async fn run_trash(&mut self, command: Command) -> Result<Reply, Failure> {
        let (ports, rp_id, vault) = self.require_open()?;
        match command {
            Command::Delete { id } => {
                trash::move_to_trash(ports, vault, RecordId::new(id.0)).await.map(Reply::Saved)
            }
            Command::List => Ok(Reply::Rows(vault.catalogue.trash.clone())),
            Command::Purge { id } => {
                trash::purge_confirmed(ports, rp_id, vault, RecordId::new(id.0)).await.map(Reply::Saved)
            }
            Command::Restore { id } => {
                trash::restore_record(ports, vault, RecordId::new(id.0)).await.map(Reply::Saved)
            }
        }
    }
}
