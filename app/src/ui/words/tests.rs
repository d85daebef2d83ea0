use crystallum_messages::{
    Alarm, CeremonyReason, CodeProblem, Failure, Field, NotGoneOver, NotPutBack, PasskeyFault, PhraseProblem,
    SyncState,
};

use super::{alarm, ceremony, failure::explain_failure, form, state};
use crate::{engine::boot::StartError, ui::paste::Mistake};

/// Returns every kind of alarm. The match does not compile when a kind is missing.
fn alarms() -> Vec<Alarm> {
    let all = vec![
        Alarm::BelowSheet { sheet: 8, offered: 5 },
        Alarm::Fork { mine: 8, offered: 9 },
        Alarm::LocalCopy,
        Alarm::OtherSheet { sheet: 5, mine: 8 },
        Alarm::Rollback { mine: 8, offered: 5 },
        Alarm::SecretsTampered { offered: 9 },
        Alarm::Tampered { offered: 9 },
        Alarm::TooNew,
        Alarm::Disowned { offered: 9 },
        Alarm::DeviceRemoved,
    ];
    for (at, alarm) in all.iter().enumerate() {
        let index = match alarm {
            Alarm::BelowSheet { .. } => 0,
            Alarm::Fork { .. } => 1,
            Alarm::LocalCopy => 2,
            Alarm::OtherSheet { .. } => 3,
            Alarm::Rollback { .. } => 4,
            Alarm::SecretsTampered { .. } => 5,
            Alarm::Tampered { .. } => 6,
            Alarm::TooNew => 7,
            Alarm::Disowned { .. } => 8,
            Alarm::DeviceRemoved => 9,
        };
        assert_eq!(at, index);
    }
    all
}

/// Returns every kind of failure. The match does not compile when a kind is missing.
fn failures() -> Vec<Failure> {
    let mut all = vec![
        Failure::AnotherTab,
        Failure::Cancelled,
        Failure::Changed,
        Failure::CodeUnknown,
        Failure::UNEXPECTED_REPLY,
        Failure::EarlierNotMade,
        Failure::Forbidden,
        Failure::GroupsRejected,
        Failure::InviteRejected,
        Failure::LabelRejected,
        Failure::LastSignInMethods,
        Failure::Locked,
        Failure::NameRejected,
        Failure::NoSheet,
        Failure::NoSuchRecord,
        Failure::NoSuchVault,
        Failure::NoSuchVersion,
        Failure::NoteRejected,
        Failure::Overtaken,
        Failure::PasskeyExists,
        Failure::PrfMissing,
        Failure::QuotaExceeded,
        Failure::RateLimited { seconds: 30 },
        Failure::Refused,
        Failure::SessionExpired,
        Failure::SharesMissing { have: 2, need: 3, shares: Vec::new() },
        Failure::SignUpClosed,
        Failure::SplitRejected,
        Failure::Stale,
        Failure::StorageFailed,
        Failure::StoreFailed { number: 4 },
        Failure::StrangeAnswer,
        Failure::Unreachable,
        Failure::Unsettled,
        Failure::Unsupported,
        Failure::WaitingForServer,
        Failure::WrongPasskey,
        Failure::EarlierRefused,
        Failure::PartlyRemoved,
        Failure::TooMuchAtOnce,
        Failure::SecretNotHere,
        Failure::PasskeyLost,
    ];
    for (at, failure) in all.iter().enumerate() {
        let index = match failure {
            Failure::Alarm(_)
            | Failure::CodeRejected(_)
            | Failure::FieldRejected(_)
            | Failure::NotGoneOver(_)
            | Failure::NotPutBack(_)
            | Failure::PasskeyFault(_)
            | Failure::PhraseRejected(_) => {
                continue;
            }
            Failure::AnotherTab => 0,
            Failure::Cancelled => 1,
            Failure::Changed => 2,
            Failure::CodeUnknown => 3,
            Failure::Impossible(_) => 4,
            Failure::EarlierNotMade => 5,
            Failure::Forbidden => 6,
            Failure::GroupsRejected => 7,
            Failure::InviteRejected => 8,
            Failure::LabelRejected => 9,
            Failure::LastSignInMethods => 10,
            Failure::Locked => 11,
            Failure::NameRejected => 12,
            Failure::NoSheet => 13,
            Failure::NoSuchRecord => 14,
            Failure::NoSuchVault => 15,
            Failure::NoSuchVersion => 16,
            Failure::NoteRejected => 17,
            Failure::Overtaken => 18,
            Failure::PasskeyExists => 19,
            Failure::PrfMissing => 20,
            Failure::QuotaExceeded => 21,
            Failure::RateLimited { .. } => 22,
            Failure::Refused => 23,
            Failure::SessionExpired => 24,
            Failure::SharesMissing { .. } => 25,
            Failure::SignUpClosed => 26,
            Failure::SplitRejected => 27,
            Failure::Stale => 28,
            Failure::StorageFailed => 29,
            Failure::StoreFailed { .. } => 30,
            Failure::StrangeAnswer => 31,
            Failure::Unreachable => 32,
            Failure::Unsettled => 33,
            Failure::Unsupported => 34,
            Failure::WaitingForServer => 35,
            Failure::WrongPasskey => 36,
            Failure::EarlierRefused => 37,
            Failure::PartlyRemoved => 38,
            Failure::TooMuchAtOnce => 39,
            Failure::SecretNotHere => 40,
            Failure::PasskeyLost => 41,
        };
        assert_eq!(at, index);
    }
    all.extend(alarms().into_iter().map(Failure::Alarm));
    all.extend([Field::ApiKey, Field::ApiSecret, Field::Passphrase].map(Failure::FieldRejected));
    all.extend([NotPutBack::TooOld, NotPutBack::SharesLost, NotPutBack::NotWhole].map(Failure::NotPutBack));
    let not_gone_over = [
        NotGoneOver::NoOtherHistory,
        NotGoneOver::Moved,
        NotGoneOver::Unproved,
        NotGoneOver::RemovedThere,
        NotGoneOver::MethodNotThere,
    ];
    all.extend(not_gone_over.map(Failure::NotGoneOver));
    all.extend(code_problems().map(Failure::CodeRejected));
    all.extend(passkey_faults().map(Failure::PasskeyFault));
    let phrases =
        [PhraseProblem::Checksum, PhraseProblem::Count { found: 11 }, PhraseProblem::Word { position: 3 }];
    all.extend(phrases.map(Failure::PhraseRejected));
    all
}

