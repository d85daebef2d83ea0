use crystallum_messages::{Alarm, CodeProblem, Failure, Field, LockReason, PhraseProblem, SyncState, Touch};

use super::*;
use crate::{engine::StartError, paste::Mistake};

/// Returns every kind of alarm. The match does not compile when a kind is missing.
fn alarms() -> Vec<Alarm> {
    let all = vec![
        Alarm::BelowSheet { sheet: 8, offered: 5 },
        Alarm::Fork { mine: 8, offered: 9 },
        Alarm::LocalCopy,
        Alarm::Rollback { mine: 8, offered: 5 },
        Alarm::Tampered { offered: 9 },
        Alarm::TooNew,
    ];
    for (at, alarm) in all.iter().enumerate() {
        let index = match alarm {
            Alarm::BelowSheet { .. } => 0,
            Alarm::Fork { .. } => 1,
            Alarm::LocalCopy => 2,
            Alarm::Rollback { .. } => 3,
            Alarm::Tampered { .. } => 4,
            Alarm::TooNew => 5,
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
        Failure::Confused,
        Failure::EarlierNotMade,
        Failure::Forbidden,
        Failure::GroupsRejected,
        Failure::InviteRejected,
        Failure::LabelRejected,
        Failure::LastWays,
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
    ];
    for (at, failure) in all.iter().enumerate() {
        let index = match failure {
            Failure::Alarm(_)
            | Failure::CodeRejected(_)
            | Failure::FieldRejected(_)
            | Failure::PhraseRejected(_) => {
                continue;
            }
            Failure::AnotherTab => 0,
            Failure::Cancelled => 1,
            Failure::Changed => 2,
            Failure::CodeUnknown => 3,
            Failure::Confused => 4,
            Failure::EarlierNotMade => 5,
            Failure::Forbidden => 6,
            Failure::GroupsRejected => 7,
            Failure::InviteRejected => 8,
            Failure::LabelRejected => 9,
            Failure::LastWays => 10,
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
        };
        assert_eq!(at, index);
    }
    all.extend(alarms().into_iter().map(Failure::Alarm));
    all.extend([Field::ApiKey, Field::ApiSecret, Field::Passphrase].map(Failure::FieldRejected));
    all.extend(code_problems().map(Failure::CodeRejected));
    let phrases =
        [PhraseProblem::Checksum, PhraseProblem::Count { found: 11 }, PhraseProblem::Word { position: 3 }];
    all.extend(phrases.map(Failure::PhraseRejected));
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
fn is_calm(text: &str) -> bool {
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
fn every_state_reason_touch_and_mistake_has_words() {
    for reason in [LockReason::Asked, LockReason::Ended, LockReason::Idle, LockReason::OtherTab] {
        assert!(is_calm(&unlock::locked(reason, 15)), "{reason:?}");
    }
    for sync in [SyncState::Waiting, SyncState::Offline, SyncState::SignedOut] {
        assert!(state::sync(sync).is_some_and(is_calm), "{sync:?}");
    }
    assert_eq!(state::sync(SyncState::Synced), None);
    for touch in [
        Touch::Create,
        Touch::Again,
        Touch::Confirm,
        Touch::NewPasskey,
        Touch::NextPasskey,
        Touch::Wallet,
        Touch::Unlock,
        Touch::Renew,
    ] {
        assert!(is_calm(ceremony::device_prompt(touch)), "{touch:?}");
    }
    assert_ne!(
        ceremony::click_prompt(Touch::Again).button,
        ceremony::click_prompt(Touch::NextPasskey).button
    );
    for error in [StartError::Altered, StartError::Failed, StartError::Unreachable] {
        assert!(is_calm(state::start_text(error)) && !state::start_heading(error).is_empty(), "{error:?}");
    }
    for seen in [Mistake::CutOff, Mistake::PrivateKeyAsApiKey, Mistake::Swapped] {
        assert!(is_calm(form::mistake(seen)), "{seen:?}");
    }
}

#[test]
fn numbers_have_their_grammar() {
    assert_eq!(vault::count(1), "1 key");
    assert_eq!(vault::count(10_000), "10,000 keys");
    assert_eq!(vault::count(1_002_003), "1,002,003 keys");
    assert_eq!(vault::found(0, "okx"), "No key matches “okx”.");
    assert_eq!(
        detail::delete("Binance main"),
        "Delete Binance main: the key goes to the trash on all your devices and is deleted for good after 30 days."
    );
}

#[test]
fn ways_and_times_have_their_grammar() {
    assert_eq!(sign_in_methods::count(0), "1 of 2 ways in");
    assert_eq!(sign_in_methods::count(2), "2 of 2 ways in");
    assert_eq!(sign_in_methods::count(3), "3 ways in, at least 2 are kept");
    assert_eq!(sign_in_methods::passkeys(1), "One passkey");
    assert_eq!(sign_in_methods::remove("Phone"), "Remove Phone: it stops being a way into this vault.");
    assert_eq!(settings::minutes(1), "1 minute");
    assert_eq!(settings::minutes(30), "30 minutes");
    assert_eq!(settings::minutes(60), "1 hour");
}

#[test]
fn the_sheet_as_a_file_says_all_that_the_paper_says() {
    let file = sheet::file(&sheet::Paper {
        vault: "Desk of Ada",
        made: "22 Nov 2026",
        address: "https://vault.example/recover",
        code: "R1AB-CDEF",
        change: 812,
        fingerprint: "0123 4567",
    });
    for part in
        ["Desk of Ada", "22 Nov 2026", "https://vault.example/recover", "R1AB-CDEF", "812", "0123 4567"]
    {
        assert!(file.contains(part), "{part}");
    }
    assert!(file.contains(sheet::IS_A_KEY) && file.contains(sheet::WHERE_NOT_TEXT));
}

#[test]
fn every_unlock_message_is_calm() {
    for word in ["deleted", "forgotten", "logged-out", "not-forgotten", "session-stays"] {
        assert!(unlock::arrival_message(word).is_some_and(is_calm), "{word}");
    }
    assert_eq!(unlock::arrival_message("anything"), None);
}

#[test]
fn every_promise_has_its_proof() {
    for (name, text, proof) in about::PROMISE_LIST {
        assert!(!name.is_empty() && is_calm(text) && is_calm(proof), "{name}");
    }
    assert!(about::LIMIT_LIST.into_iter().all(is_calm));
}
