//! The loop that carries out one command after another. While one waits for a passkey, the engine
//! takes those that need none from the queue itself.

use std::pin::pin;

use crystallum_engine::Engine;
use crystallum_messages::{Command, Failure, Reply, Request, entry, session};
use futures_util::future::{Either, select};

use crate::adapters::Adapters;
use crate::lock_guard::{LockError, LockGuard};
use crate::queue::PageCommands;
use crate::wiping::wipe_stack;
use crate::{js, outbox, persisted};

/// How long no command has to come before the engine does what can wait, in milliseconds.
const IDLE: i32 = 1_000;
/// How long no command has to come before the engine loads what is likely needed, in milliseconds.
const PAUSE: i32 = 50;

/// Carries out every command from the queue until the worker ends.
pub(crate) async fn run(mut engine: Engine<Adapters>, queue: PageCommands) {
    let mut lock = None;
    loop {
        let Request { id, command } = next_command(&mut engine, &queue).await;
        // Its future is freed when it is done, and wiped with that.
        let result = Box::pin(carry_out(&mut engine, &mut lock, command)).await;
        wipe_stack();
        outbox::respond(id, result);
    }
}

/// Waits for the next command. If none comes for a while, the engine does what can wait.
async fn next_command(engine: &mut Engine<Adapters>, queue: &PageCommands) -> Request {
    if engine.can_preload() {
        let preload = async {
            js::sleep(PAUSE).await;
            engine.preload().await;
        };
        if let Either::Left((request, _)) = select(pin!(queue.take()), pin!(preload)).await {
            return request;
        }
    }
    while engine.awaits_secrets() {
        // A command that arrives meanwhile comes first, and the request goes on.
        if let Either::Left((request, _)) = select(pin!(queue.take()), pin!(engine.wait_for_secrets())).await
        {
            return request;
        }
        engine.store_secrets().await;
    }
    if engine.is_untidy() {
        if let Either::Left((request, _)) = select(pin!(queue.take()), pin!(js::sleep(IDLE))).await {
            return request;
        }
        engine.tidy().await;
    }
    queue.take().await
}

/// Carries out one command. `lock` is held while a vault is open, so that only one engine in a
/// browser profile writes.
async fn carry_out(
    engine: &mut Engine<Adapters>,
    lock: &mut Option<LockGuard>,
    command: Command,
) -> Result<Reply, Failure> {
    let (opens, closes) = (opens_vault(&command), closes_vault(&command));
    if opens && lock.is_none() {
        match LockGuard::take().await {
            Ok(guard) => *lock = Some(guard),
            Err(LockError::HeldElsewhere) => return Err(Failure::AnotherTab),
            Err(LockError::Unsupported) => return Err(Failure::Unsupported),
        }
        let result = engine.run(command).await;
        if result.is_err() {
            *lock = None;
        }
        return result;
    }
    let result = engine.run(command).await;
    match result {
        Ok(Reply::Entry(entry::Reply::Welcome(mut welcome))) => {
            welcome.persistent = persisted::persisted().await;
            Ok(Reply::Entry(entry::Reply::Welcome(welcome)))
        }
        Ok(reply) => {
            if closes {
                *lock = None;
            }
            Ok(reply)
        }
        failed => failed,
    }
}

/// Returns whether a vault is open, or about to be, after the command. Every command is named, so
/// that a new one has to decide.
fn opens_vault(command: &Command) -> bool {
    use entry::Command as Entry;
    match command {
        Command::Entry(command) => match command {
            Entry::Create { .. } | Entry::Recover { .. } | Entry::Unlock { .. } => true,
            // These go on with what one of the others has begun.
            Entry::AcceptNotice | Entry::FinishRecovery { .. } => false,
            // One is open already.
            Entry::CopyNext | Entry::CountCopyable | Entry::CreateFromCopy { .. } => false,
            Entry::CheckCode { .. }
            | Entry::Forget { .. }
            | Entry::Hello
            | Entry::Prepare(_)
            | Entry::SignUp
            | Entry::Unsaved { .. } => false,
        },
        Command::Access(_)
        | Command::Keys(_)
        | Command::Session(_)
        | Command::Trash(_)
        | Command::Wallets(_) => false,
    }
}

/// Returns whether no vault is open after the command.
fn closes_vault(command: &Command) -> bool {
    use session::Command as Session;
    match command {
        Command::Session(command) => match command {
            Session::DeleteVault | Session::Lock | Session::LogOut => true,
            Session::AcknowledgeAlarms
            | Session::Alarms
            | Session::Aside
            | Session::Differences
            | Session::DiscardAside { .. }
            | Session::Draft
            | Session::DraftForm
            | Session::Evidence
            | Session::GoOver { .. }
            | Session::PutBack
            | Session::Renew
            | Session::SaveAside { .. }
            | Session::SaveDraft { .. }
            | Session::SetAside
            | Session::Sync => false,
        },
        Command::Access(_)
        | Command::Entry(_)
        | Command::Keys(_)
        | Command::Trash(_)
        | Command::Wallets(_) => false,
    }
}
