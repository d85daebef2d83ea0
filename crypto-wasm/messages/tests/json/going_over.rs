use crystallum_messages::going_over::{
    DeviceDifference, Differences, Fate, MethodDifference, Place, RecordDifference, SeenHead,
};
use crystallum_messages::{AsideKind, NotGoneOver, SignInMethodKind};
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
    samples
}

#[test]
fn json_is_as_recorded() {
    samples().compare(expect_file!["snapshots/going_over.json"]);
}
