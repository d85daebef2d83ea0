//! Commands that need an open vault.

use crystallum_api as api;
use crystallum_core::RecordId;
use crystallum_messages::{self as messages, Command, Failure, Reply, Touch};

use super::Engine;
use crate::ceremonies;
use crate::client::Client;
use crate::ports::{Authenticator, Clock, Ports};
use crate::vault::passkeys;
use crate::ways::passkey_proof;
use crate::{records, sheet, trash, unlock, versions, wallets, ways, write};

fn record(id: messages::RecordId) -> RecordId {
    RecordId::new(id.0)
}

impl<P: Ports> Engine<P> {
    /// Records, the trash, the sheet and the session; what is about ways in and wallets is in [`run_touched`](Self::run_touched).
    pub(super) async fn run_open(&mut self, command: Command) -> Result<Reply, Failure> {
        if matches!(command, Command::Renew) {
            return self.renew().await;
        }
        let (ports, vault) = self.opened()?;
        let now = ports.clock().now();
        if vault.sheet.as_ref().is_some_and(|sheet| sheet.is_over(now)) {
            vault.sheet = None;
        }
        match command {
            Command::Add(draft) => records::add(ports, vault, draft).await.map(Reply::Saved),
            Command::CheckWallet { id } => wallets::check(ports, vault, record(id)).await.map(Reply::Wallet),
            Command::ConfirmSheet { groups } => {
                sheet::confirm(ports, vault, &groups).await.map(|()| Reply::Done)
            }
            Command::Delete { id } => trash::discard(ports, vault, record(id)).await.map(Reply::Saved),
            Command::Edit(edit) => records::edit(ports, vault, edit).await.map(Reply::Saved),
            Command::EditWallet(edit) => wallets::edit(ports, vault, edit).await.map(Reply::Saved),
            Command::List { query, offset, limit } => {
                Ok(Reply::Page(records::list(vault, &query, offset, limit)))
            }
            Command::Open { id } => records::open(vault, id).map(Reply::Detail),
            Command::OpenWallet { id } => wallets::open(vault, record(id)).map(Reply::Wallet),
            Command::PutSheetAway => {
                vault.sheet = None;
                Ok(Reply::Done)
            }
            Command::RenameWay { id, name } => {
                ways::rename(ports, vault, id, &name).await.map(|()| Reply::Done)
            }
            Command::Restore { id } => trash::restore(ports, vault, record(id)).await.map(Reply::Saved),
            Command::RestoreVersion { id, number } => {
                versions::restore(ports, vault, record(id), number).await.map(Reply::Saved)
            }
            Command::Reveal { id } => records::reveal(vault, id).map(Reply::Revealed),
            Command::RevealVersion { id, number } => {
                versions::reveal(ports, vault, record(id), number).await.map(Reply::Revealed)
            }
            Command::Sheet => sheet::show(vault).map(Reply::Sheet),
            Command::Stores => wallets::list_stores(ports).await.map(Reply::Stores),
            Command::Sync => {
                if let Some(alarm) = &vault.alarm {
                    return Err(Failure::Alarm(alarm.clone()));
                }
                unlock::synchronise(ports, vault).await?;
                Ok(Reply::Done)
            }
            Command::Trash => Ok(Reply::Trash(vault.catalogue.trash.clone())),
            Command::Versions { id } => versions::list(vault, record(id)).map(Reply::Versions),
            Command::Wallets => Ok(Reply::Wallets(wallets::list(vault))),
            Command::Ways => Ok(Reply::Ways(ways::list(vault))),
            other => self.run_touched(other).await,
        }
    }

    /// Everything that begins with a touch.
    async fn run_touched(&mut self, command: Command) -> Result<Reply, Failure> {
        let rp_id = self.rp_id.clone();
        match command {
            Command::AddWallet(draft) => {
                let (ports, vault) = self.opened()?;
                return wallets::add(ports, &rp_id, vault, draft).await.map(Reply::Saved);
            }
            Command::Purge { id } => {
                let (ports, vault) = self.opened()?;
                return trash::purge_asked(ports, &rp_id, vault, record(id)).await.map(Reply::Saved);
            }
            Command::RebuildWallet { id } => {
                let (ports, vault) = self.opened()?;
                return wallets::rebuild(ports, &rp_id, vault, record(id)).await.map(Reply::Rebuilt);
            }
            Command::RefreshWallet { id, split } => {
                let (ports, vault) = self.opened()?;
                return wallets::refresh(ports, &rp_id, vault, record(id), &split).await.map(Reply::Saved);
            }
            _ => {}
        }
        let login = self.challenges.take_for_unlock(&self.ports).await?;
        match command {
            Command::AddPasskey { name } => {
                let register = self.challenges.take_for_create(&self.ports).await?;
                let (ports, vault) = self.opened()?;
                ways::add_passkey(ports, &rp_id, vault, (login, register), &name).await?;
                Ok(Reply::Done)
            }
            Command::DeleteVault => {
                let (ports, vault) = self.opened()?;
                let allow = passkeys(&vault.state, &vault.objects);
                let options = ceremonies::get_options(Touch::Confirm, &rp_id, &login.challenge, allow);
                let options = ceremonies::without_prf(options);
                let mut asserted = ports.authenticator().get(options).await.map_err(ceremonies::refusal)?;
                let id = vault.id();
                unlock::named(&mut asserted, Some(id))?;
                let body = api::DeleteAccount { proof: passkey_proof(&login, &asserted) };
                Client(ports.transport()).delete_account(&body).await?;
                self.lock();
                self.forget(id).await
            }
            Command::NewSheet => {
                let (ports, vault) = self.opened()?;
                ways::new_sheet(ports, &rp_id, vault, login).await?;
                sheet::show(vault).map(Reply::Sheet)
            }
            Command::RemoveWay { id } => {
                let (ports, vault) = self.opened()?;
                ways::remove(ports, &rp_id, vault, login, id).await?;
                Ok(Reply::Done)
            }
            _ => Err(Failure::Confused),
        }
    }

    async fn renew(&mut self) -> Result<Reply, Failure> {
        let ready = self.challenges.take_for_unlock(&self.ports).await?;
        let rp_id = self.rp_id.clone();
        let (ports, vault) = self.opened()?;
        let allow = passkeys(&vault.state, &vault.objects);
        let options = ceremonies::get_options(Touch::Renew, &rp_id, &ready.challenge, allow);
        let mut asserted = ports.authenticator().get(options).await.map_err(ceremonies::refusal)?;
        unlock::named(&mut asserted, Some(vault.id()))?;
        unlock::log_in(ports, ready.ceremony, &asserted, vault.id()).await?;
        write::set_sync(ports, vault, messages::SyncState::Synced);
        if vault.alarm.is_none() {
            unlock::synchronise(ports, vault).await?;
        }
        Ok(Reply::Done)
    }
}
