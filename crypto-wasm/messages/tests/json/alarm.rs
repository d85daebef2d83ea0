use crystallum_messages::Alarm;
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
        Tampered => Alarm::Tampered { offered: 9 },
        TooNew => Alarm::TooNew,
        Disowned => Alarm::Disowned { offered: 9 },
    });
    samples
}

#[test]
fn json_is_as_recorded() {
    samples().compare(expect_file!["snapshots/alarm.json"]);
}
