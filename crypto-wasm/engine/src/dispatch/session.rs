//! Commands about the session of an open vault.

use crystallum_messages::session::{Command, Failure, Reply};

use super::Engine;
use crate::access::delete::delete_account;
use crate::entry::renew::renew_session;
use crate::keys::drafts;
use crate::ports::Ports;
use crate::sync::preflight::sync_vault;
use crate::sync::status::check_alarm;
use crate::wire::client::Client;

impl<P: Ports> Engine<P> {
    pub(super) async fn run_session(&mut self, command: Command) -> Result<Reply, Failure> {
        match command {
            Command::DeleteVault => self.delete_vault().await?,
            Command::Draft => {
                let (ports, _, vault) = self.require_open()?;
                return Ok(Reply::Draft(drafts::load_draft(ports, vault).await?));
            }
            Command::Lock => self.lock(),
            Command::LogOut => {
                self.lock();
                Client(self.ports.transport()).logout().await?;
            }
            Command::Renew => self.renew().await?,
            Command::SaveDraft { draft } => {
                let (ports, _, vault) = self.require_open()?;
                drafts::save_draft(ports, vault, draft).await?;
            }
            Command::Sync => {
                let (ports, _, vault) = self.require_open()?;
                check_alarm(vault)?;
                sync_vault(ports, vault).await?;
            }
        }
        Ok(Reply::Done)
    }

    async fn delete_vault(&mut self) -> Result<(), Failure> {
        self.require_open()?;
        let login = self.challenges.take_for_unlock(&self.ports).await?;
        let (ports, rp_id, vault) = self.require_open()?;
        let id = vault.id();
        delete_account(ports, rp_id, vault, &login).await?;
        self.lock();
        Ok(self.forget(id).await?)
    }

    async fn renew(&mut self) -> Result<(), Failure> {
        let ready = self.challenges.take_for_unlock(&self.ports).await?;
        let (ports, rp_id, vault) = self.require_open()?;
        renew_session(ports, rp_id, vault, ready).await
    }
}
