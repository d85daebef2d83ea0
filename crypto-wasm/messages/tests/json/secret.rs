use crystallum_snapshots::{Samples, expect_file};

use crate::secret as text;

pub(crate) fn samples() -> Samples {
    let mut samples = Samples::default();
    samples.add("SecretText", text("secret"));
    samples
}

#[test]
fn json_is_as_recorded() {
    samples().compare(expect_file!["snapshots/secret.json"]);
}
