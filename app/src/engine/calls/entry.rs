use crystallum_messages::{
    Copied, Copyable, Failure, Notice, Opened, SignUp, Unsaved, VaultId, Welcome,
    entry::{Command, Reply},
};

use super::{Engine, expect_reply};

/// The result of opening a vault.
pub(crate) enum Entry {
    /// The facts that the user must accept first.
    Notice(Notice),
    /// The vault is open.
    Opened(Opened),
}

impl Engine {
    /// Asks what this device knows.
    pub(crate) async fn load_welcome(self) -> Result<Welcome, Failure> {
        expect_reply!(self, entry, Command::Hello, Welcome)
    }

    /// Asks who may create a vault. Returns `None` if the server does not answer.
    pub(crate) async fn load_sign_up(self) -> Result<Option<SignUp>, Failure> {
        expect_reply!(self, entry, Command::SignUp, SignUp)
    }

    /// Returns which changes of a vault are on this device only.
    pub(crate) async fn load_unsaved(self, vault: VaultId) -> Result<Unsaved, Failure> {
        expect_reply!(self, entry, Command::Unsaved { vault }, Unsaved)
    }

    /// Counts what a new vault would take from the open one.
    pub(crate) async fn count_copyable(self) -> Result<Copyable, Failure> {
        expect_reply!(self, entry, Command::CountCopyable, Copyable)
    }

    /// Copies the next records into the new vault.
    pub(crate) async fn copy_next(self) -> Result<Copied, Failure> {
        expect_reply!(self, entry, Command::CopyNext, Copied)
    }

    /// Executes `Create`, `CreateFromCopy`, `Unlock`, `AcceptNotice`, `Recover` or
    /// `FinishRecovery`.
    pub(crate) async fn enter_vault(self, command: Command) -> Result<Entry, Failure> {
        match Reply::try_from(self.send(command.into()).await?) {
            Ok(Reply::Notice(notice)) => Ok(Entry::Notice(notice)),
            Ok(Reply::Opened(opened)) => Ok(Entry::Opened(opened)),
            _ => Err(Failure::UNEXPECTED_REPLY),
        }
    }
}
