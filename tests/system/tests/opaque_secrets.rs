//! A record whose secret this version cannot read: it is kept, is not edited, can be deleted, and
//! stops nothing.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use crystallum_api::{Change, Commit, Id, Part};
use crystallum_messages::{
    Alarm, Event, Exchange, Failure, ImpossibleState, KeyDraft, KeyEdit, RecordId, Reply, SyncState, keys,
};
use crystallum_system_tests::{Device, credentials, draft, successor};
use crystallum_test_support::{Passkeys, Server};

const WRITE: u8 = 2;
const UNREADABLE: Failure = Failure::Impossible(ImpossibleState::RecordUnreadable);

fn key(label: &str) -> KeyDraft {
    draft(Exchange::Kraken, label, "", credentials("api-key-4711", "a secret"))
}

fn alarms(device: &Device) -> Vec<Alarm> {
    let alarm = |event| match event {
        Event::Alarm(alarm) => Some(alarm),
        _ => None,
    };
    device.events().into_iter().filter_map(alarm).collect()
}

/// Writes this version of a record's secret, with the bytes of its first version: it does not open.
async fn spoil_secret(laptop: &mut Device, id: RecordId, version: u64) {
    let calls = laptop.network.calls();
    let bodies = calls.iter().filter(|call| call.request.path == "/api/commit");
    let commits =
        bodies.map(|call| serde_json::from_slice::<Commit>(call.request.body.as_ref().unwrap()).unwrap());
    let parts = commits.flat_map(|commit| commit.changes).filter_map(|change| match change {
        Change::Record { id: found, secret: Some(secret), .. } if found.0 == id.0 => Some(secret),
        _ => None,
    });
    let secret = Part { version, ..parts.into_iter().next_back().unwrap() };
    let changes = vec![Change::Record { id: Id(id.0), overview: None, secret: Some(secret) }];
    let commit_id = Id([u8::try_from(version).unwrap(); 16]);
    let commit = successor(laptop, &laptop.roots(), WRITE, changes, commit_id).await;
    let body = serde_json::to_vec(&commit).unwrap();
    let answer = laptop.network.browser().send("POST", "/api/commit", Some(&body)).await.unwrap();
    assert_eq!(answer.status, 200);
}

async fn pair(server: &Server) -> (Device, Device, RecordId) {
    let wallet = Passkeys::default();
    let mut laptop = Device::new(server, &wallet);
    laptop.create("My vault").await.unwrap();
    let mut phone = Device::new(server, &wallet);
    phone.unlock_any().await.unwrap();
    let id = laptop.add(key("Of a later version")).await.unwrap().id;
    phone.sync().await.unwrap();
    (laptop, phone, id)
}

/// Returns the records that the device lists as unreadable.
async fn unreadable(device: &mut Device) -> Vec<RecordId> {
    match device.run(keys::Command::ListUnreadable).await.unwrap() {
        Reply::Keys(keys::Reply::Unreadable(rows)) => rows.into_iter().map(|row| row.id).collect(),
        other => panic!("not what was asked for: {other:?}"),
    }
}

#[tokio::test]
async fn a_key_with_an_unreadable_secret_is_not_edited_and_can_be_deleted() {
    let server = Server::start();
    let (mut laptop, mut phone, id) = pair(&server).await;
    spoil_secret(&mut laptop, id, 2).await;
    phone.sync().await.unwrap();
    assert_eq!(alarms(&phone), []);
    let base = phone.open(id).await.unwrap().version;
    let sent = phone.network.count("/api/commit");
    let replaced = Some(credentials("another-key", "another secret"));
    let edit = KeyEdit { id, base, label: Some("Edited".to_owned()), note: None, credentials: replaced };
    assert_eq!(phone.edit(edit.clone()).await.err(), Some(UNREADABLE));
    // From now on it is listed as what it is.
    assert_eq!(unreadable(&mut phone).await, [id]);
    assert!(phone.list().await.unwrap().is_empty());
    assert_eq!(phone.edit(edit).await.err(), Some(Failure::NoSuchRecord));
    assert_eq!(phone.delete(id).await.err(), Some(Failure::NoSuchRecord));
    assert_eq!(phone.network.count("/api/commit"), sent, "nothing was written");
    phone.purge(id).await.unwrap();
    assert!(unreadable(&mut phone).await.is_empty());
    phone.add(key("Goes on")).await.unwrap();
    assert_eq!(server.rows("leaves WHERE kind = 2").await, 1);
}

#[tokio::test]
async fn a_key_with_an_unreadable_secret_is_not_moved_to_the_trash() {
    let server = Server::start();
    let (mut laptop, mut phone, id) = pair(&server).await;
    spoil_secret(&mut laptop, id, 2).await;
    phone.sync().await.unwrap();
    assert_eq!(phone.delete(id).await.err(), Some(UNREADABLE));
    assert!(phone.trash().await.unwrap().is_empty());
    assert_eq!(unreadable(&mut phone).await, [id]);
    // A secret that can be read again is a key again.
    let mut phone = phone.lock().await;
    phone.unlock().await.unwrap();
    assert_eq!(phone.list().await.unwrap().len(), 1);
}

/// Nothing that could not be replayed is made in the first place.
#[tokio::test]
async fn an_unreadable_secret_does_not_stop_a_device_that_was_offline() {
    let server = Server::start();
    let (mut laptop, mut phone, id) = pair(&server).await;
    spoil_secret(&mut laptop, id, 2).await;
    phone.sync().await.unwrap();
    phone.network.set_offline(true);
    let renamed = phone.rename(id, "Renamed offline").await;
    spoil_secret(&mut laptop, id, 3).await;
    phone.network.set_offline(false);
    phone.sync().await.unwrap();
    assert_eq!(alarms(&phone), []);
    assert_eq!(phone.add(key("Goes on")).await.map(|saved| saved.sync), Ok(SyncState::Synced));
    assert_eq!(renamed.err(), Some(UNREADABLE));
}
