use crystallum_messages::{Failure, SecretText, session::Command};

use super::{Engine, expect_reply};

impl Engine {
    /// Loads what was typed into a form before the vault locked.
    pub(crate) async fn load_draft(self) -> Result<Option<SecretText>, Failure> {
        expect_reply!(self, session, Command::Draft, Draft)
    }

    /// Loads which form that was.
    pub(crate) async fn load_draft_form(self) -> Result<Option<String>, Failure> {
        expect_reply!(self, session, Command::DraftForm, DraftForm)
    }
}
