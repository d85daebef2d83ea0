//! Commands about the trash.

use crystallum_core::RecordId;
use crystallum_messages::trash::{Command, Failure, Reply};

use super::Engine;
use crate::ports::Ports;
use crate::serve::serve_trash;
use crate::wallets::purge_confirmed::purge_confirmed;

impl<P: Ports> Engine<P> {
    pub(super) async fn run_trash(&mut self, command: Command) -> Result<Reply, Failure> {
        match command {
            Command::Purge { id } => {
                let (ports, rp_id, vault) = self.require_open()?;
                purge_confirmed(ports, rp_id, vault, RecordId::new(id.0)).await.map(Reply::Saved)
            }
            command => serve_trash(&mut self.ports, self.open.as_mut(), command).await,
        }
    }
}
