use crystallum_messages::{Command, Credentials, Failure, KeyDetail, Page, RecordId};

use super::{Engine, ask};

impl Engine {
    pub(crate) async fn list(self, query: String, offset: u32, limit: u32) -> Result<Page, Failure> {
        ask!(self, Command::List { query, offset, limit }, Page)
    }

    pub(crate) async fn open(self, id: RecordId) -> Result<KeyDetail, Failure> {
        ask!(self, Command::Open { id }, Detail)
    }

    /// For `Reveal` and `RevealVersion`.
    pub(crate) async fn reveal(self, command: Command) -> Result<Credentials, Failure> {
        ask!(self, command, Revealed)
    }
}
