//! Waiting for a ceremony. The user may take minutes, or never answer, so other commands are
//! carried out meanwhile.

use std::pin::pin;

use crystallum_messages::{Asserted, CreateOptions, GetOptions, Refusal, Registered};
use futures_util::future::{Either, select};

use crate::ports::{Authenticator, CommandQueue, Ports};
use crate::serve::{DuringCeremony, during_ceremony, serve};
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

/// Carries out the commands that arrive until the ceremony is over, or until one of them ends it. A
/// command that is being carried out is finished first.
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
        match during_ceremony(&request.command) {
            DuringCeremony::Serve => {
                // Boxed, so that the code exists once and not once for each kind of ceremony.
                let result = Box::pin(serve(ports, vault.as_deref_mut(), request.command)).await;
                queue.respond(request.id, result);
            }
            DuringCeremony::Postpone => queue.postpone(request),
            DuringCeremony::EndCeremony => {
                queue.postpone(request);
                return Err(Refusal::Cancelled);
            }
        }
    }
}
