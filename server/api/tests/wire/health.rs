use crystallum_api::{Code, Health, SignUp};
use crystallum_snapshots::{Samples, expect_file};

pub(crate) fn samples() -> Samples {
    let mut samples = Samples::default();
    let well = Health {
        sign_up: SignUp::Open,
        origin: "https://vault.example.com".to_owned(),
        problems: Vec::new(),
        conditions: Vec::new(),
        code: None,
    };
    let ill =
        Health { problems: vec!["writes_fail".to_owned()], code: Some(Code::Unavailable), ..well.clone() };
    samples.add("Health", well);
    samples.add("Health in problem", ill);
    samples
}

#[test]
fn json_is_as_recorded() {
    samples().compare(expect_file!["snapshots/health.json"]);
}
