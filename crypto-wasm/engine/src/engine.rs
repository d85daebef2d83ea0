use crystallum_api as api;
use crystallum_core::VaultId;
use crystallum_messages::{
    self as messages, Alarm, Command, Event, Failure, Purpose, Reply, SignUp, Touch, Welcome,
};

use crate::ceremonies::{self, Challenges, Ready};
use crate::client::{CallFailed, Client};
use crate::create::{self, Ingredients, Making};
use crate::join::{self, Stranger};
use crate::local::{self, About};
use crate::ports::{Authenticator, Clock, Ports, StoreFailed};
use crate::unlock::{self, Unlocked};
use crate::vault::{OpenVault, root_slots};
use crate::{convert, records, write};

/// One client: at most one vault open at a time.
pub struct Engine<P: Ports> {
    ports: P,
    rp_id: String,
    challenges: Challenges,
    ready_to_create: Option<Ready>,
    ready_to_unlock: Option<Ready>,
    making: Option<Making>,
    stranger: Option<Stranger>,
    open: Option<OpenVault>,
}

impl<P: Ports> Engine<P> {
    /// An engine with nothing open. `rp_id` is the exact host that this client was loaded from.
    pub fn new(ports: P, rp_id: String) -> Self {
        Self {
            ports,
            rp_id,
            challenges: Challenges::default(),
            ready_to_create: None,
            ready_to_unlock: None,
            making: None,
            stranger: None,
            open: None,
        }
    }

    /// Carries out one command. [`Command::Answer`] is not for the engine but for the adapter that waits for it.
    pub async fn run(&mut self, command: Command) -> Result<Reply, Failure> {
        match command {
            Command::AcceptNotice => self.accept_notice().await,
            Command::Answer { .. } => Err(Failure::Confused),
            Command::Create { name, invite } => self.create(&name, invite).await,
            Command::Hello => self.hello().await,
            Command::Lock => {
                self.lock();
                Ok(Reply::Done)
            }
            Command::LogOut => self.log_out().await,
            Command::Prepare(purpose) => self.prepare(purpose).await,
            Command::Unlock { vault } => self.unlock(vault.map(|vault| VaultId::new(vault.0))).await,

            Command::Add(draft) => {
                let (ports, vault) = self.opened()?;
                records::add(ports, vault, draft).await.map(Reply::Saved)
            }
            Command::Delete { id } => {
                let (ports, vault) = self.opened()?;
                records::delete(ports, vault, id).await.map(Reply::Saved)
            }
            Command::Edit(edit) => {
                let (ports, vault) = self.opened()?;
                records::edit(ports, vault, edit).await.map(Reply::Saved)
            }
            Command::List { query, offset, limit } => {
                let (_, vault) = self.opened()?;
                Ok(Reply::Page(records::list(vault, &query, offset, limit)))
            }
            Command::Open { id } => {
                let (_, vault) = self.opened()?;
                records::open(vault, id).map(Reply::Detail)
            }
            Command::Renew => self.renew().await,
            Command::Reveal { id } => {
                let (_, vault) = self.opened()?;
                records::reveal(vault, id).map(Reply::Revealed)
            }
            Command::Sync => {
                let (ports, vault) = self.opened()?;
                if let Some(alarm) = &vault.alarm {
                    return Err(Failure::Alarm(alarm.clone()));
                }
                unlock::synchronise(ports, vault).await?;
                Ok(Reply::Done)
            }
        }
    }

    async fn hello(&self) -> Result<Reply, Failure> {
        let vaults =
            local::known_vaults(self.ports.store()).await.map_err(|StoreFailed| Failure::StorageFailed)?;
        let sign_up = Client(self.ports.transport()).health().await.ok().map(|health| match health.sign_up {
            api::SignUp::Closed => SignUp::Closed,
            api::SignUp::Invite => SignUp::Invite,
            api::SignUp::Open => SignUp::Open,
        });
        Ok(Reply::Welcome(Welcome { vaults, sign_up, persistent: None }))
    }

    async fn prepare(&mut self, purpose: Purpose) -> Result<Reply, Failure> {
        match purpose {
            Purpose::Create => {
                let ready = self.ready_to_create().await?;
                self.ready_to_create = Some(ready);
            }
            Purpose::Unlock => {
                let ready = self.ready_to_unlock().await?;
                self.ready_to_unlock = Some(ready);
            }
        }
        Ok(Reply::Done)
    }

    async fn ready_to_create(&mut self) -> Result<Ready, Failure> {
        let now = self.ports.clock().now();
        match self.ready_to_create.take().filter(|ready| ready.is_fresh(now)) {
            Some(ready) => Ok(ready),
            None => {
                let challenge = Client(self.ports.transport()).register_challenge().await?;
                self.challenges.accept(challenge, now)
            }
        }
    }

    async fn ready_to_unlock(&mut self) -> Result<Ready, Failure> {
        let now = self.ports.clock().now();
        match self.ready_to_unlock.take().filter(|ready| ready.is_fresh(now)) {
            Some(ready) => Ok(ready),
            None => {
                let challenge = Client(self.ports.transport()).login_challenge().await?;
                self.challenges.accept(challenge, now)
            }
        }
    }

