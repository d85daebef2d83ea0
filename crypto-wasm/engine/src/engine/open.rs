//! Commands that require an open vault.

use crystallum_api as api;
use crystallum_core::RecordId;
use crystallum_messages::{self as messages, CeremonyReason, Command, Failure, Reply};

use super::Engine;
use crate::access::edit::{self, passkey_proof};
use crate::access::{methods, sheet};
use crate::entry::unlock;
use crate::keys::{records, versions};
use crate::passkeys::options as ceremonies;
use crate::ports::{Authenticator, Clock, Ports};
use crate::sync::push;
use crate::trash;
use crate::vault::open_vault::passkey_ids;
use crate::wallets::{stores, wallet as wallets};
use crate::wire::client::Client;

fn record(id: messages::RecordId) -> RecordId {
    RecordId::new(id.0)
}

impl<P: Ports> Engine<P> {
    /// Runs the commands that need no ceremony, and passes all others on to
    /// [`run_with_ceremony`](Self::run_with_ceremony).
    pub(super) async fn run_open(&mut self, command: Command) -> Result<Reply, Failure> {
        if matches!(command, Command::Renew) {
            return self.renew().await;
        }
        let (ports, vault) = self.require_open()?;
        let now = ports.clock().now();
        if vault.sheet.as_ref().is_some_and(|sheet| sheet.is_expired(now)) {
            vault.sheet = None;
        }
        match command {
            Command::Add(draft) => records::add_key(ports, vault, draft).await.map(Reply::Saved),
            Command::CheckWallet { id } => {
                stores::check_wallet(ports, vault, record(id)).await.map(Reply::Wallet)
            }
            Command::ConfirmSheet { groups } => {
                sheet::confirm_sheet(ports, vault, &groups).await.map(|()| Reply::Done)
            }
            Command::Delete { id } => trash::move_to_trash(ports, vault, record(id)).await.map(Reply::Saved),
            Command::Edit(edit) => records::edit_key(ports, vault, edit).await.map(Reply::Saved),
            Command::EditWallet(edit) => wallets::edit_wallet(ports, vault, edit).await.map(Reply::Saved),
            Command::List { query, offset, limit } => {
                Ok(Reply::Page(records::list_keys(vault, &query, offset, limit)))
            }
            Command::Open { id } => records::open_key(vault, id).map(Reply::Detail),
            Command::OpenWallet { id } => wallets::open_wallet(vault, record(id)).map(Reply::Wallet),
            Command::PutSheetAway => {
                vault.sheet = None;
                Ok(Reply::Done)
            }
            Command::RenameWay { id, name } => {
                methods::rename_method(ports, vault, id, &name).await.map(|()| Reply::Done)
            }
            Command::Restore { id } => {
                trash::restore_record(ports, vault, record(id)).await.map(Reply::Saved)
            }
            Command::RestoreVersion { id, number } => {
                versions::restore_version(ports, vault, record(id), number).await.map(Reply::Saved)
            }
            Command::Reveal { id } => records::reveal_key(vault, id).map(Reply::Revealed),
            Command::RevealVersion { id, number } => {
                versions::reveal_version(ports, vault, record(id), number).await.map(Reply::Revealed)
            }
            Command::Sheet => sheet::build_sheet(vault).map(Reply::Sheet),
            Command::Stores => stores::list_stores(ports).await.map(Reply::Stores),
            Command::Sync => {
                if let Some(alarm) = &vault.alarm {
                    return Err(Failure::Alarm(alarm.clone()));
                }
                unlock::sync_vault(ports, vault).await?;
                Ok(Reply::Done)
            }
            Command::Trash => Ok(Reply::Trash(vault.catalogue.trash.clone())),
            Command::Versions { id } => versions::list_versions(vault, record(id)).map(Reply::Versions),
            Command::Wallets => Ok(Reply::Wallets(wallets::list_wallets(vault))),
            Command::Ways => Ok(Reply::Ways(methods::list_methods(vault))),
            other => self.run_with_ceremony(other).await,
        }
    }

    /// Runs the commands that begin with a ceremony.
    async fn run_with_ceremony(&mut self, command: Command) -> Result<Reply, Failure> {
        let rp_id = self.rp_id.clone();
        match command {
            Command::AddWallet(draft) => {
                let (ports, vault) = self.require_open()?;
                return wallets::add_wallet(ports, &rp_id, vault, draft).await.map(Reply::Saved);
            }
            Command::Purge { id } => {
                let (ports, vault) = self.require_open()?;
                return trash::purge_confirmed(ports, &rp_id, vault, record(id)).await.map(Reply::Saved);
            }
            Command::RebuildWallet { id } => {
                let (ports, vault) = self.require_open()?;
                return wallets::rebuild_phrase(ports, &rp_id, vault, record(id)).await.map(Reply::Rebuilt);
            }
            Command::RefreshWallet { id, split } => {
                let (ports, vault) = self.require_open()?;
                return wallets::reshare(ports, &rp_id, vault, record(id), &split).await.map(Reply::Saved);
            }
            _ => {}
        }
        let login = self.challenges.take_for_unlock(&self.ports).await?;
        match command {
            Command::AddPasskey { name } => {
                let register = self.challenges.take_for_create(&self.ports).await?;
                let (ports, vault) = self.require_open()?;
                edit::add_passkey(ports, &rp_id, vault, (login, register), &name).await?;
                Ok(Reply::Done)
            }
            Command::DeleteVault => {
                let (ports, vault) = self.require_open()?;
                let allow = passkey_ids(&vault.state, &vault.objects);
                let options =
                    ceremonies::get_options(CeremonyReason::Confirm, &rp_id, &login.challenge, allow);
                let options = ceremonies::without_prf(options);
                let mut asserted =
                    ports.authenticator().get(options).await.map_err(ceremonies::map_refusal)?;
                let id = vault.id();
                unlock::vault_of_assertion(&mut asserted, Some(id))?;
                let body = api::DeleteAccount { proof: passkey_proof(&login, &asserted) };
                Client(ports.transport()).delete_account(&body).await?;
                self.lock();
                self.forget(id).await
            }
            Command::NewSheet => {
                let (ports, vault) = self.require_open()?;
                edit::replace_sheet(ports, &rp_id, vault, login).await?;
                sheet::build_sheet(vault).map(Reply::Sheet)
            }
            Command::RemoveWay { id } => {
                let (ports, vault) = self.require_open()?;
                edit::remove_method(ports, &rp_id, vault, login, id).await?;
                Ok(Reply::Done)
            }
            _ => Err(Failure::Confused),
        }
    }

    async fn renew(&mut self) -> Result<Reply, Failure> {
        let ready = self.challenges.take_for_unlock(&self.ports).await?;
        let rp_id = self.rp_id.clone();
        let (ports, vault) = self.require_open()?;
        let allow = passkey_ids(&vault.state, &vault.objects);
        let options = ceremonies::get_options(CeremonyReason::Renew, &rp_id, &ready.challenge, allow);
        let mut asserted = ports.authenticator().get(options).await.map_err(ceremonies::map_refusal)?;
        unlock::vault_of_assertion(&mut asserted, Some(vault.id()))?;
        unlock::log_in(ports, ready.ceremony, &asserted, vault.id()).await?;
        push::set_sync_state(ports, vault, messages::SyncState::Synced);
        if vault.alarm.is_none() {
            unlock::sync_vault(ports, vault).await?;
        }
        Ok(Reply::Done)
    }
}
