//! Commands about sign-in methods. A passkey confirms each change.

use crystallum_messages::access::{Command, Failure, Reply};

use super::Engine;
use crate::access::confirmation::Confirmation;
use crate::access::vault_login::log_in_with_vault_key;
use crate::access::{edit, sheet};
use crate::ports::Ports;
use crate::serve::serve_access;

impl<P: Ports> Engine<P> {
    pub(super) async fn run_access(&mut self, command: Command) -> Result<Reply, Failure> {
        match command {
            Command::AddPasskey { name } => {
                self.require_open()?;
                let confirmation = self.confirmation().await?;
                let register = self.challenges.take_for_create(&self.ports).await?;
                let (ports, rp_id, vault) = self.require_open()?;
                edit::add_passkey(ports, rp_id, vault, (confirmation, register), &name).await?;
                Ok(Reply::Done)
            }
            Command::NewSheet => {
                self.require_open()?;
                let confirmation = self.confirmation().await?;
                let (ports, rp_id, vault) = self.require_open()?;
                edit::replace_sheet(ports, rp_id, vault, confirmation).await?;
                sheet::build_sheet(vault).map(Reply::Sheet)
            }
            Command::Remove { id } => {
                self.require_open()?;
                let confirmation = self.confirmation().await?;
                let (ports, rp_id, vault) = self.require_open()?;
                edit::remove_method(ports, rp_id, vault, confirmation, id).await?;
                Ok(Reply::Done)
            }
            command => serve_access(&mut self.ports, self.open.as_mut(), command).await,
        }
    }

    /// Gets the challenges that confirm a change. In a session of the vault's key, another one is
    /// opened, which says what the server lacks now.
    async fn confirmation(&mut self) -> Result<Confirmation, Failure> {
        let login = self.challenges.take_for_unlock(&self.ports).await?;
        let vault = self.open.as_mut().filter(|vault| vault.lacking.is_some() && vault.alarm.is_none());
        let Some(vault) = vault else { return Ok(Confirmation { login, by_vault: None }) };
        let (ports, challenges) = (&mut self.ports, &mut self.challenges);
        log_in_with_vault_key(ports, &self.rp_id, challenges, vault).await?;
        let by_vault = Some(challenges.take_for_vault(ports).await?);
        Ok(Confirmation { login, by_vault })
    }
}
