use crystallum_messages::SecretText;
use crystallum_messages::session::{Command, Reply};
use crystallum_snapshots::{Samples, add_variants, expect_file};

pub(crate) fn samples() -> Samples {
    let mut samples = Samples::default();
    add_variants!(samples, Command {
        DeleteVault => Command::DeleteVault,
        Draft => Command::Draft,
        DraftForm => Command::DraftForm,
        Lock => Command::Lock,
        LogOut => Command::LogOut,
        Renew => Command::Renew,
        SaveDraft => Command::SaveDraft { draft: Some(SecretText::new("half a key".into())) },
        Sync => Command::Sync,
    });
    add_variants!(samples, Reply { Done => Reply::Done, Draft => Reply::Draft(None), DraftForm => Reply::DraftForm(Some("add okx".into())), });
    samples
}

#[test]
fn json_is_as_recorded() {
    samples().compare(expect_file!["snapshots/session.json"]);
}
