//! Commands about wallets. Whatever opens a wallet needs a passkey.

use crystallum_core::RecordId;
use crystallum_messages::wallets::{Command, Failure, Reply};

use super::Engine;
use crate::ports::Ports;
use crate::serve::serve_wallets;
use crate::sync::status::check_session;
use crate::wallets::{rebuild, split};

impl<P: Ports> Engine<P> {
    pub(super) async fn run_wallets(&mut self, command: Command) -> Result<Reply, Failure> {
        match command {
            Command::Add(draft) => {
                let (ports, rp_id, vault) = self.require_open()?;
                check_session(vault)?;
                Ok(Reply::Saved(split::add_wallet(ports, rp_id, vault, draft).await?))
            }
            Command::Rebuild { id } => {
                let (ports, rp_id, vault) = self.require_open()?;
                check_session(vault)?;
                Ok(Reply::Rebuilt(rebuild::rebuild_phrase(ports, rp_id, vault, RecordId::new(id.0)).await?))
            }
            Command::Reshare { id, split: how } => {
                let (ports, rp_id, vault) = self.require_open()?;
                check_session(vault)?;
                Ok(Reply::Saved(split::reshare(ports, rp_id, vault, RecordId::new(id.0), &how).await?))
            }
            command => serve_wallets(&mut self.ports, self.open.as_mut(), command).await,
        }
    }
}
