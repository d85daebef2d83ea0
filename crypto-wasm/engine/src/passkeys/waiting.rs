//! Waiting for a ceremony. The user may take minutes, or never answer, so other commands are carried
//! out meanwhile.

use std::pin::pin;

use crystallum_messages::{Asserted, Command, CreateOptions, GetOptions, Refusal, Registered, session};
use futures_util::future::{Either, select};

use crate::ports::{Authenticator, CommandQueue, Ports};
use crate::serve::{needs_no_passkey, serve};
use crate::vault::open_vault::OpenVault;

/// Registers a passkey, and carries out other commands meanwhile. They may change `vault`.
pub(crate) async fn create<P: Ports>(
    ports: &mut P,
    vault: Option<&mut OpenVault>,
    options: CreateOptions,
) -> Result<Registered, Refusal> {
    let authenticator = ports.authenticator().clone();
    serve_until(ports, vault, authenticator.create(options)).await
}

/// Uses a passkey, and carries out other commands meanwhile. They may change `vault`.
pub(crate) async fn get<P: Ports>(
    ports: &mut P,
    vault: Option<&mut OpenVault>,
    options: GetOptions,
) -> Result<Asserted, Refusal> {
    let authenticator = ports.authenticator().clone();
    serve_until(ports, vault, authenticator.get(options)).await
}

/// Carries out the commands that arrive until the ceremony is over. A command that is being carried
/// out is finished first. Commands that need a passkey themselves wait for the running command, and
/// one that locks the vault cancels the ceremony.
async fn serve_until<P: Ports, T>(
    ports: &mut P,
    mut vault: Option<&mut OpenVault>,
    ceremony: impl Future<Output = Result<T, Refusal>>,
) -> Result<T, Refusal> {
    let queue = ports.commands().clone();
    let mut ceremony = pin!(ceremony);
    loop {
        let request = match select(&mut ceremony, pin!(queue.next())).await {
            Either::Left((outcome, _)) => return outcome,
            Either::Right((request, _)) => request,
        };
        if needs_no_passkey(&request.command) {
            // Boxed, so that the code exists once and not once for each kind of ceremony.
            let result = Box::pin(serve(ports, vault.as_deref_mut(), request.command)).await;
            queue.respond(request.id, result);
        } else {
            let locks = locks_vault(&request.command);
            queue.postpone(request);
            if locks {
                return Err(Refusal::Cancelled);
            }
        }
    }
}

fn locks_vault(command: &Command) -> bool {
    matches!(command, Command::Session(session::Command::Lock | session::Command::LogOut))
}
