//! Commands about wallets.

use crystallum_core::RecordId;
use crystallum_messages::Failure;
use crystallum_messages::wallets::{Command, Reply};

use super::Engine;
use crate::ports::Ports;
use crate::wallets::{collect, phrase, split, stores, view};

impl<P: Ports> Engine<P> {
    pub(super) async fn run_wallets(&mut self, command: Command) -> Result<Reply, Failure> {
        match command {
            Command::Add(draft) => {
                let (ports, rp_id, vault) = self.require_open()?;
                split::add_wallet(ports, rp_id, vault, draft).await.map(Reply::Saved)
            }
            Command::Check { id } => {
                let (ports, _, vault) = self.require_open()?;
                stores::check_wallet(ports, vault, RecordId::new(id.0)).await.map(Reply::Wallet)
            }
            Command::CheckPhrase { phrase } => Ok(Reply::PhraseChecked(phrase::parse_phrase(&phrase).err())),
            Command::Edit(edit) => {
                let (ports, _, vault) = self.require_open()?;
                split::edit_wallet(ports, vault, edit).await.map(Reply::Saved)
            }
            Command::GeneratePhrase { words } => {
                phrase::generate_phrase(self.ports.entropy(), words).map(Reply::Phrase)
            }
            Command::List => {
                let (_, _, vault) = self.require_open()?;
                Ok(Reply::Wallets(view::list_wallets(vault)))
            }
            Command::Open { id } => {
                let (_, _, vault) = self.require_open()?;
                view::open_wallet(vault, RecordId::new(id.0)).map(Reply::Wallet)
            }
            Command::Rebuild { id } => {
                let (ports, rp_id, vault) = self.require_open()?;
                collect::rebuild_phrase(ports, rp_id, vault, RecordId::new(id.0)).await.map(Reply::Rebuilt)
            }
            Command::Reshare { id, split: how } => {
                let (ports, rp_id, vault) = self.require_open()?;
                split::reshare(ports, rp_id, vault, RecordId::new(id.0), &how).await.map(Reply::Saved)
            }
            Command::Stores => {
                let (ports, _, _) = self.require_open()?;
                stores::list_stores(ports).await.map(Reply::Stores)
            }
            Command::SuggestWords { prefix } => Ok(Reply::Words(phrase::suggest_words(&prefix))),
        }
    }
}