/// Returns every fault of a ceremony. The match does not compile when a fault is missing.
fn passkey_faults() -> [PasskeyFault; 4] {
    let all = [PasskeyFault::AtOnce, PasskeyFault::Busy, PasskeyFault::Device, PasskeyFault::Unreadable];
    for (at, fault) in all.iter().enumerate() {
        let index = match fault {
            PasskeyFault::AtOnce => 0,
            PasskeyFault::Busy => 1,
            PasskeyFault::Device => 2,
            PasskeyFault::Unreadable => 3,
        };
        assert_eq!(at, index);
    }
    all
}

/// Returns every reason why a text is not a recovery code. The match does not compile when a reason
/// is missing.
fn code_problems() -> [CodeProblem; 6] {
    let all = [
        CodeProblem::AccountKey,
        CodeProblem::Character,
        CodeProblem::Check,
        CodeProblem::Kind,
        CodeProblem::Length { found: 31 },
        CodeProblem::Version,
    ];
    for (at, problem) in all.iter().enumerate() {
        let index = match problem {
            CodeProblem::AccountKey => 0,
            CodeProblem::Character => 1,
            CodeProblem::Check => 2,
            CodeProblem::Kind => 3,
            CodeProblem::Length { .. } => 4,
            CodeProblem::Version => 5,
        };
        assert_eq!(at, index);
    }
    all
}

/// Returns whether a sentence is complete and calm.
pub(crate) fn is_calm(text: &str) -> bool {
    text.len() > 5
        && text.chars().next().is_some_and(char::is_uppercase)
        && text.ends_with('.')
        && !text.contains('!')
        && !text.to_lowercase().contains("oops")
        && !text.to_lowercase().contains("sorry")
        && !text.contains("  ")
}

#[test]
fn every_failure_says_what_happened_what_was_kept_and_what_next() {
    for code in failures() {
        let explanation = explain_failure(&code);
        for part in [&explanation.what_happened, &explanation.what_is_safe, &explanation.what_to_do] {
            // The first part may be the heading of a screen, which has no full stop.
            assert!(is_calm(&format!("{}.", part.trim_end_matches('.'))), "{code:?}: {part}");
        }
    }
}

#[test]
fn every_alarm_has_its_screen_and_its_evidence() {
    for kind in alarms() {
        let explanation = alarm::explain(&kind);
        for part in [&explanation.what_happened, &explanation.what_is_safe, &explanation.what_to_do] {
            assert!(is_calm(part), "{kind:?}: {part}");
        }
        assert!(!alarm::heading(&kind).is_empty());
        let file =
            alarm::evidence(&kind, "2026-11-22T07:00:00Z", "https://vault.example", "a browser", "0.1.0");
        assert!(
            file.contains("kind: ")
                && file.contains("https://vault.example")
                && file.contains(&*explanation.what_happened)
        );
    }
    let file = alarm::evidence(&Alarm::Rollback { mine: 812, offered: 54 }, "", "", "", "");
    assert!(file.contains("812") && file.contains("54"));
}

#[test]
fn no_two_failures_read_alike() {
    let mut texts: Vec<_> = failures().iter().map(|code| explain_failure(code).what_happened).collect();
    let all = texts.len();
    texts.sort();
    texts.dedup();
    assert_eq!(texts.len(), all);
}

#[test]
fn every_state_touch_and_mistake_has_words() {
    let refused = [true, false].map(|full| SyncState::Refused { full });
    let others = [SyncState::Waiting, SyncState::Offline, SyncState::SignedOut, SyncState::PasskeyLost];
    for sync in refused.into_iter().chain(others) {
        assert!(state::sync(sync).is_some_and(is_calm), "{sync:?}");
    }
    assert_eq!(state::sync(SyncState::Synced), None);
    for reason in [
        CeremonyReason::Create,
        CeremonyReason::Again,
        CeremonyReason::Confirm,
        CeremonyReason::NewPasskey,
        CeremonyReason::NextPasskey,
        CeremonyReason::Wallet,
        CeremonyReason::Unlock,
        CeremonyReason::Renew,
    ] {
        assert!(is_calm(ceremony::device_prompt(reason)), "{reason:?}");
    }
    assert_ne!(
        ceremony::click_prompt(CeremonyReason::Again).button,
        ceremony::click_prompt(CeremonyReason::NextPasskey).button
    );
    for error in [StartError::Altered, StartError::Failed, StartError::Unreachable] {
        assert!(is_calm(state::start_text(error)) && !state::start_heading(error).is_empty(), "{error:?}");
    }
    for seen in [Mistake::CutOff, Mistake::PrivateKeyAsApiKey, Mistake::Swapped] {
        assert!(is_calm(form::mistake(seen)), "{seen:?}");
    }
}
