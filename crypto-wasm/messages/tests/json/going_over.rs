use crystallum_messages::going_over::{
    DeviceDifference, Differences, Fate, GoneOver, MakeAgain, MethodDifference, NotGoneOver, Place,
    RecordDifference, SeenHead,
};
use crystallum_messages::{Alarm, AsideKind, SignInMethodKind};
use crystallum_snapshots::{Samples, add_variants, expect_file};

/// Returns an answer with one difference of each kind.
pub(crate) fn differences() -> Differences {
    let device = DeviceDifference {
        name: "Phone".to_owned(),
        platform: "Firefox on Linux".to_owned(),
        this: false,
        place: Place::Server,
        is_removed_again: true,
    };
    let method =
        MethodDifference { kind: SignInMethodKind::Passkey, name: "Key ring".to_owned(), place: Place::Here };
    Differences {
        server: SeenHead { change: 9, hash: [7; 32] },
        server_time: 3,
        mine: 8,
        mine_time: 4,
        common: Some(6),
        records: vec![record()],
        more_records: 2,
        methods: vec![method],
        devices: vec![device],
        hindrance: Some(NotGoneOver::RemovedThere),
    }
}

fn record() -> RecordDifference {
    RecordDifference { kind: AsideKind::Key, label: "Bot".to_owned(), place: Place::Both, fate: Fate::Copied }
}

pub(crate) fn samples() -> Samples {
    let mut samples = Samples::default();
    let all = differences();
    samples.add("SeenHead", all.server);
    samples.add("RecordDifference", record());
    samples.add("MethodDifference", all.methods[0].clone());
    samples.add("DeviceDifference", all.devices[0].clone());
    samples.add("Differences", all);
    add_variants!(samples, Place { Here => Place::Here, Server => Place::Server, Both => Place::Both, });
    add_variants!(samples, Fate {
        ComesAlong => Fate::ComesAlong,
        Copied => Fate::Copied,
        SetAside => Fate::SetAside,
        MakeAgain => Fate::MakeAgain,
        ServersCounts => Fate::ServersCounts,
    });
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
    samples().compare(expect_file!["snapshots/going_over.json"]);
}
