//! Commands that need no open vault: those that open one, and those before that.

use crystallum_core::VaultId;
use crystallum_messages::entry::{Command, Failure, Reply};
use crystallum_messages::{
    Alarm, CeremonyFailure, CeremonyReason, Event, ImpossibleState, SyncState, VaultFailure, Welcome,
};
use futures_util::future::join;

use super::Engine;
use crate::access::sheet;
use crate::entry::create::{self, NewVault, SignedVault, VaultCreation};
use crate::entry::join as joining;
use crate::entry::opened::describe_vault;
use crate::entry::unlock::{self, Unlocked};
use crate::local::{
    load,
    notes::{self, VaultSummary},
};
use crate::passkeys::{
    ceremony, challenge,
    options::{NewPasskey, WantedKeys, get_options},
};
use crate::ports::{Authenticator, Clock, DeviceKey, Ports, StoreFailed};
use crate::trash;
use crate::vault::open_vault::OpenVault;
use crate::vault::text;
use crate::wire::{
    client::Client,
    proof::PasskeyProof,
    refusal::{CallFailed, Refusal},
};

impl<P: Ports> Engine<P> {
    pub(super) async fn run_entry(&mut self, command: Command) -> Result<Reply, Failure> {
        match command {
            Command::AcceptNotice => self.accept_notice().await,
            Command::CheckCode { code } => {
                // EXPOSE: parsed on this device and sent nowhere.
                let checked = crystallum_core::parse_sheet(code.expose());
                checked.map_err(|rejected| Failure::CodeRejected(sheet::code_problem(rejected)))?;
                Ok(Reply::Done)
            }
            Command::Create { name, invite } => self.create(&name, invite).await,
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
            Command::SignUp => Ok(self.sign_up().await),
            Command::Unlock { vault } => self.unlock(vault.map(|vault| VaultId::new(vault.0))).await,
        }
    }

    async fn hello(&self) -> Result<Reply, Failure> {
        let vaults = notes::known_vaults(self.ports.store())
            .await
            .map_err(|StoreFailed| VaultFailure::StorageFailed)?;
        Ok(Reply::Welcome(Welcome { vaults, persistent: None }))
    }

    async fn sign_up(&self) -> Reply {
        Reply::SignUp(Client(self.ports.transport()).sign_up().await.ok())
    }

    async fn create(&mut self, name: &str, invite: Option<String>) -> Result<Reply, Failure> {
        let name = text::parse_name(name)?;
        (self.open, self.unjoined, self.recovery) = (None, None, None);
        let now = self.ports.clock().now();
        let creation = match self.creation.take() {
            Some(creation) if creation.is_fresh(now) => creation,
            _ => {
                let ready = self.challenges.take_for_create(&self.ports).await?;
                let vault = VaultId::random(self.ports.entropy());
                let new =
                    NewPasskey { reason: CeremonyReason::Create, vault, name: &name, exclude: Vec::new() };
                let registered = ceremony::register_passkey(&self.ports, &self.rp_id, &ready, new).await?;
                VaultCreation::Passkey { ready, vault, registered }
            }
        };
        let signed = match creation {
            VaultCreation::Passkey { ready, vault, registered } => {
                match ceremony::prf_outputs(&mut self.ports, &self.rp_id, &registered).await {
                    Ok(outputs) => {
                        let made = NewVault { ready, vault, registered, name, invite, outputs };
                        create::sign_genesis(&mut self.ports, &self.rp_id, made).await?
                    }
                    Err(failure) => {
                        // The passkey is kept if its second ceremony was cancelled. One that gives
                        // no key is of no use.
                        if failure == CeremonyFailure::Cancelled {
                            self.creation = Some(VaultCreation::Passkey { ready, vault, registered });
                        }
                        return Err(failure.into());
                    }
                }
            }
            VaultCreation::Signed(mut signed) => {
                signed.account.set_invite(invite);
                signed
            }
        };
        if let Err(failed) = create::send_account(&self.ports, &signed.account).await {
            // The new passkey is kept, so that a mistyped invitation code does not require another
            // one.
            if failed.is_transient() || failed.refusal() == Some(Refusal::InviteRejected) {
                self.creation = Some(VaultCreation::Signed(signed));
            }
            return Err(failed.into());
        }
        if let Err(failure) = create::store_new_vault(&self.ports, &signed.open).await {
            // The server answers a repeated request the same, so a retry creates no second account.
            self.creation = Some(VaultCreation::Signed(signed));
            return Err(failure.into());
        }
        self.list_and_show(*signed.open).await
    }

