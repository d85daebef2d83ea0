//! The ways to an open vault, and out of it.

use crystallum_api as api;
use crystallum_core::VaultId;
use crystallum_messages::{Alarm, Event, Failure, Reply, SignUp, SyncState, Touch, Welcome};
use futures_util::future::join;

use super::Engine;
use crate::ceremonies::{self, NewPasskey};
use crate::client::{CallFailed, Client};
use crate::create::{self, Ingredients, Making};
use crate::join;
use crate::local::{self, About};
use crate::ports::{Authenticator, Clock, DeviceKey, Ports, StoreFailed};
use crate::unlock::{self, Unlocked};
use crate::vault::OpenVault;
use crate::{convert, trash};

impl<P: Ports> Engine<P> {
    pub(super) async fn hello(&self) -> Result<Reply, Failure> {
        let vaults =
            local::known_vaults(self.ports.store()).await.map_err(|StoreFailed| Failure::StorageFailed)?;
        Ok(Reply::Welcome(Welcome { vaults, persistent: None }))
    }

    pub(super) async fn sign_up(&self) -> Reply {
        let health = Client(self.ports.transport()).health().await.ok();
        Reply::SignUp(health.map(|health| match health.sign_up {
            api::SignUp::Closed => SignUp::Closed,
            api::SignUp::Invite => SignUp::Invite,
            api::SignUp::Open => SignUp::Open,
        }))
    }

    pub(super) async fn create(&mut self, name: &str, invite: Option<String>) -> Result<Reply, Failure> {
        let name = convert::name(name)?;
        (self.open, self.stranger, self.recovering) = (None, None, None);
        let now = self.ports.clock().now();
        let making = match self.making.take() {
            Some(making) if making.is_fresh(now) => making,
            _ => {
                let ready = self.challenges.take_for_create(&self.ports).await?;
                let vault = VaultId::random(self.ports.entropy());
                let new = NewPasskey { touch: Touch::Create, vault, name: &name, exclude: Vec::new() };
                let registered = create::passkey(&mut self.ports, &self.rp_id, &ready, new).await?;
                Making::Passkey { ready, vault, registered }
            }
        };
        let making = match making {
            Making::Passkey { ready, vault, registered } => {
                match create::outputs(&mut self.ports, &self.rp_id, &registered).await {
                    Ok(outputs) => {
                        let made = Ingredients { ready, vault, registered, name, invite, outputs };
                        create::sign(&mut self.ports, &self.rp_id, made).await?
                    }
                    Err(failure) => {
                        // A passkey that gives no key is of no use; one whose second touch was cancelled is.
                        if failure == Failure::Cancelled {
                            self.making = Some(Making::Passkey { ready, vault, registered });
                        }
                        return Err(failure);
                    }
                }
            }
            Making::Signed { mut request, open, good_until } => {
                request.invite = invite;
                Making::Signed { request, open, good_until }
            }
        };
        let Making::Signed { request, open, good_until } = making else { return Err(Failure::Confused) };
        if let Err(failed) = create::send(&self.ports, &request).await {
            // A mistyped invitation code does not cost the passkey that was just made.
            if failed.is_passing() || failed.code() == Some(api::Code::InviteRejected) {
                self.making = Some(Making::Signed { request, open, good_until });
            }
            return Err(failed.into());
        }
        if let Err(failure) = create::keep(&self.ports, &open).await {
            // The server answers the same request again, so another try makes no second account.
            self.making = Some(Making::Signed { request, open, good_until });
            return Err(failure);
        }
        self.list_and_show(*open).await
    }

