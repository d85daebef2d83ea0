use crystallum_messages::{
    Credentials, Failure, KeyDetail, Page, RecordId, UnreadableRow, Version, keys::Command,
};

use super::{Engine, expect_reply};

impl Engine {
    /// Lists the keys that match a query: `limit` rows from `offset` on.
    pub(crate) async fn list_keys(self, query: String, offset: u32, limit: u32) -> Result<Page, Failure> {
        expect_reply!(self, keys, Command::List { query, offset, limit }, Page)
    }

    /// Lists the records that this device cannot read.
    pub(crate) async fn list_unreadable(self) -> Result<Vec<UnreadableRow>, Failure> {
        expect_reply!(self, keys, Command::ListUnreadable, Unreadable)
    }

    /// Loads a key without its secret.
    pub(crate) async fn load_key(self, id: RecordId) -> Result<KeyDetail, Failure> {
        expect_reply!(self, keys, Command::Open { id }, Detail)
    }

    /// Executes `Reveal` or `RevealVersion`.
    pub(crate) async fn reveal_credentials(self, command: Command) -> Result<Credentials, Failure> {
        expect_reply!(self, keys, command, Revealed)
    }

    /// Lists the versions of a key.
    pub(crate) async fn list_versions(self, id: RecordId) -> Result<Vec<Version>, Failure> {
        expect_reply!(self, keys, Command::Versions { id }, Versions)
    }
}
