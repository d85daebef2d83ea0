//! Typed calls: one method for each kind of reply. An unexpected kind of reply is
//! [`Failure::UNEXPECTED_REPLY`].

mod access;
pub(crate) mod entry;
mod keys;
mod session;
mod trash;
mod wallets;

use crystallum_messages::{self as messages, Command, Failure, Reply, Saved};

use super::Engine;

/// Sends a command of a domain and unwraps the reply variant that belongs to it. A command or a
/// reply of another domain does not compile.
macro_rules! expect_reply {
    ($engine:expr, $domain:ident, $command:expr, $reply:ident) => {{
        let command: crystallum_messages::$domain::Command = $command;
        let reply = $engine.send(command.into()).await?;
        match crystallum_messages::$domain::Reply::try_from(reply) {
            Ok(crystallum_messages::$domain::Reply::$reply(value)) => Ok(value),
            _ => Err(crystallum_messages::Failure::UNEXPECTED_REPLY),
        }
    }};
}
use expect_reply;

impl Engine {
    /// Executes a command that only reports that it is done.
    pub(crate) fn execute(self, command: impl Into<Command>) -> impl Future<Output = Result<(), Failure>> {
        let command = command.into();
        async move {
            match self.send(command).await? {
                Reply::Access(messages::access::Reply::Done)
                | Reply::Entry(messages::entry::Reply::Done)
                | Reply::Session(messages::session::Reply::Done) => Ok(()),
                _ => Err(Failure::UNEXPECTED_REPLY),
            }
        }
    }

    /// Executes a command that writes one record.
    pub(crate) fn save_record(
        self,
        command: impl Into<Command>,
    ) -> impl Future<Output = Result<Saved, Failure>> {
        let command = command.into();
        async move {
            match self.send(command).await? {
                Reply::Keys(messages::keys::Reply::Saved(saved))
                | Reply::Trash(messages::trash::Reply::Saved(saved))
                | Reply::Wallets(messages::wallets::Reply::Saved(saved)) => Ok(saved),
                _ => Err(Failure::UNEXPECTED_REPLY),
            }
        }
    }
}
