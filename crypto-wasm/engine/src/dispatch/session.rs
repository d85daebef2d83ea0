//! Commands about the session of an open vault.

use crystallum_api as api;
use crystallum_messages::session::{Command, Reply};
use crystallum_messages::{CeremonyReason, Failure, SyncState};

use super::Engine;
use crate::access::edit::passkey_proof;
use crate::entry::unlock;
use crate::passkeys::options as ceremonies;
use crate::ports::{Authenticator, Ports};
use crate::sync::push;
use crate::vault::open_vault::passkey_ids;
use crate::wire::client::Client;

impl<P: Ports> Engine<P> {
    pub(super) async fn run_session(&mut self, command: Command) -> Result<Reply, Failure> {
        match command {
            Command::DeleteVault => self.delete_vault().await?,
            Command::Lock => self.lock(),
            Command::LogOut => {
                self.lock();
                Client(self.ports.transport()).logout().await?;
            }
            Command::Renew => self.renew().await?,
            Command::Sync => {
                let (ports, _, vault) = self.require_open()?;
                if let Some(alarm) = &vault.alarm {
                    return Err(Failure::Alarm(alarm.clone()));
                }
                unlock::sync_vault(ports, vault).await?;
            }
        }
        Ok(Reply::Done)
    }

    async fn delete_vault(&mut self) -> Result<(), Failure> {
        self.require_open()?;
        let login = self.challenges.take_for_unlock(&self.ports).await?;
        let (ports, rp_id, vault) = self.require_open()?;
        let allow = passkey_ids(&vault.state, &vault.objects);
        let options = ceremonies::get_options(CeremonyReason::Confirm, rp_id, &login.challenge, allow);
        let options = ceremonies::without_prf(options);
        let mut asserted = ports.authenticator().get(options).await.map_err(ceremonies::map_refusal)?;
        let id = vault.id();
        unlock::vault_of_assertion(&mut asserted, Some(id))?;
        let body = api::DeleteAccount { proof: passkey_proof(&login, &asserted) };
        Client(ports.transport()).delete_account(&body).await?;
        self.lock();
        self.forget(id).await
    }

    async fn renew(&mut self) -> Result<(), Failure> {
        let ready = self.challenges.take_for_unlock(&self.ports).await?;
        let (ports, rp_id, vault) = self.require_open()?;
        let allow = passkey_ids(&vault.state, &vault.objects);
        let options = ceremonies::get_options(CeremonyReason::Renew, rp_id, &ready.challenge, allow);
        let mut asserted = ports.authenticator().get(options).await.map_err(ceremonies::map_refusal)?;
        unlock::vault_of_assertion(&mut asserted, Some(vault.id()))?;
        unlock::log_in(ports, ready.ceremony, &asserted, vault.id()).await?;
        push::set_sync_state(ports, vault, SyncState::Synced);
        if vault.alarm.is_none() {
            unlock::sync_vault(ports, vault).await?;
        }
        Ok(())
    }
}
