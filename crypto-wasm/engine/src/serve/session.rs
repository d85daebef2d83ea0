//! Commands about the session of an open vault.

use crystallum_messages::ImpossibleState;
use crystallum_messages::session::{Command, Failure, Reply};

use crate::alarms;
use crate::aside;
use crate::going_over::adopt::go_over;
use crate::going_over::carry::carry_over;
use crate::going_over::compare::compare_histories;
use crate::keys::drafts;
use crate::ports::{Clock, Ports};
use crate::sync::preflight::sync_on_request;
use crate::sync::put_back::put_back;
use crate::vault::open_vault::{OpenVault, require_open};

pub(crate) async fn serve_session<P: Ports>(
    ports: &mut P,
    vault: Option<&mut OpenVault>,
    command: Command,
) -> Result<Reply, Failure> {
    let vault = require_open(vault, ports.clock().now())?;
    match command {
        Command::AcknowledgeAlarms => alarms::acknowledge_ended(ports, vault).await?,
        Command::Alarms => return Ok(Reply::Alarms(alarms::list_alarms(vault))),
        Command::Aside => return Ok(Reply::Aside(aside::list_aside(vault))),
        Command::Differences => {
            return Ok(Reply::Differences(Box::new(compare_histories(ports, vault).await?)));
        }
        Command::DiscardAside { id } => aside::discard_aside(ports, vault, id).await?,
        Command::Draft => return Ok(Reply::Draft(drafts::load_draft(ports, vault).await?)),
        Command::DraftForm => return Ok(Reply::DraftForm(drafts::load_draft_form(ports, vault).await?)),
        Command::Evidence => return Ok(Reply::Evidence(alarms::evidence_file(vault).map(Into::into))),
        Command::GoOver { seen } => go_over(ports, vault, seen).await?,
        Command::SaveAside { id } => aside::save_again(ports, vault, id).await?,
        Command::SaveDraft { draft } => drafts::save_draft(ports, vault, draft).await?,
        Command::SetAside => aside::set_aside(ports, vault).await?,
        Command::PutBack => put_back(ports, vault).await?,
        Command::Sync => {
            sync_on_request(ports, vault).await?;
            // What cannot be written now is written after a later sync.
            drop(carry_over(ports, vault).await);
        }
        Command::DeleteVault | Command::Lock | Command::LogOut | Command::Renew => {
            return Err(ImpossibleState::PasskeyNeeded.into());
        }
    }
    Ok(Reply::Done)
}
