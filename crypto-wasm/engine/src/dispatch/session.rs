//! Commands about the session of an open vault.

use crystallum_messages::session::{Command, Failure, Reply};

use super::Engine;
use crate::access::delete::delete_account;
use crate::entry::renew::renew_session;
use crate::ports::{Clock, Ports};
use crate::serve::serve_session;
use crate::vault::open_vault::require_open;
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
            command => return serve_session(&mut self.ports, self.open.as_mut(), command).await,
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
        let vault = require_open(self.open.as_mut(), self.ports.clock().now())?;
        renew_session(&mut self.ports, &self.rp_id, &mut self.challenges, vault).await
    }
}
