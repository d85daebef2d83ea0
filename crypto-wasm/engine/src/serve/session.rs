//! Commands about the session of an open vault.

use crystallum_messages::ImpossibleState;
use crystallum_messages::session::{Command, Failure, Reply};

use crate::keys::drafts;
use crate::ports::{Clock, Ports};
use crate::sync::preflight::sync_vault;
use crate::sync::status::check_alarm;
use crate::vault::open_vault::{OpenVault, require_open};

pub(crate) async fn serve_session<P: Ports>(
    ports: &mut P,
    vault: Option<&mut OpenVault>,
    command: Command,
) -> Result<Reply, Failure> {
    let vault = require_open(vault, ports.clock().now())?;
    match command {
        Command::Draft => return Ok(Reply::Draft(drafts::load_draft(ports, vault).await?)),
        Command::DraftForm => return Ok(Reply::DraftForm(drafts::load_draft_form(ports, vault).await?)),
        Command::SaveDraft { draft } => drafts::save_draft(ports, vault, draft).await?,
        Command::Sync => {
            check_alarm(vault)?;
            sync_vault(ports, vault).await?;
        }
        Command::DeleteVault | Command::Lock | Command::LogOut | Command::Renew => {
            return Err(ImpossibleState::PasskeyNeeded.into());
        }
    }
    Ok(Reply::Done)
}
