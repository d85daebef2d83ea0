//! Commands about sign-in methods. A passkey confirms each change.

use crystallum_messages::access::{Command, Failure, Reply};

use super::Engine;
use crate::access::{edit, sheet};
use crate::ports::Ports;
use crate::serve::serve_access;

impl<P: Ports> Engine<P> {
    pub(super) async fn run_access(&mut self, command: Command) -> Result<Reply, Failure> {
        match command {
            Command::AddPasskey { name } => {
                self.require_open()?;
                let login = self.challenges.take_for_unlock(&self.ports).await?;
                let register = self.challenges.take_for_create(&self.ports).await?;
                let (ports, rp_id, vault) = self.require_open()?;
                edit::add_passkey(ports, rp_id, vault, (login, register), &name).await?;
                Ok(Reply::Done)
            }
            Command::NewSheet => {
                self.require_open()?;
                let login = self.challenges.take_for_unlock(&self.ports).await?;
                let (ports, rp_id, vault) = self.require_open()?;
                edit::replace_sheet(ports, rp_id, vault, login).await?;
                sheet::build_sheet(vault).map(Reply::Sheet)
            }
            Command::Remove { id } => {
                self.require_open()?;
                let login = self.challenges.take_for_unlock(&self.ports).await?;
                let (ports, rp_id, vault) = self.require_open()?;
                edit::remove_method(ports, rp_id, vault, login, id).await?;
                Ok(Reply::Done)
            }
            command => serve_access(&mut self.ports, self.open.as_mut(), command).await,
        }
    }
}
