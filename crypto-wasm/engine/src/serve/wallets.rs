//! Commands about wallets.

use crystallum_core::RecordId;
use crystallum_messages::ImpossibleState;
use crystallum_messages::wallets::{Command, Failure, Reply};

use crate::ports::{Clock, Ports};
use crate::sync::status::check_session;
use crate::vault::open_vault::{OpenVault, require_open};
use crate::wallets::{edit, phrase, stores, view};

pub(crate) async fn serve_wallets<P: Ports>(
    ports: &mut P,
    vault: Option<&mut OpenVault>,
    command: Command,
) -> Result<Reply, Failure> {
    let open = |ports: &P| require_open(vault, ports.clock().now());
    Ok(match command {
        Command::Check { id } => {
            let vault = open(ports)?;
            check_session(vault)?;
            Reply::Wallet(stores::check_wallet(ports, vault, RecordId::new(id.0)).await?)
        }
        Command::CheckPhrase { phrase } => Reply::PhraseChecked(phrase::parse_phrase(&phrase).err()),
        Command::Edit(change) => {
            let vault = open(ports)?;
            Reply::Saved(edit::edit_wallet(ports, vault, change).await?)
        }
        Command::GeneratePhrase { words } => Reply::Phrase(phrase::generate_phrase(ports.entropy(), words)?),
        Command::List => Reply::Wallets(view::list_wallets(open(ports)?)),
        Command::Open { id } => Reply::Wallet(view::open_wallet(open(ports)?, RecordId::new(id.0))?),
        Command::Stores => {
            check_session(open(ports)?)?;
            Reply::Stores(stores::list_stores(ports).await?)
        }
        Command::SuggestWords { prefix } => Reply::Words(phrase::suggest_words(&prefix)),
        Command::Add(_) | Command::Rebuild { .. } | Command::Reshare { .. } => {
            return Err(ImpossibleState::PasskeyNeeded.into());
        }
    })
}
