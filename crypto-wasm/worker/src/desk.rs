//! One command after the other.

use crystallum_engine::Engine;
use crystallum_messages::{Command, Failure, Reply, Request};
use futures_channel::mpsc::UnboundedReceiver;
use futures_util::StreamExt;

use crate::adapters::Adapters;
use crate::lock_guard::{LockGuard, Taken};
use crate::{page, persisted};

/// Carries out every command that comes, until the worker ends.
pub(crate) async fn serve(mut engine: Engine<Adapters>, mut queue: UnboundedReceiver<Request>) {
    let mut only = None;
    while let Some(Request { id, command }) = queue.next().await {
        let result = carry_out(&mut engine, &mut only, command).await;
        page::respond(id, result);
    }
}

/// `only` is held while a vault is open: one engine per browser profile writes.
async fn carry_out(
    engine: &mut Engine<Adapters>,
    only: &mut Option<LockGuard>,
    command: Command,
) -> Result<Reply, Failure> {
    let opens = matches!(command, Command::Create { .. } | Command::Recover { .. } | Command::Unlock { .. });
    let closes = matches!(command, Command::DeleteVault | Command::Lock | Command::LogOut);
    if opens && only.is_none() {
        match LockGuard::take().await {
            Ok(guard) => *only = Some(guard),
            Err(Taken::Elsewhere) => return Err(Failure::AnotherTab),
            Err(Taken::Unsupported) => return Err(Failure::Unsupported),
        }
        let result = engine.run(command).await;
        if result.is_err() {
            *only = None;
        }
        return result;
    }
    let result = engine.run(command).await;
    match result {
        Ok(Reply::Welcome(mut welcome)) => {
            welcome.persistent = persisted::persisted().await;
            Ok(Reply::Welcome(welcome))
        }
        Ok(reply) => {
            if closes {
                *only = None;
            }
            Ok(reply)
        }
        failed => failed,
    }
}
