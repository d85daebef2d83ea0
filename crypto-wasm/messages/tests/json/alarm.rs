use crystallum_messages::{
    Alarm, Alarms, AsideKind, EndedAlarm, GoneOver, KeptAlarm, MakeAgain, NotGoneOver, NotPutBack,
};
use crystallum_snapshots::{Samples, add_variants, expect_file};

pub(crate) fn samples() -> Samples {
    let mut samples = Samples::default();
    add_variants!(samples, Alarm {
        BelowSheet => Alarm::BelowSheet { sheet: 8, offered: 5 },
        DeviceRemoved => Alarm::DeviceRemoved,
        Fork => Alarm::Fork { mine: 8, offered: 9 },
        LocalCopy => Alarm::LocalCopy,
        OtherSheet => Alarm::OtherSheet { sheet: 5, mine: 8 },
        Rollback => Alarm::Rollback { mine: 8, offered: 5 },
        SecretsTampered => Alarm::SecretsTampered { offered: 9 },
        Tampered => Alarm::Tampered { offered: 9 },
        TooNew => Alarm::TooNew,
        Disowned => Alarm::Disowned { offered: 9 },
    });
    let kept = KeptAlarm { alarm: Alarm::TooNew, since: 3, has_evidence: true };
    let ended = EndedAlarm { alarm: Alarm::Tampered { offered: 9 }, since: 3, ended: 4, change: 10 };
    samples.add("Alarms", Alarms { kept: Some(kept.clone()), ended: vec![ended.clone()], gone_over: None });
    samples.add("KeptAlarm", kept);
    samples.add("EndedAlarm", ended);
    add_variants!(samples, NotPutBack { TooOld => NotPutBack::TooOld, NotWhole => NotPutBack::NotWhole, SharesLost => NotPutBack::SharesLost, });
    add_variants!(samples, NotGoneOver {
        NoOtherHistory => NotGoneOver::NoOtherHistory,
        Moved => NotGoneOver::Moved,
        Unproved => NotGoneOver::Unproved,
        RemovedThere => NotGoneOver::RemovedThere,
        MethodNotThere => NotGoneOver::MethodNotThere,
    });
    let again = MakeAgain { kind: AsideKind::Wallet, name: "Savings".to_owned(), is_removal: false };
    samples.add("MakeAgain", again.clone());
    samples.add(
        "GoneOver",
        GoneOver {
            alarm: Alarm::Fork { mine: 8, offered: 9 },
            since: 3,
            ended: 4,
            change: 9,
            carried: vec!["Bot".to_owned()],
            copied: vec!["Desk".to_owned()],
            set_aside: vec!["Old".to_owned()],
            waiting: 1,
            again: vec![again],
            has_evidence: true,
            is_finished: false,
        },
    );
    samples
}

#[test]
fn json_is_as_recorded() {
    samples().compare(expect_file!["snapshots/alarm.json"]);
}
