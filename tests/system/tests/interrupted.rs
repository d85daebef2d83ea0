//! A bad network, an ended session, an exceeded quota and a failing disk each lead to a clear
//! error, and nothing is lost.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use crystallum_messages::{
    CeremonyReason, Credentials, Event, Exchange, Failure, Field, KeyDraft, Purpose, RecordId, Refusal,
    SecretText, SignUp, SyncState, entry, session,
};
use crystallum_system_tests::{Device, credentials, draft};
use crystallum_test_support::{Fault, Passkeys, Server};
use serde_json::json;

fn key(label: &str) -> KeyDraft {
    let passphrase = Some(SecretText::new("a passphrase".to_owned()));
    let credentials = Credentials { passphrase, ..credentials("key-of-a-bad-day", "secret of a bad day") };
    draft(Exchange::Bitget, label, "", credentials)
}

async fn vault(server: &Server) -> Device {
    let mut device = Device::new(server, &Passkeys::default());
    device.create("My vault").await.unwrap();
    device
}

fn commits(device: &Device) -> Vec<Vec<u8>> {
    let calls = device.network.calls().into_iter().filter(|call| call.request.path == "/api/commit");
    calls.map(|call| call.request.body.unwrap()).collect()
}

/// Attack T50 of `tests/ATTACKS.md`.
#[tokio::test]
async fn an_answer_lost_after_a_commit_makes_one_record_and_no_conflict() {
    let server = Server::start();
    let mut device = vault(&server).await;
    device.network.once("/api/commit", Fault::AnswerLost);
    let saved = device.add(key("Once")).await.unwrap();
    assert_eq!(saved.sync, SyncState::Synced);
    let sent = commits(&device);
    assert_eq!(sent.len(), 2);
    assert_eq!(sent[0], sent[1], "the same bytes again");
    assert_eq!((server.rows("commits").await, server.rows("parts").await), (2, 6));
    device.sync().await.unwrap();
    assert_eq!(device.list().await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_answer_lost_twice_is_found_by_the_next_sync() {
    let server = Server::start();
    let mut device = vault(&server).await;
    device.network.always("/api/commit", Fault::AnswerLost);
    let saved = device.add(key("Twice")).await.unwrap();
    assert_eq!(saved.sync, SyncState::Waiting);
    device.network.heal();
    device.sync().await.unwrap();
    assert!(device.events().contains(&Event::Sync(SyncState::Synced)));
    let rows = device.list().await.unwrap();
    assert_eq!(rows.iter().map(|row| row.id).collect::<Vec<_>>(), [saved.id]);
    assert_eq!((server.rows("commits").await, server.rows("parts").await), (2, 6));
    assert_eq!(device.rename(saved.id, "Again").await.unwrap().sync, SyncState::Synced);
}

/// Attack T50 of `tests/ATTACKS.md`.
#[tokio::test]
async fn an_answer_lost_in_a_crash_of_the_server_and_of_the_app_is_found_too() {
    let mut server = Server::start();
    let mut device = vault(&server).await;
    device.network.always("/api/commit", Fault::AnswerLost);
    let saved = device.add(key("Crash")).await.unwrap();
    server = server.crash_and_restart();
    let mut device = device.reopened();
    device.network.heal();
    let opened = device.unlock().await.unwrap();
    assert_eq!((opened.change, opened.records, opened.sync), (2, 1, SyncState::Synced));
    assert_eq!(device.list().await.unwrap()[0].id, saved.id);
    assert_eq!(server.rows("commits").await, 2);
}

#[tokio::test]
async fn lost_answers_of_an_edit_and_a_deletion_are_harmless() {
    let server = Server::start();
    let mut device = vault(&server).await;
    let id = device.add(key("First")).await.unwrap().id;
    device.network.once("/api/commit", Fault::AnswerLost);
    let saved = device.rename(id, "Second").await.unwrap();
    assert_eq!((saved.id, saved.sync), (id, SyncState::Synced));
    device.network.once("/api/commit", Fault::AnswerLost);
    assert_eq!(device.delete(id).await.unwrap().sync, SyncState::Synced);
    device.network.once("/api/commit", Fault::AnswerLost);
    assert_eq!(device.purge(id).await.unwrap().sync, SyncState::Synced);
    assert!(device.network.heal());
    assert!(device.list().await.unwrap().is_empty());
    assert_eq!((server.rows("commits").await, server.rows("leaves WHERE kind = 2").await), (5, 1));
}

/// Attack T76 of `tests/ATTACKS.md`.
#[tokio::test]
async fn html_in_the_middle_of_a_save_loses_nothing() {
    for fault in [Fault::Html, Fault::NotSent, Fault::Truncated] {
        let server = Server::start();
        let mut device = vault(&server).await;
        device.network.once("/api/commit", fault.clone());
        assert_eq!(device.add(key("Once")).await.unwrap().sync, SyncState::Synced, "{fault:?}");
        device.network.always("/api/commit", fault.clone());
        let saved = device.add(key("Always")).await.unwrap();
        assert_eq!(saved.sync, SyncState::Waiting, "{fault:?}");
        assert_eq!(device.list().await.unwrap().len(), 2, "what waits is shown");
        assert_eq!(device.add(key("Third")).await.err(), Some(Failure::WaitingForServer), "{fault:?}");
        device.network.heal();
        device.sync().await.unwrap();
        assert_eq!(device.add(key("Third")).await.unwrap().sync, SyncState::Synced, "{fault:?}");
        assert_eq!(server.rows("parts").await, 10, "{fault:?}: the profile, the device and three keys");
    }
}

#[tokio::test]
async fn a_hanging_save_ends_when_the_network_recovers() {
    let server = Server::start();
    let mut device = vault(&server).await;
    let (fault, release) = Fault::hold();
    device.network.once("/api/commit", fault);
    let network = device.network.clone();
    let (saved, ()) = tokio::join!(device.add(key("Slow")), async {
        assert_eq!(network.count("/api/commit"), 0, "it has not been answered");
        release.notify_one();
    });
    assert_eq!(saved.unwrap().sync, SyncState::Synced);
}

#[tokio::test]
async fn creating_a_vault_survives_a_bad_network() {
    for fault in [Fault::AnswerLost, Fault::Html, Fault::NotSent, Fault::Truncated] {
        let server = Server::start();
        let wallet = Passkeys::default();
        let mut device = Device::new(&server, &wallet);
        device.network.always("/api/accounts", fault.clone());
        let failed = device.create("My vault").await.err();
        assert!(
            matches!(failed, Some(Failure::Unreachable | Failure::StrangeAnswer)),
            "{fault:?}: {failed:?}"
        );
        assert_eq!(device.list().await, Err(Failure::Locked));
        device.network.heal();
        device.create("My vault").await.unwrap();
        let made = (wallet.len(), server.rows("accounts").await, device.authenticator.touches());
        assert_eq!(made, (1, 1, 1), "{fault:?}: one passkey, one account, one touch");
        device.add(key("Works")).await.unwrap();
    }
}

#[tokio::test]
async fn joining_survives_a_bad_network() {
    let server = Server::start();
    let wallet = Passkeys::default();
    Device::new(&server, &wallet).create("My vault").await.unwrap();
    for fault in [Fault::AnswerLost, Fault::Html, Fault::NotSent] {
        let mut clean = Device::new(&server, &wallet);
        clean.meet().await.unwrap();
        clean.network.always("/api/commit", fault.clone());
        let failed = clean.accept().await.err();
        assert!(
            matches!(failed, Some(Failure::Unreachable | Failure::StrangeAnswer)),
            "{fault:?}: {failed:?}"
        );
        clean.network.heal();
        clean.accept().await.unwrap();
        assert_eq!(clean.add(key("Works")).await.unwrap().sync, SyncState::Synced, "{fault:?}");
    }
    assert_eq!(server.rows("leaves WHERE kind IN (3, 4)").await, 8, "four keyslots, four devices");
}

#[tokio::test]
async fn an_expired_session_is_renewed_in_place_and_the_same_edit_works() {
    let server = Server::start();
    let mut device = vault(&server).await;
    let id = device.add(key("Before")).await.unwrap().id;
    device.network.browser().send("POST", "/api/logout", None).await.unwrap();
    assert_eq!(device.rename(id, "After").await.err(), Some(Failure::SessionExpired));
    assert!(device.events().contains(&Event::Sync(SyncState::SignedOut)));
    assert_eq!(device.list().await.unwrap()[0].label, "Before");
    device.authenticator.refuse_touch(1, Refusal::Cancelled);
    assert_eq!(device.done(session::Command::Renew).await, Err(Failure::Cancelled));
    assert_eq!(device.list().await.unwrap().len(), 1, "the vault stays open");
    device.done(session::Command::Renew).await.unwrap();
    let asked = device.authenticator.asked();
    let renewal = asked.last().unwrap();
    assert_eq!((renewal.reason, renewal.prf_first.is_some()), (CeremonyReason::Renew, false));
    assert_eq!(device.rename(id, "After").await.unwrap().sync, SyncState::Synced);
    assert_eq!(device.list().await.unwrap()[0].label, "After");
}

#[tokio::test]
async fn a_session_that_ends_during_a_save_leaves_the_change_waiting() {
    let server = Server::start();
    let mut device = vault(&server).await;
    device.network.once("/api/commit", Fault::forge(401, &json!({ "code": "session_expired" })));
    let saved = device.add(key("Waits")).await.unwrap();
    assert_eq!(saved.sync, SyncState::SignedOut);
    assert_eq!(server.rows("parts").await, 4);
    device.done(session::Command::Renew).await.unwrap();
    assert_eq!(server.rows("parts").await, 6);
    assert_eq!(device.list().await.unwrap().len(), 1);
}

#[tokio::test]
async fn a_change_that_is_not_sent_after_signing_in_again_is_never_said_to_be() {
    let server = Server::start();
    let mut device = vault(&server).await;
    device.network.once("/api/commit", Fault::forge(401, &json!({ "code": "session_expired" })));
    assert_eq!(device.add(key("Waits")).await.unwrap().sync, SyncState::SignedOut);
    drop(device.events());
    device.network.always("/api/commit", Fault::NotSent);
    device.done(session::Command::Renew).await.unwrap();
    let events = device.events();
    let said: Vec<_> = events.iter().filter(|event| matches!(event, Event::Sync(_))).collect();
    assert_eq!(said, [&Event::Sync(SyncState::Waiting)]);
    device.network.heal();
    device.sync().await.unwrap();
    assert_eq!(server.rows("parts").await, 6);
}

#[tokio::test]
async fn another_accounts_session_is_not_used_for_this_vault() {
    let server = Server::start();
    let mut mine = vault(&server).await;
    let id = mine.add(key("Mine")).await.unwrap().id;
    let theirs = vault(&server).await;
    mine.network.browser().set_cookie(theirs.network.browser().cookie());
    assert_eq!(mine.rename(id, "Changed").await.err(), Some(Failure::SessionExpired));
    assert_eq!(server.rows("commits").await, 3);
    mine.done(session::Command::Renew).await.unwrap();
    assert_eq!(mine.rename(id, "Changed").await.unwrap().sync, SyncState::Synced);
}

#[tokio::test]
async fn a_stale_challenge_is_reported_and_the_next_try_works() {
    let mut server = Server::start();
    let device = vault(&server).await;
    let mut device = device.lock().await;
    device.done(entry::Command::Prepare(Purpose::Unlock)).await.unwrap();
    server = server.restart();
    let vault = device.hello().await.unwrap().vaults[0].id;
    let clean = device.profile.disk.snapshot();
    device.profile.disk.restore(std::collections::BTreeMap::default());
    assert_eq!(device.unlock().await.err(), Some(Failure::Stale));
    device.profile.disk.restore(clean);
    assert_eq!(device.unlock().await.unwrap().id, vault);

    // One that is too old by this device's clock is not used at all.
    let mut device = device.lock().await;
    device.done(entry::Command::Prepare(Purpose::Unlock)).await.unwrap();
    device.clock.advance(300_000);
    let before = device.network.count("/api/login/challenge");
    device.unlock().await.unwrap();
    assert_eq!(device.network.count("/api/login/challenge"), before + 1);
    assert_eq!(server.rows("accounts").await, 1);
}

#[tokio::test]
async fn a_full_server_is_reported_before_anything_is_signed() {
    let server = Server::with(&["--quota-records", "3"]);
    let mut device = vault(&server).await;
    let id = device.add(key("Fits")).await.unwrap().id;
    assert_eq!(device.add(key("Too many")).await.err(), Some(Failure::QuotaExceeded));
    assert_eq!(device.list().await.unwrap().len(), 1);
    assert_eq!(commits(&device).len(), 1);
    assert_eq!(device.rename(id, "Still editable").await.unwrap().sync, SyncState::Synced);
    device.erase(id).await.unwrap();
    assert_eq!(device.add(key("Fits again")).await.unwrap().sync, SyncState::Synced);

    let server = Server::with(&["--quota-bytes", "14000"]);
    let mut device = vault(&server).await;
    let mut full = None;
    for number in 0..10 {
        match device.add(key(&format!("Key {number}"))).await {
            Ok(saved) => assert_eq!(saved.sync, SyncState::Synced),
            Err(failure) => full = full.or(Some(failure)),
        }
    }
    assert_eq!(full, Some(Failure::QuotaExceeded));
    device.sync().await.unwrap();
    let rows = device.list().await.unwrap();
    let id = rows[0].id;
    assert_eq!(server.rows("parts").await, i64::try_from(4 + 2 * rows.len()).unwrap());
    assert!(device.reveal(id).await.is_ok());
}

#[tokio::test]
async fn rate_limits_report_when_to_try_again() {
    let server = Server::start();
    let passkeys = Passkeys::default();
    let mut device = Device::new(&server, &passkeys);
    device.create("My vault").await.unwrap();
    let full = || Fault::forge(429, &json!({ "code": "rate_limited", "retry_after": 30 }));
    for path in ["/api/login/challenge", "/api/session"] {
        device.network.once(path, full());
    }
    let limited = Failure::RateLimited { seconds: 30 };
    assert_eq!(device.done(entry::Command::Prepare(Purpose::Unlock)).await, Err(limited.clone()));
    assert_eq!(device.add(key("Later")).await.unwrap_err(), limited);
    assert!(device.list().await.unwrap().is_empty(), "the open vault goes on");
    device.add(key("Now")).await.unwrap();
    // A device that does not know the vault has nothing to open until it was fetched.
    let mut laptop = Device::new(&server, &passkeys);
    laptop.network.once("/api/state", full());
    let opened = laptop.run(entry::Command::Unlock { vault: None }).await;
    assert_eq!(opened.unwrap_err(), limited);
}

#[tokio::test]
async fn closed_sign_up_is_reported_before_a_passkey_is_created() {
    let server = Server::with(&["--sign-up", "closed"]);
    let wallet = Passkeys::default();
    let mut device = Device::new(&server, &wallet);
    assert_eq!(device.sign_up().await, Ok(Some(SignUp::Closed)));
    assert_eq!(device.create("My vault").await.err(), Some(Failure::SignUpClosed));
    assert!(wallet.is_empty());

    let server = Server::with(&["--sign-up", "invite"]);
    let mut device = Device::new(&server, &wallet);
    let create = |invite: Option<String>| entry::Command::Create { name: "My vault".to_owned(), invite };
    assert_eq!(device.run(create(None)).await.err(), Some(Failure::InviteRejected));
    assert_eq!(device.run(create(Some("WRONG".to_owned()))).await.err(), Some(Failure::InviteRejected));
    let code = server.invite();
    device.run(create(Some(code.clone()))).await.unwrap();
    let mut other = Device::new(&server, &Passkeys::default());
    assert_eq!(other.run(create(Some(code))).await.err(), Some(Failure::InviteRejected), "it counts once");
    assert_eq!(server.rows("accounts").await, 1);
}

#[tokio::test]
async fn fields_of_a_wrong_length_are_refused_before_anything_is_sent() {
    let server = Server::start();
    let mut device = Device::new(&server, &Passkeys::default());
    for name in [String::new(), "   ".to_owned(), "x".repeat(65)] {
        assert_eq!(device.create(&name).await.err(), Some(Failure::NameRejected), "{name}");
    }
    assert_eq!(device.authenticator.touches(), 0);
    device.create("My vault").await.unwrap();
    let before = device.network.calls().len();
    let with = |label: &str, note: &str, api_key: &str, secret: &str| {
        draft(Exchange::Kraken, label, note, credentials(api_key, secret))
    };
    for (draft, failure) in [
        (with("", "", "key", "secret"), Failure::LabelRejected),
        (with(&"x".repeat(65), "", "key", "secret"), Failure::LabelRejected),
        (with("Label", &"x".repeat(1201), "key", "secret"), Failure::NoteRejected),
        (with("Label", "", "", "secret"), Failure::FieldRejected(Field::ApiKey)),
        (with("Label", "", "key", ""), Failure::FieldRejected(Field::ApiSecret)),
        (with("Label", "", "key", &"x".repeat(5001)), Failure::FieldRejected(Field::ApiSecret)),
    ] {
        assert_eq!(device.add(draft).await.err(), Some(failure));
    }
    assert_eq!(device.network.calls().len(), before);
    assert_eq!(device.open(RecordId([7; 16])).await.err(), Some(Failure::NoSuchRecord));
    assert_eq!(device.reveal(RecordId([7; 16])).await.err(), Some(Failure::NoSuchRecord));
    assert_eq!(device.rename(RecordId([7; 16]), "x").await.err(), Some(Failure::NoSuchRecord));
    assert_eq!(device.delete(RecordId([7; 16])).await.err(), Some(Failure::NoSuchRecord));
    assert_eq!(commits(&device).len(), 0);
}

#[tokio::test]
async fn a_failing_disk_is_reported_and_nothing_unstored_is_sent() {
    let server = Server::start();
    let mut device = vault(&server).await;
    device.profile.disk.fail_write(1);
    assert_eq!(device.add(key("Lost")).await.err(), Some(Failure::StorageFailed));
    assert_eq!(commits(&device).len(), 0);
    assert!(device.list().await.unwrap().is_empty());
    assert_eq!(device.add(key("Kept")).await.unwrap().sync, SyncState::Synced);
}
