use crystallum_messages::{Command, Failure, Sheet, Way};

use super::{Engine, ask};

impl Engine {
    pub(crate) async fn sign_in_methods(self) -> Result<Vec<Way>, Failure> {
        ask!(self, Command::Ways, Ways)
    }

    /// For `Sheet` and `NewSheet`.
    pub(crate) async fn sheet(self, command: Command) -> Result<Sheet, Failure> {
        ask!(self, command, Sheet)
    }
}
