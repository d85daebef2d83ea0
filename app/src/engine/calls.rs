use crystallum_messages::{
    Command, Credentials, Failure, KeyDetail, Notice, Opened, Page, RecordId, Reply, Saved, Welcome,
};

use super::Engine;

/// What opening a vault leads to.
pub(crate) enum Entry {
    /// The facts to show first.
    Notice(Notice),
    /// The vault is open.
    Opened(Opened),
}

/// One method for each kind of answer; an answer of another kind is [`Failure::Confused`].
impl Engine {
    pub(crate) async fn hello(self) -> Result<Welcome, Failure> {
        match self.send(Command::Hello).await? {
            Reply::Welcome(welcome) => Ok(welcome),
            _ => Err(Failure::Confused),
        }
    }

    /// For commands that have nothing to tell but that they are done.
    pub(crate) async fn done(self, command: Command) -> Result<(), Failure> {
        match self.send(command).await? {
            Reply::Done => Ok(()),
            _ => Err(Failure::Confused),
        }
    }

    /// For `Create`, `Unlock` and `AcceptNotice`.
    pub(crate) async fn enter(self, command: Command) -> Result<Entry, Failure> {
        match self.send(command).await? {
            Reply::Notice(notice) => Ok(Entry::Notice(notice)),
            Reply::Opened(opened) => Ok(Entry::Opened(opened)),
            _ => Err(Failure::Confused),
        }
    }

    pub(crate) async fn list(self, query: String, offset: u32, limit: u32) -> Result<Page, Failure> {
        match self.send(Command::List { query, offset, limit }).await? {
            Reply::Page(page) => Ok(page),
            _ => Err(Failure::Confused),
        }
    }

    pub(crate) async fn open(self, id: RecordId) -> Result<KeyDetail, Failure> {
        match self.send(Command::Open { id }).await? {
            Reply::Detail(detail) => Ok(detail),
            _ => Err(Failure::Confused),
        }
    }

    pub(crate) async fn reveal(self, id: RecordId) -> Result<Credentials, Failure> {
        match self.send(Command::Reveal { id }).await? {
            Reply::Revealed(credentials) => Ok(credentials),
            _ => Err(Failure::Confused),
        }
    }

    /// For `Add`, `Edit` and `Delete`.
    pub(crate) async fn save(self, command: Command) -> Result<Saved, Failure> {
        match self.send(command).await? {
            Reply::Saved(saved) => Ok(saved),
            _ => Err(Failure::Confused),
        }
    }
}
