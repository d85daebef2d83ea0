//! Commands about sign-in methods.

use crystallum_messages::access::{Command, Failure, Reply};

use super::Engine;
use crate::access::{edit, methods, sheet};
use crate::ports::Ports;

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
            Command::ConfirmSheet { groups } => {
                let (ports, _, vault) = self.require_open()?;
                sheet::confirm_sheet(ports, vault, &groups).await?;
                Ok(Reply::Done)
            }
            Command::List => {
                let (_, _, vault) = self.require_open()?;
                Ok(Reply::Methods(methods::list_methods(vault)))
            }
            Command::NewSheet => {
                self.require_open()?;
                let login = self.challenges.take_for_unlock(&self.ports).await?;
                let (ports, rp_id, vault) = self.require_open()?;
                edit::replace_sheet(ports, rp_id, vault, login).await?;
                sheet::build_sheet(vault).map(Reply::Sheet)
            }
            Command::PutSheetAway => {
                let (_, _, vault) = self.require_open()?;
                vault.sheet = None;
                Ok(Reply::Done)
            }
            Command::Remove { id } => {
                self.require_open()?;
                let login = self.challenges.take_for_unlock(&self.ports).await?;
                let (ports, rp_id, vault) = self.require_open()?;
                edit::remove_method(ports, rp_id, vault, login, id).await?;
                Ok(Reply::Done)
            }
            Command::Rename { id, name } => {
                let (ports, _, vault) = self.require_open()?;
                methods::rename_method(ports, vault, id, &name).await?;
                Ok(Reply::Done)
            }
            Command::Sheet => {
                let (_, _, vault) = self.require_open()?;
                sheet::build_sheet(vault).map(Reply::Sheet)
            }
        }
    }
}
