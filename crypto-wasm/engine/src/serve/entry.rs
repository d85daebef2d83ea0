//! Commands that need neither an open vault nor a passkey.

use crystallum_core::VaultId;
use crystallum_messages::entry::{Command, Failure, Reply};
use crystallum_messages::{self as messages, ImpossibleState, SecretText, Unsaved, VaultFailure};

use crate::access::sheet;
use crate::aside;
use crate::entry::new_from_copy;
use crate::local::notes;
use crate::ports::Ports;
use crate::vault::open_vault::OpenVault;
use crate::wire::client::Client;

pub(super) async fn serve_entry<P: Ports>(
    ports: &P,
    vault: Option<&OpenVault>,
    command: Command,
) -> Result<Reply, Failure> {
    match command {
        Command::CheckCode { code } => check_code(&code),
        Command::CountCopyable => count_copyable(vault),
        Command::SignUp => Ok(load_sign_up(ports).await),
        Command::Unsaved { vault: id } => count_unsaved(ports, vault, id).await,
        Command::AcceptNotice
        | Command::CopyNext
        | Command::Create { .. }
        | Command::CreateFromCopy { .. }
        | Command::FinishRecovery { .. }
        | Command::Forget { .. }
        | Command::Hello
        | Command::Prepare(_)
        | Command::Recover { .. }
        | Command::Unlock { .. } => Err(ImpossibleState::PasskeyNeeded.into()),
    }
}

/// Checks a recovery code for mistakes.
pub(crate) fn check_code(code: &SecretText) -> Result<Reply, Failure> {
    // EXPOSE: parsed on this device and sent nowhere.
    let checked = crystallum_core::parse_sheet(code.expose());
    checked.map_err(|rejected| Failure::CodeRejected(sheet::code_problem(rejected)))?;
    Ok(Reply::Done)
}

/// Counts what a new vault would take from this one.
pub(crate) fn count_copyable(vault: Option<&OpenVault>) -> Result<Reply, Failure> {
    let vault = vault.ok_or(VaultFailure::Locked)?;
    Ok(Reply::Copyable(new_from_copy::count_copyable(vault)))
}

/// Counts the changes of a vault that are on this device only. Names them if it is open.
pub(crate) async fn count_unsaved<P: Ports>(
    ports: &P,
    open: Option<&OpenVault>,
    id: messages::VaultId,
) -> Result<Reply, Failure> {
    let vault = VaultId::new(id.0);
    let changes = notes::count_unsaved(ports.store(), vault).await.map_err(VaultFailure::from)?;
    let labels = open.filter(|open| open.id() == vault).map(aside::list_unsaved).unwrap_or_default();
    Ok(Reply::Unsaved(Unsaved { changes, labels }))
}

/// Asks the server who may create a vault.
pub(crate) async fn load_sign_up(ports: &impl Ports) -> Reply {
    Reply::SignUp(Client(ports.transport()).sign_up().await.ok())
}