    async fn unlock(&mut self, wanted: Option<VaultId>) -> Result<Reply, Failure> {
        self.lock();
        let known = match wanted {
            Some(vault) => load::stored_passkey_ids(self.ports.store(), vault).await.ok().flatten(),
            None => None,
        };
        // Without the server, a vault that is stored on this device can still be opened. The
        // ceremony then uses a challenge of this client.
        let (challenge, ceremony) = match self.challenges.take_for_unlock(&self.ports).await {
            Ok(ready) => (ready.challenge, Ok(ready.ceremony)),
            Err(failure) if known.is_none() => return Err(failure.into()),
            Err(_) => (challenge::local_challenge(self.ports.entropy()), Err(CallFailed::Unreachable)),
        };
        let allow = known.unwrap_or_default();
        let options = get_options(CeremonyReason::Unlock, &self.rp_id, &challenge, allow, WantedKeys::Root);
        let assertion = self.ports.authenticator().get(options);
        // The stored vault is loaded and verified while the ceremony runs.
        let (asserted, stored) = match wanted {
            Some(vault) => {
                let (asserted, stored) = join(assertion, load::load_vault(self.ports.store(), vault)).await;
                (asserted, Some(stored))
            }
            None => (assertion.await, None),
        };
        let mut asserted = asserted.map_err(ceremony::map_refusal)?;
        let vault = ceremony::vault_of_assertion(&mut asserted, wanted)?;
        // It may have changed meanwhile, since a tab without an open vault can forget one.
        let stored = match stored {
            Some(stored) if load::is_current(self.ports.store(), vault, &stored).await => stored,
            _ => load::load_vault(self.ports.store(), vault).await,
        };
        let login = match ceremony {
            Ok(ceremony) => {
                let proof = PasskeyProof { ceremony, asserted: &asserted };
                unlock::log_in(&self.ports, proof, vault).await
            }
            Err(failed) => Err(failed),
        };
        match unlock::open_with_passkey(&mut self.ports, &self.rp_id, (vault, stored), &asserted, login)
            .await?
        {
            Unlocked::Known(open) => self.show(*open).await,
            Unlocked::Unjoined(unjoined) => {
                let notice = joining::build_notice(&unjoined.open);
                self.unjoined = Some(*unjoined);
                Ok(Reply::Notice(notice))
            }
        }
    }

    async fn accept_notice(&mut self) -> Result<Reply, Failure> {
        let mut unjoined = self.unjoined.take().ok_or(ImpossibleState::NoNotice)?;
        match joining::join_vault(&mut self.ports, &mut unjoined).await {
            Ok(()) => self.list_and_show(unjoined.open).await,
            Err(failure) => {
                // A retry sends the same signed head, since a second one for the same parent would
                // be a fork.
                self.unjoined = Some(unjoined);
                Err(failure.into())
            }
        }
    }

    /// Builds the list of a vault that was just created or changed, and makes it the open one.
    pub(super) async fn list_and_show(&mut self, mut open: OpenVault) -> Result<Reply, Failure> {
        open.reindex().map_err(|_| VaultFailure::Alarm(Alarm::LocalCopy))?;
        self.show(open).await
    }

    /// Makes a vault the open one. Its list has been built already.
    async fn show(&mut self, mut open: OpenVault) -> Result<Reply, Failure> {
        let summary = VaultSummary { name: open.name.clone(), last_used: self.ports.clock().now() };
        // The summary is only shown on the unlock page, so the vault opens without it if it cannot
        // be saved.
        let _remembered = notes::save_summary(self.ports.store(), open.id(), &summary).await;
        if open.sync == SyncState::Synced && open.alarm.is_none() {
            trash::sweep_trash(&mut self.ports, &mut open).await;
        }
        let opened = describe_vault(&open);
        self.ports.emit(Event::Sync(open.sync));
        self.open = Some(open);
        Ok(Reply::Opened(opened))
    }

    /// Removes the local copy of a vault and this device's signing key for it.
    pub(super) async fn forget(&mut self, vault: VaultId) -> Result<(), VaultFailure> {
        if self.open.as_ref().is_some_and(|open| open.id() == vault) {
            return Err(ImpossibleState::OpenVaultForgotten.into());
        }
        let forgotten = notes::forget_vault(self.ports.store(), vault).await;
        if let Some(device) = forgotten.map_err(|StoreFailed| VaultFailure::StorageFailed)? {
            self.ports.device_key().remove(device).await;
        }
        Ok(())
    }
}

impl VaultCreation {
    fn is_fresh(&self, now: u64) -> bool {
        match self {
            Self::Passkey { ready, .. } | Self::Signed(SignedVault { expires: ready, .. }) => {
                ready.is_fresh(now)
            }
        }
    }
}