    pub(super) async fn unlock(&mut self, wanted: Option<VaultId>) -> Result<Reply, Failure> {
        self.lock();
        let known = match wanted {
            Some(vault) => local::passkeys(self.ports.store(), vault).await.ok().flatten(),
            None => None,
        };
        // Without the server, a vault that this device keeps can still be opened: the touch then needs no challenge of the server's.
        let (challenge, ceremony) = match self.challenges.take_for_unlock(&self.ports).await {
            Ok(ready) => (ready.challenge, Ok(ready.ceremony)),
            Err(failure) if known.is_none() => return Err(failure),
            Err(_) => (ceremonies::own_challenge(self.ports.entropy()), Err(CallFailed::Unreachable)),
        };
        let allow = known.unwrap_or_default();
        let options = ceremonies::get_options(Touch::Unlock, &self.rp_id, &challenge, allow);
        let touch = self.ports.authenticator().get(options);
        // What this device keeps is read and verified while the person touches.
        let (asserted, kept) = match wanted {
            Some(vault) => {
                let (asserted, kept) = join(touch, local::load(self.ports.store(), vault)).await;
                (asserted, Some(kept))
            }
            None => (touch.await, None),
        };
        let mut asserted = asserted.map_err(ceremonies::refusal)?;
        let vault = unlock::named(&mut asserted, wanted)?;
        // It may have changed meanwhile: a tab without an open vault can forget one.
        let kept = match kept {
            Some(kept) if local::is_current(self.ports.store(), vault, &kept).await => kept,
            _ => local::load(self.ports.store(), vault).await,
        };
        let login = match ceremony {
            Ok(ceremony) => unlock::log_in(&self.ports, ceremony, &asserted, vault).await,
            Err(failed) => Err(failed),
        };
        match unlock::open(&mut self.ports, &self.rp_id, (vault, kept), &asserted, login).await? {
            Unlocked::Known(open) => self.show(*open).await,
            Unlocked::Stranger(stranger) => {
                let notice = join::notice(&stranger.open);
                self.stranger = Some(*stranger);
                Ok(Reply::Notice(notice))
            }
        }
    }

    pub(super) async fn accept_notice(&mut self) -> Result<Reply, Failure> {
        let mut stranger = self.stranger.take().ok_or(Failure::Confused)?;
        match join::join(&mut self.ports, &mut stranger).await {
            Ok(()) => self.list_and_show(stranger.open).await,
            Err(failure) => {
                // The head that was signed goes again: a second one for the same parent would be a fork.
                self.stranger = Some(stranger);
                Err(failure)
            }
        }
    }

    /// Makes the list of a vault that was just made or changed, and takes it over.
    pub(super) async fn list_and_show(&mut self, mut open: OpenVault) -> Result<Reply, Failure> {
        open.reindex().map_err(|_| Failure::Alarm(Alarm::LocalCopy))?;
        self.show(open).await
    }

    /// Takes a vault over as the open one; its list is made already.
    async fn show(&mut self, mut open: OpenVault) -> Result<Reply, Failure> {
        let about = About { name: open.name.clone(), last_used: self.ports.clock().now() };
        // Only what the unlock page shows: a vault that is open stays open without it.
        let _remembered = local::remember(self.ports.store(), open.id(), &about).await;
        if open.sync == SyncState::Synced && open.alarm.is_none() {
            trash::sweep(&mut self.ports, &mut open).await;
        }
        let opened = open.opened();
        self.ports.emit(Event::Sync(open.sync));
        self.open = Some(open);
        Ok(Reply::Opened(opened))
    }

    pub(super) async fn log_out(&mut self) -> Result<Reply, Failure> {
        self.lock();
        Client(self.ports.transport()).logout().await?;
        Ok(Reply::Done)
    }

    /// Removes a vault's copy and this device's key for it.
    pub(super) async fn forget(&mut self, vault: VaultId) -> Result<Reply, Failure> {
        if self.open.as_ref().is_some_and(|open| open.id() == vault) {
            return Err(Failure::Confused);
        }
        let forgotten = local::forget(self.ports.store(), vault).await;
        if let Some(device) = forgotten.map_err(|StoreFailed| Failure::StorageFailed)? {
            self.ports.device_key().remove(device).await;
        }
        Ok(Reply::Done)
    }
}

impl Making {
    fn is_fresh(&self, now: u64) -> bool {
        match self {
            Self::Passkey { ready, .. } | Self::Signed { good_until: ready, .. } => ready.is_fresh(now),
        }
    }
}
