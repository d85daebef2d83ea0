//! The engine, which has at most one vault open. It carries out one command after another; only
//! while a command waits for a passkey, those that need none are carried out in between.
//!
//! Each domain of commands has one exhaustive match, so an unhandled command does not compile, and
//! neither does a reply of another domain.

mod access;
mod entry;
mod recovery;
mod session;
mod trash;
mod wallets;

use crystallum_messages::{Command, Failure, Reply, VaultFailure};

use crate::entry::create::VaultCreation;
use crate::entry::join::UnjoinedVault;
use crate::entry::new_from_copy::Copying;
use crate::entry::preload::Preload;
use crate::entry::recover::VaultRecovery;
use crate::passkeys::prefetch::ChallengePrefetch;
use crate::ports::{Clock, Ports};
use crate::serve::serve_keys;
use crate::snapshot::{is_due, renew_snapshot};
use crate::sync::secrets::{self, SecretsRequest};
use crate::vault::open_vault::{self, OpenVault};

/// One client. It has at most one vault open at a time.
pub struct Engine<P: Ports> {
    ports: P,
    rp_id: String,
    challenges: ChallengePrefetch,
    creation: Option<VaultCreation>,
    unjoined: Option<UnjoinedVault>,
    recovery: Option<VaultRecovery>,
    open: Option<OpenVault>,
    /// The records that a new vault still takes from another one.
    copying: Option<Copying>,
    /// The vault that is most likely unlocked next.
    preload: Preload,
    /// The secrets of the open vault that are on their way.
    secrets: SecretsRequest,
}

impl<P: Ports> Engine<P> {
    /// Creates an engine with no open vault. `rp_id` is the exact host that this client was loaded
    /// from.
    pub fn new(ports: P, rp_id: String) -> Self {
        Self {
            ports,
            rp_id,
            challenges: ChallengePrefetch::default(),
            creation: None,
            unjoined: None,
            recovery: None,
            open: None,
            copying: None,
            preload: Preload::default(),
            secrets: SecretsRequest::default(),
        }
    }

    /// Carries out one command.
    pub async fn run(&mut self, command: Command) -> Result<Reply, Failure> {
        match command {
            Command::Access(command) => Ok(Reply::Access(self.run_access(command).await?)),
            Command::Entry(command) => Ok(Reply::Entry(self.run_entry(command).await?)),
            Command::Keys(command) => {
                Ok(Reply::Keys(serve_keys(&mut self.ports, self.open.as_mut(), command).await?))
            }
            Command::Session(command) => Ok(Reply::Session(self.run_session(command).await?)),
            Command::Trash(command) => Ok(Reply::Trash(self.run_trash(command).await?)),
            Command::Wallets(command) => Ok(Reply::Wallets(self.run_wallets(command).await?)),
        }
    }

    /// Returns whether [`tidy`](Self::tidy) has something to do.
    pub fn is_untidy(&self) -> bool {
        self.open.as_ref().is_some_and(is_due)
    }

    /// Does what can wait until no command does: stores what makes the next unlock quick.
    pub async fn tidy(&mut self) {
        if let Some(vault) = &mut self.open {
            renew_snapshot(&mut self.ports, vault).await;
        }
    }

    /// Returns whether secrets are to be fetched, which a device lacks when it has just entered the
    /// vault.
    pub fn awaits_secrets(&self) -> bool {
        self.open.as_ref().is_some_and(secrets::is_due)
    }

    /// Waits for a page of secrets, for [`store_secrets`](Self::store_secrets). If the future is
    /// dropped, the next call goes on.
    pub async fn wait_for_secrets(&mut self) {
        if let Some(vault) = &self.open {
            self.secrets.wait(self.ports.transport(), vault).await;
        }
    }

    /// Stores the page of secrets that has arrived.
    pub async fn store_secrets(&mut self) {
        if let Some(vault) = &mut self.open {
            self.secrets.store(&mut self.ports, vault).await;
        }
    }

    /// Returns whether [`preload`](Self::preload) has something to do.
    pub fn can_preload(&self) -> bool {
        self.open.is_none() && self.preload.is_due()
    }

    /// Loads and verifies the vault that is most likely unlocked next, which takes no key. If the
    /// future is dropped, the next call goes on.
    pub async fn preload(&mut self) {
        self.preload.load(self.ports.store()).await;
    }

    /// Drops every key. A pending write is already stored on this device.
    fn lock(&mut self) {
        self.open = None;
        self.copying = None;
        self.unjoined = None;
        self.recovery = None;
        self.creation = None;
        self.secrets = SecretsRequest::Nothing;
    }

    /// Returns the ports, the RP id and the open vault, or an error if the vault is locked.
    fn require_open(&mut self) -> Result<(&mut P, &str, &mut OpenVault), VaultFailure> {
        let vault = open_vault::require_open(self.open.as_mut(), self.ports.clock().now())?;
        Ok((&mut self.ports, &self.rp_id, vault))
    }
}
