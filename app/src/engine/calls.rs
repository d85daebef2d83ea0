//! Typed calls: one method for each kind of reply. An unexpected kind of reply is
//! [`Failure::Confused`].

mod history;
mod keys;
mod sign_in_methods;
mod wallets;

use crystallum_messages::{Command, Failure, Notice, Opened, Reply, Saved, SignUp, Welcome};

use super::Engine;

/// Sends a command and unwraps the reply variant that belongs to it.
macro_rules! expect_reply {
    ($engine:expr, $command:expr, $reply:ident) => {
        match $engine.send($command).await? {
            crystallum_messages::Reply::$reply(value) => Ok(value),
            _ => Err(crystallum_messages::Failure::Confused),
        }
    };
}
use expect_reply;

/// The result of opening a vault.
pub(crate) enum Entry {
    /// The facts that the person must accept first.
    Notice(Notice),
    /// The vault is open.
    Opened(Opened),
}

impl Engine {
    /// Asks what this device knows.
    pub(crate) async fn load_welcome(self) -> Result<Welcome, Failure> {
        expect_reply!(self, Command::Hello, Welcome)
    }

    /// Asks who may create a vault. Returns `None` if the server does not answer.
    pub(crate) async fn load_sign_up(self) -> Result<Option<SignUp>, Failure> {
        expect_reply!(self, Command::SignUp, SignUp)
    }

    /// Executes a command that only reports that it is done.
    pub(crate) async fn execute(self, command: Command) -> Result<(), Failure> {
        match self.send(command).await? {
            Reply::Done => Ok(()),
            _ => Err(Failure::Confused),
        }
    }

    /// Executes `Create`, `Unlock`, `AcceptNotice`, `Recover` or `FinishRecovery`.
    pub(crate) async fn enter_vault(self, command: Command) -> Result<Entry, Failure> {
        match self.send(command).await? {
            Reply::Notice(notice) => Ok(Entry::Notice(notice)),
            Reply::Opened(opened) => Ok(Entry::Opened(opened)),
            _ => Err(Failure::Confused),
        }
    }

    /// Executes a command that writes one record.
    pub(crate) async fn save_record(self, command: Command) -> Result<Saved, Failure> {
        expect_reply!(self, command, Saved)
    }
}
