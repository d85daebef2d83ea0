//! The trash, and earlier versions of a secret.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use crystallum_messages::{Exchange, Failure, KeyEdit, RecordId, Refusal, SyncState, TrashKind, session};
use crystallum_system_tests::{Device, credentials, draft};
use crystallum_test_support::{Fault, PHRASE, Passkeys, Server};

const DAY: u64 = 24 * 60 * 60 * 1_000;

async fn vault(server: &Server, passkeys: &Passkeys) -> (Device, RecordId) {
    let mut laptop = Device::new(server, passkeys);
    laptop.create("My vault").await.unwrap();
    let key = draft(Exchange::Kraken, "Rainy day", "note", credentials("api-key-0001", "secret one"));
    let id = laptop.add(key).await.unwrap().id;
    (laptop, id)
}

async fn replace(device: &mut Device, id: RecordId, number: u32) {
    let base = device.open(id).await.unwrap().version;
    let credentials = Some(credentials(&format!("api-key-{number:04}"), &format!("secret {number}")));
    device.edit(KeyEdit { id, base, label: None, note: None, credentials }).await.unwrap();
}

#[tokio::test]
async fn a_deleted_record_is_restored_from_the_trash() {
    let server = Server::start();
    let passkeys = Passkeys::default();
    let (mut laptop, id) = vault(&server, &passkeys).await;
    let mut phone = Device::new(&server, &passkeys);
    phone.unlock_any().await.unwrap();
    assert_eq!(laptop.delete(id).await.unwrap().sync, SyncState::Synced);
    assert!(laptop.list().await.unwrap().is_empty());
    assert_eq!(laptop.reveal(id).await, Err(Failure::NoSuchRecord), "the trash reveals nothing");
    let row = laptop.trash().await.unwrap().remove(0);
    assert_eq!((row.id, row.label.as_str(), row.kind), (id, "Rainy day", TrashKind::Key(Exchange::Kraken)));
    assert_eq!(row.until - row.since, 30 * DAY);
    phone.sync().await.unwrap();
    assert_eq!(phone.trash().await.unwrap(), [row]);
    assert_eq!(phone.restore(id).await.unwrap().id, id);
    assert_eq!(phone.reveal(id).await.unwrap(), credentials("api-key-0001", "secret one"));
    laptop.sync().await.unwrap();
    assert_eq!(laptop.list().await.unwrap()[0].label, "Rainy day");
    assert!(laptop.trash().await.unwrap().is_empty());
}

#[tokio::test]
async fn the_trash_is_emptied_after_thirty_days_and_not_before() {
    let server = Server::start();
    let (mut laptop, id) = vault(&server, &Passkeys::default()).await;
    let wallet = laptop.add_wallet("Cold", PHRASE, 2, 3).await.unwrap().id;
    laptop.delete(id).await.unwrap();
    laptop.delete(wallet).await.unwrap();
    assert_eq!(laptop.rebuild(wallet).await.err(), Some(Failure::NoSuchRecord));
    laptop.clock.advance(29 * DAY);
    let mut laptop = laptop.lock().await;
    laptop.unlock().await.unwrap();
    assert_eq!(laptop.trash().await.unwrap().len(), 2);
    laptop.clock.advance(DAY);
    let mut laptop = laptop.lock().await;
    laptop.unlock().await.unwrap();
    assert!(laptop.trash().await.unwrap().is_empty());
    assert_eq!(server.rows("leaves WHERE kind = 2").await, 2);
    assert_eq!(laptop.restore(id).await.err(), Some(Failure::NoSuchRecord));
}

#[tokio::test]
async fn a_wallet_comes_back_from_the_trash_with_its_shares() {
    let server = Server::start();
    let (mut laptop, _) = vault(&server, &Passkeys::default()).await;
    let wallet = laptop.add_wallet("Cold", PHRASE, 2, 3).await.unwrap().id;
    laptop.delete(wallet).await.unwrap();
    assert!(laptop.wallets().await.unwrap().is_empty());
    laptop.restore(wallet).await.unwrap();
    assert_eq!(laptop.rebuild(wallet).await.unwrap().phrase.expose(), PHRASE);
    laptop.delete(wallet).await.unwrap();
    let touches = laptop.authenticator.touches();
    laptop.authenticator.refuse_touch(1, Refusal::Cancelled);
    assert_eq!(laptop.purge(wallet).await.err(), Some(Failure::Cancelled), "a phrase goes only by a touch");
    assert_eq!(laptop.trash().await.unwrap().len(), 1);
    laptop.purge(wallet).await.unwrap();
    assert_eq!(laptop.authenticator.touches(), touches + 2);
    let forgotten = laptop.network.calls().into_iter().filter(|call| call.request.path.ends_with("/delete"));
    let forgotten = forgotten.filter(|call| call.answer.as_ref().is_some_and(|answer| answer.status == 204));
    assert_eq!(forgotten.count(), 3, "every store was told, and did");
    assert!(laptop.trash().await.unwrap().is_empty());
    assert_eq!(laptop.restore(wallet).await.err(), Some(Failure::NoSuchRecord));
}

