use crystallum_messages::{Command, Failure, RecordId, TrashRow, Version};

use super::{Engine, expect_reply};

impl Engine {
    /// Lists the records in the trash.
    pub(crate) async fn list_trash(self) -> Result<Vec<TrashRow>, Failure> {
        expect_reply!(self, Command::Trash, Trash)
    }

    /// Lists the versions of a key.
    pub(crate) async fn list_versions(self, id: RecordId) -> Result<Vec<Version>, Failure> {
        expect_reply!(self, Command::Versions { id }, Versions)
    }
}
