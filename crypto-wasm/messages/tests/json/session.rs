use crystallum_messages::going_over::SeenHead;
use crystallum_messages::session::{Command, Reply};
use crystallum_messages::{Alarms, AsideId, AsideKind, AsideRow, SecretText};
use crystallum_snapshots::{Samples, add_variants, expect_file};

use crate::going_over::differences;

pub(crate) fn samples() -> Samples {
    let mut samples = Samples::default();
    let id = AsideId([5; 16]);
    let row = AsideRow { id, kind: AsideKind::Key, label: "Bot".to_owned(), time: 3 };
    add_variants!(samples, Command {
        Alarms => Command::Alarms,
        AcknowledgeAlarms => Command::AcknowledgeAlarms,
        Aside => Command::Aside,
        DeleteVault => Command::DeleteVault,
        DiscardAside => Command::DiscardAside { id },
        Differences => Command::Differences,
        Draft => Command::Draft,
        DraftForm => Command::DraftForm,
        Evidence => Command::Evidence,
        GoOver => Command::GoOver { seen: SeenHead { change: 9, hash: [7; 32] } },
        Lock => Command::Lock,
        LogOut => Command::LogOut,
        PutBack => Command::PutBack,
        Renew => Command::Renew,
        SaveAside => Command::SaveAside { id },
        SaveDraft => Command::SaveDraft { draft: Some(SecretText::new("half a key".into())) },
        SetAside => Command::SetAside,
        Sync => Command::Sync,
    });
    add_variants!(samples, Reply { Aside => Reply::Aside(vec![row.clone()]), Differences => Reply::Differences(Box::new(differences())), Done => Reply::Done, Draft => Reply::Draft(None), Alarms => Reply::Alarms(Alarms::default()), Evidence => Reply::Evidence(Some(vec![1, 2].into())), DraftForm => Reply::DraftForm(Some("add okx".into())), });
    samples.add("AsideRow", row);
    samples
}

#[test]
fn json_is_as_recorded() {
    samples().compare(expect_file!["snapshots/session.json"]);
}
