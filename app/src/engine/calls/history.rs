use crystallum_messages::{Command, Failure, RecordId, TrashRow, Version};

use super::{Engine, ask};

impl Engine {
    pub(crate) async fn trash(self) -> Result<Vec<TrashRow>, Failure> {
        ask!(self, Command::Trash, Trash)
    }

    pub(crate) async fn versions(self, id: RecordId) -> Result<Vec<Version>, Failure> {
        ask!(self, Command::Versions { id }, Versions)
    }
}
