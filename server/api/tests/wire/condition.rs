use crystallum_api::Condition;
use crystallum_snapshots::{Samples, add_variants, expect_file};

pub(crate) fn samples() -> Samples {
    let mut samples = Samples::default();
    add_variants!(samples, Condition {
        Rate => Condition::Rate,
        Requests => Condition::Requests,
        Connections => Condition::Connections,
        Slow => Condition::Slow,
        Bodies => Condition::Bodies,
        Answers => Condition::Answers,
        Reads => Condition::Reads,
        Writes => Condition::Writes,
        Ceremonies => Condition::Ceremonies,
        UnknownClients => Condition::UnknownClients,
        UnnamedProxy => Condition::UnnamedProxy,
    });
    samples
}

#[test]
fn json_is_as_recorded() {
    samples().compare(expect_file!["snapshots/condition.json"]);
}

#[test]
fn names_are_those_of_the_json() {
    for condition in Condition::ALL {
        assert_eq!(serde_json::to_value(condition).unwrap(), condition.name());
    }
}
