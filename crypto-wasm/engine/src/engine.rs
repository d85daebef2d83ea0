//! The engine, which carries out one command at a time and has at most one vault open.

mod challenges;
mod entry;
mod open;
mod recovery;

use crystallum_core::VaultId;
use crystallum_messages::{Command, Failure, Reply};

use self::challenges::ChallengePrefetch;
use crate::access::sheet;
use crate::entry::create::VaultCreation;
use crate::entry::join::UnjoinedVault;
use crate::entry::recover::VaultRecovery;
use crate::ports::Ports;
use crate::vault::open_vault::OpenVault;
use crate::wallets::phrase;

/// One client. It has at most one vault open at a time.
pub struct Engine<P: Ports> {
    ports: P,
    rp_id: String,
    challenges: ChallengePrefetch,
    creation: Option<VaultCreation>,
    unjoined: Option<UnjoinedVault>,
    recovery: Option<VaultRecovery>,
    open: Option<OpenVault>,
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
        }
    }

    /// Carries out one command. [`Command::Answer`] is refused: it is meant for the adapter that
    /// waits for it, not for the engine.
    pub async fn run(&mut self, command: Command) -> Result<Reply, Failure> {
        match command {
            Command::AcceptNotice => self.accept_notice().await,
            Command::Answer { .. } => Err(Failure::Confused),
            Command::CheckCode { code } => {
                // EXPOSE: parsed on this device and sent nowhere.
                let checked = crystallum_core::parse_sheet(code.expose());
                checked.map_err(|rejected| Failure::CodeRejected(sheet::code_problem(rejected)))?;
                Ok(Reply::Done)
            }
            Command::CheckPhrase { phrase } => Ok(Reply::PhraseChecked(phrase::parse_phrase(&phrase).err())),
            Command::Create { name, invite } => self.create(&name, invite).await,
            Command::FinishRecovery { name } => self.finish_recovery(&name).await,
            Command::Forget { vault } => self.forget(VaultId::new(vault.0)).await,
            Command::Hello => self.hello().await,
            Command::Lock => {
                self.lock();
                Ok(Reply::Done)
            }
            Command::LogOut => self.log_out().await,
            Command::MakePhrase { words } => {
                phrase::generate_phrase(self.ports.entropy(), words).map(Reply::Phrase)
            }
            Command::Prepare(purpose) => {
                self.challenges.prepare(&self.ports, purpose).await?;
                Ok(Reply::Done)
            }
            Command::Recover { code, change } => self.recover(&code, change).await,
            Command::SignUp => Ok(self.sign_up().await),
            Command::Unlock { vault } => self.unlock(vault.map(|vault| VaultId::new(vault.0))).await,
            Command::Words { prefix } => Ok(Reply::Words(phrase::suggest_words(&prefix))),
            other => self.run_open(other).await,
        }
    }

    /// Drops every key. A pending write is already stored on this device.
    fn lock(&mut self) {
        self.open = None;
        self.unjoined = None;
        self.recovery = None;
        self.creation = None;
    }

    /// Returns the ports and the open vault, or an error if the vault is locked.
    fn require_open(&mut self) -> Result<(&mut P, &mut OpenVault), Failure> {
        let vault = self.open.as_mut().ok_or(Failure::Locked)?;
        Ok((&mut self.ports, vault))
    }
}
