use crystallum_messages::{Failure, TrashRow, trash::Command};

use super::{Engine, expect_reply};

impl Engine {
    /// Lists the records in the trash.
    pub(crate) async fn list_trash(self) -> Result<Vec<TrashRow>, Failure> {
        expect_reply!(self, trash, Command::List, Rows)
    }
}
