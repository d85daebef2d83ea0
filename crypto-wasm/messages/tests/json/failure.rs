use crystallum_messages::{
    Alarm, CodeProblem, Failure, Field, ImpossibleState, NotGoneOver, NotPutBack, PasskeyFault, PhraseProblem,
};
use crystallum_snapshots::{Samples, add_variants, expect_file};

use crate::shares::share;

pub(crate) fn samples() -> Samples {
    let mut samples = Samples::default();
    add_variants!(samples, Failure {
        Alarm => Failure::Alarm(Alarm::TooNew),
        AnotherTab => Failure::AnotherTab,
        Cancelled => Failure::Cancelled,
        CodeRejected => Failure::CodeRejected(CodeProblem::Check),
        CodeUnknown => Failure::CodeUnknown,
        Changed => Failure::Changed,
        EarlierNotMade => Failure::EarlierNotMade,
        EarlierRefused => Failure::EarlierRefused,
        FieldRejected => Failure::FieldRejected(Field::ApiSecret),
        Forbidden => Failure::Forbidden,
        GroupsRejected => Failure::GroupsRejected,
        InviteRejected => Failure::InviteRejected,
        LabelRejected => Failure::LabelRejected,
        LastSignInMethods => Failure::LastSignInMethods,
        Locked => Failure::Locked,
        NameRejected => Failure::NameRejected,
        NoSuchVault => Failure::NoSuchVault,
        NotGoneOver => Failure::NotGoneOver(NotGoneOver::Moved),
        NotPutBack => Failure::NotPutBack(NotPutBack::TooOld),
        NoSuchRecord => Failure::NoSuchRecord,
        NoSuchVersion => Failure::NoSuchVersion,
        NoSheet => Failure::NoSheet,
        NoteRejected => Failure::NoteRejected,
        Overtaken => Failure::Overtaken,
        PasskeyLost => Failure::PasskeyLost,
        PartlyRemoved => Failure::PartlyRemoved,
        PasskeyExists => Failure::PasskeyExists,
        PasskeyFault => Failure::PasskeyFault(PasskeyFault::Device),
        PhraseRejected => Failure::PhraseRejected(PhraseProblem::Checksum),
        PrfMissing => Failure::PrfMissing,
        QuotaExceeded => Failure::QuotaExceeded,
        RateLimited => Failure::RateLimited { seconds: 30 },
        Refused => Failure::Refused,
        SessionExpired => Failure::SessionExpired,
        SharesMissing => Failure::SharesMissing { have: 2, need: 3, shares: vec![share()] },
        SignUpClosed => Failure::SignUpClosed,
        Stale => Failure::Stale,
        SecretNotHere => Failure::SecretNotHere,
        StorageFailed => Failure::StorageFailed,
        SplitRejected => Failure::SplitRejected,
        StoreFailed => Failure::StoreFailed { number: 4 },
        StrangeAnswer => Failure::StrangeAnswer,
        TooMuchAtOnce => Failure::TooMuchAtOnce,
        Unreachable => Failure::Unreachable,
        Unsupported => Failure::Unsupported,
        Unsettled => Failure::Unsettled,
        WaitingForServer => Failure::WaitingForServer,
        WrongPasskey => Failure::WrongPasskey,
        Impossible => Failure::Impossible(ImpossibleState::LastVersion),
    });
    for field in [Field::ApiKey, Field::Passphrase] {
        samples.add(&format!("Failure {field:?}"), Failure::FieldRejected(field));
    }
    samples
}

pub(crate) fn impossible_states() -> Samples {
    let mut samples = Samples::default();
    add_variants!(samples, ImpossibleState {
        DealingUnusable => ImpossibleState::DealingUnusable,
        DeviceNotJoined => ImpossibleState::DeviceNotJoined,
        LastVersion => ImpossibleState::LastVersion,
        NothingToCopy => ImpossibleState::NothingToCopy,
        MessageNotSent => ImpossibleState::MessageNotSent,
        NoNotice => ImpossibleState::NoNotice,
        NoRecovery => ImpossibleState::NoRecovery,
        OpenVaultForgotten => ImpossibleState::OpenVaultForgotten,
        OwnChangeRefused => ImpossibleState::OwnChangeRefused,
        PasskeyNeeded => ImpossibleState::PasskeyNeeded,
        PhraseLength => ImpossibleState::PhraseLength,
        RecordUnreadable => ImpossibleState::RecordUnreadable,
        RecordTooLarge => ImpossibleState::RecordTooLarge,
        SecretOfOtherKind => ImpossibleState::SecretOfOtherKind,
        SheetTooLarge => ImpossibleState::SheetTooLarge,
        SlotOfOtherScope => ImpossibleState::SlotOfOtherScope,
        UnexpectedReply => ImpossibleState::UnexpectedReply,
        UnreadableMessage => ImpossibleState::UnreadableMessage,
    });
    samples
}

#[test]
fn json_is_as_recorded() {
    samples().compare(expect_file!["snapshots/failure.json"]);
    impossible_states().compare(expect_file!["snapshots/impossible.json"]);
}
