//! The engine: one command at a time, at most one vault open.

mod challenges;
mod entry;
mod open;
mod recovery;

use crystallum_core::VaultId;
use crystallum_messages::{Command, Failure, Reply};

use self::challenges::ReadyChallenges;
use crate::create::Making;
use crate::join::Stranger;
use crate::phrase;
use crate::ports::Ports;
use crate::recover::Recovering;
use crate::sheet;
use crate::vault::OpenVault;

/// One client: at most one vault open at a time.
pub struct Engine<P: Ports> {
    ports: P,
    rp_id: String,
    challenges: ReadyChallenges,
    making: Option<Making>,
    stranger: Option<Stranger>,
    recovering: Option<Recovering>,
    open: Option<OpenVault>,
}

impl<P: Ports> Engine<P> {
    /// An engine with nothing open. `rp_id` is the exact host that this client was loaded from.
    pub fn new(ports: P, rp_id: String) -> Self {
        Self {
            ports,
            rp_id,
            challenges: ReadyChallenges::default(),
            making: None,
            stranger: None,
            recovering: None,
            open: None,
        }
    }

    /// Carries out one command. [`Command::Answer`] is not for the engine but for the adapter that waits for it.
    pub async fn run(&mut self, command: Command) -> Result<Reply, Failure> {
        match command {
            Command::AcceptNotice => self.accept_notice().await,
            Command::Answer { .. } => Err(Failure::Confused),
            Command::CheckCode { code } => {
                // EXPOSE: read on this device, sent nowhere.
                let checked = crystallum_core::parse_sheet(code.expose());
                checked.map_err(|rejected| Failure::CodeRejected(sheet::problem(rejected)))?;
                Ok(Reply::Done)
            }
            Command::CheckPhrase { phrase } => Ok(Reply::PhraseChecked(phrase::parse(&phrase).err())),
            Command::Create { name, invite } => self.create(&name, invite).await,
            Command::FinishRecovery { name } => self.finish_recovery(&name).await,
            Command::Forget { vault } => self.forget(VaultId::new(vault.0)).await,
            Command::Hello => self.hello().await,
            Command::Lock => {
                self.lock();
                Ok(Reply::Done)
            }
            Command::LogOut => self.log_out().await,
            Command::MakePhrase { words } => phrase::make(self.ports.entropy(), words).map(Reply::Phrase),
            Command::Prepare(purpose) => {
                self.challenges.prepare(&self.ports, purpose).await?;
                Ok(Reply::Done)
            }
            Command::Recover { code, change } => self.recover(&code, change).await,
            Command::SignUp => Ok(self.sign_up().await),
            Command::Unlock { vault } => self.unlock(vault.map(|vault| VaultId::new(vault.0))).await,
            Command::Words { prefix } => Ok(Reply::Words(phrase::words(&prefix))),
            other => self.run_open(other).await,
        }
    }

    /// Drops every key. A write in flight is on this device already.
    fn lock(&mut self) {
        self.open = None;
        self.stranger = None;
        self.recovering = None;
        self.making = None;
    }

    fn opened(&mut self) -> Result<(&mut P, &mut OpenVault), Failure> {
        let vault = self.open.as_mut().ok_or(Failure::Locked)?;
        Ok((&mut self.ports, vault))
    }
}
