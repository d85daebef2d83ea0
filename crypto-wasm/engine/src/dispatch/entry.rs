//! Commands that need no open vault: those that open one, and those that come before.

use crystallum_core::VaultId;
use crystallum_messages::entry::{Command, Failure, Reply};
use crystallum_messages::{Event, ImpossibleState, SyncState, VaultFailure, Welcome};

use super::Engine;
use crate::entry::create::{Chosen, create_vault};
use crate::entry::join::{build_notice, join_vault};
use crate::entry::new_from_copy::Copying;
use crate::entry::open::Unlocked;
use crate::entry::opened::describe_vault;
use crate::entry::unlock::unlock_vault;
use crate::going_over::carry::carry_over;
use crate::local::notes::{self, VaultSummary};
use crate::ports::{Clock, DeviceKey, Ports, StoreFailed};
use crate::serve::{check_code, count_copyable, count_unsaved, load_sign_up};
use crate::sync::secrets::SecretsRequest;
use crate::trash;
use crate::vault::open_vault::{OpenVault, require_open};
use crate::vault::text;

impl<P: Ports> Engine<P> {
    pub(super) async fn run_entry(&mut self, command: Command) -> Result<Reply, Failure> {
        match command {
            Command::AcceptNotice => self.accept_notice().await,
            Command::CheckCode { code } => check_code(&code),
            Command::CopyNext => self.copy_next().await,
            Command::CountCopyable => count_copyable(self.open.as_ref()),
            Command::Create { name, invite } => self.create(&name, invite).await,
            Command::CreateFromCopy { name, invite } => self.create_from_copy(&name, invite).await,
            Command::FinishRecovery { name } => self.finish_recovery(&name).await,
            Command::Forget { vault } => {
                self.forget(VaultId::new(vault.0)).await?;
                Ok(Reply::Done)
            }
            Command::Hello => self.hello().await,
            Command::Prepare(purpose) => {
                self.challenges.prepare(&self.ports, purpose).await?;
                Ok(Reply::Done)
            }
            Command::Recover { code, change } => self.recover(&code, change).await,
            Command::SignUp => Ok(load_sign_up(&self.ports).await),
            Command::Unsaved { vault } => count_unsaved(&self.ports, self.open.as_ref(), vault).await,
            Command::Unlock { vault } => self.unlock(vault.map(|vault| VaultId::new(vault.0))).await,
        }
    }

    async fn hello(&mut self) -> Result<Reply, Failure> {
        let vaults = notes::known_vaults(self.ports.store())
            .await
            .map_err(|StoreFailed| VaultFailure::StorageFailed)?;
        // The unlock page offers the one that was used last.
        if let Some(last) = vaults.first() {
            self.preload.plan(VaultId::new(last.id.0));
        }
        Ok(Reply::Welcome(Welcome { vaults, persistent: None }))
    }

    async fn create(&mut self, name: &str, invite: Option<String>) -> Result<Reply, Failure> {
        let name = text::parse_name(name)?;
        (self.open, self.copying, self.unjoined, self.recovery) = (None, None, None, None);
        let open = self.create_beside_open(Chosen { name, invite }).await?;
        self.list_and_show(open).await
    }

    /// Creates a vault while another one may be open.
    async fn create_beside_open(&mut self, chosen: Chosen) -> Result<OpenVault, Failure> {
        let (challenges, creation) = (&mut self.challenges, &mut self.creation);
        create_vault(&mut self.ports, &self.rp_id, challenges, creation, self.open.as_mut(), chosen).await
    }

    async fn create_from_copy(&mut self, name: &str, invite: Option<String>) -> Result<Reply, Failure> {
        let name = text::parse_name(name)?;
        if self.open.as_ref().ok_or(VaultFailure::Locked)?.alarm.is_none() {
            return Err(ImpossibleState::NothingToCopy.into());
        }
        let new = self.create_beside_open(Chosen { name, invite }).await?;
        self.copying = self.open.take().map(Copying::new);
        self.list_and_show(new).await
    }

    async fn copy_next(&mut self) -> Result<Reply, Failure> {
        let copying = self.copying.as_mut().ok_or(ImpossibleState::NothingToCopy)?;
        let target = require_open(self.open.as_mut(), self.ports.clock().now())?;
        let copied = copying.copy_next(&mut self.ports, target).await?;
        if copied.left == 0 {
            self.copying = None;
        }
        Ok(Reply::Copied(copied))
    }

    /// Gives up a vault that is half created, if there is one.
    pub(super) async fn give_up_creation(&mut self) {
        if let Some(creation) = self.creation.take() {
            creation.discard(&self.ports).await;
        }
    }

    async fn unlock(&mut self, wanted: Option<VaultId>) -> Result<Reply, Failure> {
        self.give_up_creation().await;
        self.lock();
        let (ports, challenges, preload) = (&mut self.ports, &mut self.challenges, &mut self.preload);
        match unlock_vault(ports, &self.rp_id, challenges, wanted, preload).await? {
            Unlocked::Known(open) => self.show(*open).await,
            Unlocked::Unjoined(unjoined) => {
                let notice = build_notice(&unjoined.open);
                self.unjoined = Some(*unjoined);
                Ok(Reply::Notice(notice))
            }
        }
    }

    async fn accept_notice(&mut self) -> Result<Reply, Failure> {
        let mut unjoined = self.unjoined.take().ok_or(ImpossibleState::NoNotice)?;
        match join_vault(&mut self.ports, &mut unjoined).await {
            Ok(()) => self.list_and_show(unjoined.open).await,
            Err(failure) => {
                // A retry sends the same signed head, since a second one for the same parent would
                // be a fork.
                self.unjoined = Some(unjoined);
                Err(failure.into())
            }
        }
    }

    /// Builds the list of a vault that was just created or changed, and makes it the open vault.
    pub(super) async fn list_and_show(&mut self, mut open: OpenVault) -> Result<Reply, Failure> {
        open.relist();
        self.show(open).await
    }

    /// Makes a vault the open vault. Its list has been built already.
    async fn show(&mut self, mut open: OpenVault) -> Result<Reply, Failure> {
        self.preload.discard();
        self.secrets = SecretsRequest::Nothing;
        let summary = VaultSummary { name: open.name.clone(), last_used: self.ports.clock().now() };
        // The summary is only shown on the unlock page, so the vault opens without it if it cannot
        // be saved.
        let _remembered = notes::save_summary(self.ports.store(), open.id(), &summary).await;
        if open.sync == SyncState::Synced && open.alarm.is_none() {
            // What cannot be written now is written after a later sync.
            drop(carry_over(&mut self.ports, &mut open).await);
        }
        if open.sync == SyncState::Synced && open.alarm.is_none() {
            trash::sweep_trash(&mut self.ports, &mut open).await;
        }
        let opened = describe_vault(&open);
        self.ports.emit(Event::Sync(open.sync));
        self.ports.emit(Event::SecretsAwaited(open.count_awaited()));
        self.open = Some(open);
        Ok(Reply::Opened(opened))
    }

    /// Removes the local copy of a vault and this device's signing key for it.
    pub(super) async fn forget(&mut self, vault: VaultId) -> Result<(), VaultFailure> {
        if self.open.as_ref().is_some_and(|open| open.id() == vault) {
            return Err(ImpossibleState::OpenVaultForgotten.into());
        }
        self.preload.discard();
        let forgotten = notes::forget_vault(self.ports.store(), vault).await;
        if let Some(device) = forgotten.map_err(|StoreFailed| VaultFailure::StorageFailed)? {
            self.ports.device_key().remove(device).await;
        }
        Ok(())
    }
}
