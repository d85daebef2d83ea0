//! Commands that need neither an open vault nor a passkey.

use crystallum_messages::entry::{Command, Failure, Reply};
use crystallum_messages::{ImpossibleState, SecretText};

use crate::access::sheet;
use crate::ports::Ports;
use crate::wire::client::Client;

pub(super) async fn serve_entry<P: Ports>(ports: &P, command: Command) -> Result<Reply, Failure> {
    match command {
        Command::CheckCode { code } => check_code(&code),
        Command::SignUp => Ok(load_sign_up(ports).await),
        Command::AcceptNotice
        | Command::Create { .. }
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

/// Asks the server who may create a vault.
pub(crate) async fn load_sign_up(ports: &impl Ports) -> Reply {
    Reply::SignUp(Client(ports.transport()).sign_up().await.ok())
}
