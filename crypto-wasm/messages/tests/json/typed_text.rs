use crystallum_messages::{CodeProblem, PhraseProblem};
use crystallum_snapshots::{Samples, add_variants, expect_file};

pub(crate) fn samples() -> Samples {
    let mut samples = Samples::default();
    add_variants!(samples, CodeProblem {
        AccountKey => CodeProblem::AccountKey,
        Character => CodeProblem::Character,
        Check => CodeProblem::Check,
        Kind => CodeProblem::Kind,
        Length => CodeProblem::Length { found: 31 },
        Version => CodeProblem::Version,
    });
    add_variants!(samples, PhraseProblem {
        Checksum => PhraseProblem::Checksum,
        Count => PhraseProblem::Count { found: 11 },
        Word => PhraseProblem::Word { position: 3 },
    });
    samples
}

#[test]
fn json_is_as_recorded() {
    samples().compare(expect_file!["snapshots/typed_text.json"]);
}
