//! Commands about wallets.

use crystallum_core::RecordId;
use crystallum_messages::wallets::{Command, Failure, Reply};

use super::Engine;
use crate::ports::Ports;
use crate::wallets::{phrase, rebuild, split, stores, view};

impl<P: Ports> Engine<P> {
    pub(super) async fn run_wallets(&mut self, command: Command) -> Result<Reply, Failure> {
        match command {
            Command::Add(draft) => {
                let (ports, rp_id, vault) = self.require_open()?;
                Ok(Reply::Saved(split::add_wallet(ports, rp_id, vault, draft).await?))
            }
            Command::Check { id } => {
                let (ports, _, vault) = self.require_open()?;
                Ok(Reply::Wallet(stores::check_wallet(ports, vault, RecordId::new(id.0)).await?))
            }
            Command::CheckPhrase { phrase } => Ok(Reply::PhraseChecked(phrase::parse_phrase(&phrase).err())),
            Command::Edit(edit) => {
                let (ports, _, vault) = self.require_open()?;
                Ok(Reply::Saved(split::edit_wallet(ports, vault, edit).await?))
            }
            Command::GeneratePhrase { words } => {
                Ok(Reply::Phrase(phrase::generate_phrase(self.ports.entropy(), words)?))
            }
            Command::List => {
                let (_, _, vault) = self.require_open()?;
                Ok(Reply::Wallets(view::list_wallets(vault)))
            }
            Command::Open { id } => {
                let (_, _, vault) = self.require_open()?;
                Ok(Reply::Wallet(view::open_wallet(vault, RecordId::new(id.0))?))
            }
            Command::Rebuild { id } => {
                let (ports, rp_id, vault) = self.require_open()?;
                Ok(Reply::Rebuilt(rebuild::rebuild_phrase(ports, rp_id, vault, RecordId::new(id.0)).await?))
            }
            Command::Reshare { id, split: how } => {
                let (ports, rp_id, vault) = self.require_open()?;
                Ok(Reply::Saved(split::reshare(ports, rp_id, vault, RecordId::new(id.0), &how).await?))
            }
            Command::Stores => {
                let (ports, _, _) = self.require_open()?;
                Ok(Reply::Stores(stores::list_stores(ports).await?))
            }
            Command::SuggestWords { prefix } => Ok(Reply::Words(phrase::suggest_words(&prefix))),
        }
    }
}