#[tokio::test]
async fn earlier_secrets_are_shown_and_used_again() {
    let server = Server::start();
    let passkeys = Passkeys::default();
    let (mut laptop, id) = vault(&server, &passkeys).await;
    assert_eq!(laptop.versions(id).await.unwrap().len(), 1);
    for number in 2..=3 {
        replace(&mut laptop, id, number).await;
    }
    laptop.rename(id, "Another label").await.unwrap();
    let mut phone = Device::new(&server, &passkeys);
    phone.unlock_any().await.unwrap();
    let laptop = laptop.lock().await;
    let mut laptop = laptop;
    laptop.unlock().await.unwrap();
    for device in [&mut laptop, &mut phone] {
        let versions = device.versions(id).await.unwrap();
        let seen: Vec<_> = versions.iter().map(|version| (version.number, version.current)).collect();
        assert_eq!(seen, [(3, true), (2, false), (1, false)]);
        // A device that joined later knows the times of what it has seen.
        let times: Vec<u64> = versions.iter().filter_map(|version| version.time).collect();
        assert!(times.windows(2).all(|pair| pair[0] > pair[1]), "{times:?}");
        assert!(times.len() == 3 || (times.len() == 1 && versions[0].time.is_some()), "{times:?}");
        let one = device.reveal_version(id, 1).await.unwrap();
        assert_eq!(one, credentials("api-key-0001", "secret one"));
        assert_eq!(device.reveal_version(id, 2).await.unwrap(), credentials("api-key-0002", "secret 2"));
        assert_eq!(device.reveal_version(id, 9).await, Err(Failure::NoSuchVersion));
    }
    laptop.restore_version(id, 1).await.unwrap();
    assert_eq!(laptop.reveal(id).await.unwrap(), credentials("api-key-0001", "secret one"));
    assert_eq!(laptop.versions(id).await.unwrap()[0].number, 4);
    laptop.network.set_offline(true);
    assert_eq!(laptop.reveal_version(id, 2).await, Err(Failure::Unreachable));
    assert!(laptop.reveal_version(id, 4).await.is_ok(), "the one in use is on this device");
}

/// Attacks T13, T61 of `tests/ATTACKS.md`.
#[tokio::test]
async fn another_version_than_was_asked_for_is_refused() {
    let server = Server::start();
    let (mut laptop, id) = vault(&server, &Passkeys::default()).await;
    for number in 2..=3 {
        replace(&mut laptop, id, number).await;
    }
    let other = laptop
        .add(draft(Exchange::Gate, "Other", "", credentials("other-key-01", "other")))
        .await
        .unwrap()
        .id;
    replace(&mut laptop, other, 2).await;
    let path = |id: RecordId, version: u64| {
        format!("/api/records/{}/secrets/{version}", data_encoding::BASE64URL_NOPAD.encode(&id.0))
    };
    for lie in [path(id, 2), path(other, 1)] {
        laptop.network.once(&path(id, 1), Fault::swap(move |request| request.path.clone_from(&lie)));
        assert_eq!(laptop.reveal_version(id, 1).await, Err(Failure::StrangeAnswer));
    }
    laptop.network.once(&path(id, 1), Fault::tamper(|part| part["blob"] = serde_json::json!("AAAA")));
    assert_eq!(laptop.reveal_version(id, 1).await, Err(Failure::StrangeAnswer));
    assert!(laptop.reveal_version(id, 1).await.is_ok());
}

#[tokio::test]
async fn a_full_server_still_allows_purging_a_key() {
    let server = Server::with(&["--quota-bytes", "12000"]);
    let (mut laptop, id) = vault(&server, &Passkeys::default()).await;
    let full = loop {
        if let Err(failure) = laptop.rename(id, "Again and again").await {
            break failure;
        }
    };
    assert_eq!(full, Failure::QuotaExceeded);
    assert_eq!(laptop.delete(id).await.err(), Some(Failure::QuotaExceeded));
    assert_eq!(laptop.purge(id).await.unwrap().sync, SyncState::Synced);
    assert!(laptop.list().await.unwrap().is_empty());
    laptop.done(session::Command::Sync).await.unwrap();
}
