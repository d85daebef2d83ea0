use crystallum_messages::{Alarms, AsideRow, Failure, SecretText, going_over::Differences, session::Command};

use super::{Engine, expect_reply};

impl Engine {
    /// Lists the alarm that this device is in, and those that are over.
    pub(crate) async fn list_alarms(self) -> Result<Alarms, Failure> {
        expect_reply!(self, session, Command::Alarms, Alarms)
    }

    /// Loads the heads that show what happened, as a file.
    pub(crate) async fn load_evidence(self) -> Result<Option<String>, Failure> {
        let file = expect_reply!(self, session, Command::Evidence, Evidence)?;
        Ok(file.and_then(|file| String::from_utf8(file.into_vec()).ok()))
    }

    /// Compares the history of this device with the one of the server.
    pub(crate) async fn compare_histories(self) -> Result<Differences, Failure> {
        expect_reply!(self, session, Command::Differences, Differences).map(|differences| *differences)
    }

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