    async fn create(&mut self, name: &str, invite: Option<String>) -> Result<Reply, Failure> {
        let name = convert::name(name)?;
        (self.open, self.stranger) = (None, None);
        let now = self.ports.clock().now();
        let making = match self.making.take() {
            Some(making) if making.is_fresh(now) => making,
            _ => {
                let ready = self.ready_to_create().await?;
                create::passkey(&mut self.ports, &self.rp_id, ready, &name).await?
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
        self.show(*open).await
    }

    async fn unlock(&mut self, wanted: Option<VaultId>) -> Result<Reply, Failure> {
        self.lock();
        let kept = match wanted {
            Some(vault) => local::load(self.ports.store(), vault).await.ok().flatten(),
            None => None,
        };
        let allow = kept.as_ref().map_or_else(Vec::new, |kept| {
            root_slots(&kept.state, &kept.objects).map(|(_, wrap)| wrap.credential_id().to_vec()).collect()
        });
        // Without the server, a vault that this device keeps can still be opened: the touch then needs no challenge of the server's.
        let (challenge, ceremony) = match self.ready_to_unlock().await {
            Ok(ready) => (ready.challenge, Ok(ready.ceremony)),
            Err(failure) if kept.is_none() => return Err(failure),
            Err(_) => (ceremonies::own_challenge(self.ports.entropy()), Err(CallFailed::Unreachable)),
        };
        drop(kept);
        let options = ceremonies::get_options(Touch::Unlock, &self.rp_id, &challenge, allow);
        let mut asserted = self.ports.authenticator().get(options).await.map_err(ceremonies::refusal)?;
        let vault = unlock::named(&mut asserted, wanted)?;
        let login = match ceremony {
            Ok(ceremony) => unlock::log_in(&self.ports, ceremony, &asserted, vault).await,
            Err(failed) => Err(failed),
        };
        match unlock::open(&mut self.ports, &self.rp_id, vault, &asserted, login).await? {
            Unlocked::Known(open) => self.show(*open).await,
            Unlocked::Stranger(stranger) => {
                let notice = stranger.notice();
                self.stranger = Some(*stranger);
                Ok(Reply::Notice(notice))
            }
        }
    }

    async fn accept_notice(&mut self) -> Result<Reply, Failure> {
        let mut stranger = self.stranger.take().ok_or(Failure::Confused)?;
        match join::join(&mut self.ports, &mut stranger).await {
            Ok(()) => self.show(stranger.open).await,
            Err(failure) => {
                // The head that was signed goes again: a second one for the same parent would be a fork.
                self.stranger = Some(stranger);
                Err(failure)
            }
        }
    }

    async fn show(&mut self, mut open: OpenVault) -> Result<Reply, Failure> {
        open.reindex().map_err(|_| Failure::Alarm(Alarm::LocalCopy))?;
        let about = About { name: open.name.clone(), last_used: self.ports.clock().now() };
        // Only what the unlock page shows: a vault that is open stays open without it.
        let _remembered = local::remember(self.ports.store(), open.id(), &about).await;
        let opened = open.opened();
        self.ports.emit(Event::Sync(open.sync));
        self.open = Some(open);
        Ok(Reply::Opened(opened))
    }

    async fn renew(&mut self) -> Result<Reply, Failure> {
        let ready = self.ready_to_unlock().await?;
        let rp_id = self.rp_id.clone();
        let (ports, vault) = self.opened()?;
        let allow = root_slots(&vault.state, &vault.objects).map(|(_, wrap)| wrap.credential_id().to_vec());
        let options = ceremonies::get_options(Touch::Renew, &rp_id, &ready.challenge, allow.collect());
        let mut asserted = ports.authenticator().get(options).await.map_err(ceremonies::refusal)?;
        unlock::named(&mut asserted, Some(vault.id()))?;
        unlock::log_in(ports, ready.ceremony, &asserted, vault.id()).await?;
        write::set_sync(ports, vault, messages::SyncState::Synced);
        if vault.alarm.is_none() {
            unlock::synchronise(ports, vault).await?;
        }
        Ok(Reply::Done)
    }

    async fn log_out(&mut self) -> Result<Reply, Failure> {
        self.lock();
        Client(self.ports.transport()).logout().await?;
        Ok(Reply::Done)
    }

    /// Drops every key. A write in flight is on this device already.
    fn lock(&mut self) {
        self.open = None;
        self.stranger = None;
        self.making = None;
    }

    fn opened(&mut self) -> Result<(&mut P, &mut OpenVault), Failure> {
        let vault = self.open.as_mut().ok_or(Failure::Locked)?;
        Ok((&mut self.ports, vault))
    }
}

impl Making {
    fn is_fresh(&self, now: u64) -> bool {
        match self {
            Self::Passkey { ready, .. } | Self::Signed { good_until: ready, .. } => ready.is_fresh(now),
        }
    }
}
