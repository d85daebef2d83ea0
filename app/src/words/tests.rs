use crystallum_messages::{Alarm, Exchange, Failure, Field, LockReason, SyncState, Touch};

use super::*;
use crate::{engine::NotStarted, paste::Mistake};

/// Every kind of alarm. The match makes a new kind without an entry here fail to compile.
fn alarms() -> Vec<Alarm> {
    let all = vec![
        Alarm::Fork { mine: 8, offered: 9 },
        Alarm::LocalCopy,
        Alarm::Rollback { mine: 8, offered: 5 },
        Alarm::Tampered { offered: 9 },
        Alarm::TooNew,
    ];
    for (at, alarm) in all.iter().enumerate() {
        let place = match alarm {
            Alarm::Fork { .. } => 0,
            Alarm::LocalCopy => 1,
            Alarm::Rollback { .. } => 2,
            Alarm::Tampered { .. } => 3,
            Alarm::TooNew => 4,
        };
        assert_eq!(at, place);
    }
    all
}

/// Every code of failure, likewise.
fn failures() -> Vec<Failure> {
    let mut all = vec![
        Failure::AnotherTab,
        Failure::Cancelled,
        Failure::Changed,
        Failure::Confused,
        Failure::Forbidden,
        Failure::InviteRejected,
        Failure::LabelRejected,
        Failure::Locked,
        Failure::NameRejected,
        Failure::NoSuchRecord,
        Failure::NoSuchVault,
        Failure::NoteRejected,
        Failure::PrfMissing,
        Failure::QuotaExceeded,
        Failure::RateLimited { seconds: 30 },
        Failure::Refused,
        Failure::SessionExpired,
        Failure::SignUpClosed,
        Failure::Stale,
        Failure::StorageFailed,
        Failure::StrangeAnswer,
        Failure::Unreachable,
        Failure::Unsupported,
        Failure::WaitingForServer,
        Failure::WrongPasskey,
    ];
    for (at, failure) in all.iter().enumerate() {
        let place = match failure {
            Failure::Alarm(_) | Failure::FieldRejected(_) => continue,
            Failure::AnotherTab => 0,
            Failure::Cancelled => 1,
            Failure::Changed => 2,
            Failure::Confused => 3,
            Failure::Forbidden => 4,
            Failure::InviteRejected => 5,
            Failure::LabelRejected => 6,
            Failure::Locked => 7,
            Failure::NameRejected => 8,
            Failure::NoSuchRecord => 9,
            Failure::NoSuchVault => 10,
            Failure::NoteRejected => 11,
            Failure::PrfMissing => 12,
            Failure::QuotaExceeded => 13,
            Failure::RateLimited { .. } => 14,
            Failure::Refused => 15,
            Failure::SessionExpired => 16,
            Failure::SignUpClosed => 17,
            Failure::Stale => 18,
            Failure::StorageFailed => 19,
            Failure::StrangeAnswer => 20,
            Failure::Unreachable => 21,
            Failure::Unsupported => 22,
            Failure::WaitingForServer => 23,
            Failure::WrongPasskey => 24,
        };
        assert_eq!(at, place);
    }
    all.extend(alarms().into_iter().map(Failure::Alarm));
    all.extend([Field::ApiKey, Field::ApiSecret, Field::Passphrase].map(Failure::FieldRejected));
    all
}

/// A sentence as people can bear it when something went wrong.
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
        let told = failure(&code);
        for part in [&told.what, &told.kept, &told.next] {
            // A failure may begin with the name of a screen, which has no full stop.
            assert!(is_calm(&format!("{}.", part.trim_end_matches('.'))), "{code:?}: {part}");
        }
    }
}

#[test]
fn every_alarm_has_its_screen_and_its_evidence() {
    for kind in alarms() {
        let told = alarm::told(&kind);
        for part in [&told.what, &told.kept, &told.next] {
            assert!(is_calm(part), "{kind:?}: {part}");
        }
        assert!(!alarm::heading(&kind).is_empty());
        let file =
            alarm::evidence(&kind, "2026-11-22T07:00:00Z", "https://vault.example", "a browser", "0.1.0");
        assert!(
            file.contains("kind: ") && file.contains("https://vault.example") && file.contains(&*told.what)
        );
    }
    let file = alarm::evidence(&Alarm::Rollback { mine: 812, offered: 54 }, "", "", "", "");
    assert!(file.contains("812") && file.contains("54"));
}

#[test]
fn no_two_failures_read_alike() {
    let mut told: Vec<_> = failures().iter().map(|code| failure(code).what).collect();
    let all = told.len();
    told.sort();
    told.dedup();
    assert_eq!(told.len(), all);
}

#[test]
fn every_state_reason_touch_and_mistake_has_words() {
    for reason in [LockReason::Asked, LockReason::Ended, LockReason::Idle, LockReason::OtherTab] {
        assert!(is_calm(unlock::locked(reason)), "{reason:?}");
    }
    for told in [SyncState::Waiting, SyncState::Offline, SyncState::SignedOut] {
        assert!(state::sync(told).is_some_and(is_calm), "{told:?}");
    }
    assert_eq!(state::sync(SyncState::Synced), None);
    for touched in [Touch::Create, Touch::Again, Touch::Unlock, Touch::Renew] {
        assert!(is_calm(touch::asking(touched)), "{touched:?}");
    }
    for why in [NotStarted::Altered, NotStarted::Failed, NotStarted::Unreachable] {
        assert!(is_calm(state::start_text(why)) && !state::start_heading(why).is_empty(), "{why:?}");
    }
    for seen in [Mistake::CutOff, Mistake::PrivateKeyAsApiKey, Mistake::Swapped] {
        assert!(is_calm(form::mistake(seen)), "{seen:?}");
    }
}

#[test]
fn every_exchange_says_where_its_key_is_and_what_it_should_do() {
    for exchange in Exchange::ALL {
        let guide = exchange::guide(exchange);
        for text in [guide.place, guide.give, guide.leave, guide.api_secret, guide.passphrase] {
            assert!(!text.is_empty() && !text.contains('!'), "{exchange:?}");
        }
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
        "Delete Binance main: the key is removed from all your devices."
    );
}
