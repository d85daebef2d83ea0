use crystallum_messages::{Alarm, Ceremony, Event, LockReason, SyncState};
use crystallum_snapshots::{Samples, add_variants, expect_file};

use crate::ceremony::get_options;
use crate::shares::share;

pub(crate) fn samples() -> Samples {
    let mut samples = Samples::default();
    add_variants!(samples, Event {
        Advanced => Event::Advanced { change: 813, methods_changed: true },
        Alarm => Event::Alarm(Alarm::TooNew),
        AlarmEnded => Event::AlarmEnded(Alarm::TooNew),
        Ceremony => Event::Ceremony { ticket: 4, ceremony: Ceremony::Get(get_options()) },
        CeremonyEnded => Event::CeremonyEnded { ticket: 4 },
        Changed => Event::Changed,
        Locked => Event::Locked(LockReason::Idle),
        SecretsAwaited => Event::SecretsAwaited(9_600),
        Share => Event::Share(share()),
        Sync => Event::Sync(SyncState::Offline),
        UnusedPasskey => Event::UnusedPasskey(vec![1, 2].into()),
    });
    add_variants!(samples, LockReason {
        Asked => LockReason::Asked,
        Ended => LockReason::Ended,
        Idle => LockReason::Idle,
        OtherTab => LockReason::OtherTab,
    });
    samples
}

#[test]
fn json_is_as_recorded() {
    samples().compare(expect_file!["snapshots/event.json"]);
}
