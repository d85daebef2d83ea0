use crystallum_messages::{AsideRow, Failure, SecretText, session::Command};

use super::{Engine, expect_reply};

impl Engine {
    /// Lists the changes that were set aside.
    pub(crate) async fn list_aside(self) -> Result<Vec<AsideRow>, Failure> {
        expect_reply!(self, session, Command::Aside, Aside)
    }

    /// Loads what was typed into a form before the vault locked.
    pub(crate) async fn load_draft(self) -> Result<Option<SecretText>, Failure> {
        expect_reply!(self, session, Command::Draft, Draft)
    }

    /// Loads which form that was.
    pub(crate) async fn load_draft_form(self) -> Result<Option<String>, Failure> {
        expect_reply!(self, session, Command::DraftForm, DraftForm)
    }
}
