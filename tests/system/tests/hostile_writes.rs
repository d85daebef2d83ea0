//! A server that sets back one record, or lies in the very answer on which a device would sign its
//! next change, and a device whose clock is a hundred years ahead.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use crystallum_messages::{Alarm, Event, Exchange, Failure, KeyDraft, RecordId, SyncState};
use crystallum_system_tests::{Device, credentials, draft};
use crystallum_test_support::{Fault, Passkeys, Server};
use data_encoding::BASE64URL_NOPAD;
use serde_json::Value;

const CENTURY: u64 = 100 * 365 * 86_400 * 1_000;

fn key(label: &str) -> KeyDraft {
    draft(Exchange::Bybit, label, "", credentials("api-key-of-two", "a secret of two"))
}

fn is_tampered(event: &Event) -> bool {
    matches!(event, Event::Alarm(Alarm::Tampered { .. }))
}

async fn labels(device: &mut Device) -> Vec<String> {
    device.list().await.unwrap().into_iter().map(|row| row.label).collect()
}

/// Two devices that know a vault with the key "First". The overview of that key comes with them, as
/// the server has it.
async fn pair(server: &Server, wallet: &Passkeys) -> (Device, Device, RecordId, Value) {
    let mut laptop = Device::new(server, wallet);
    laptop.create("My vault").await.unwrap();
    let id = laptop.add(key("First")).await.unwrap().id;
    let answer = laptop.network.browser().send("GET", "/api/state", None).await.unwrap();
    let state: Value = serde_json::from_slice(&answer.body).unwrap();
    let objects = state["objects"].as_array().unwrap();
    let older = objects.iter().find(|object| is_overview_of(object, id)).unwrap()["overview"].clone();
    let mut phone = Device::new(server, wallet);
    phone.unlock_any().await.unwrap();
    phone.wait_for_secrets().await;
    laptop.sync().await.unwrap();
    (laptop, phone, id, older)
}

fn is_overview_of(change: &Value, id: RecordId) -> bool {
    change["id"] == BASE64URL_NOPAD.encode(&id.0) && change["overview"]["blob"].is_string()
}

/// Makes a fault from a record and its older overview.
type Lie = fn(RecordId, &Value) -> Fault;

/// Returns all changes or objects in an answer.
fn changes(answer: &mut Value) -> Vec<&mut Value> {
    if answer.get("objects").is_some() {
        return answer["objects"].as_array_mut().unwrap().iter_mut().collect();
    }
    let entries = answer["entries"].as_array_mut().unwrap();
    entries.iter_mut().flat_map(|entry| entry["changes"].as_array_mut().unwrap()).collect()
}

/// Puts these fields of an older overview into every answer.
fn set_back(id: RecordId, older: &Value, fields: &'static [&str]) -> Fault {
    let older = older.clone();
    Fault::tamper(move |answer| {
        for change in changes(answer).into_iter().filter(|change| is_overview_of(change, id)) {
            for field in fields {
                change["overview"][field] = older[field].clone();
            }
        }
    })
}

/// Attack T13 of `tests/ATTACKS.md`.
#[tokio::test]
async fn one_record_set_back_is_refused() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let (laptop, mut phone, id, older) = pair(&server, &wallet).await;
    let mut laptop = laptop.lock().await;
    let known = laptop.profile.disk.snapshot();
    phone.rename(id, "Second").await.unwrap();
    for fields in [&["blob"][..], &["blob", "hash"], &["blob", "hash", "version"]] {
        laptop.network.always("/api/delta", set_back(id, &older, fields));
        laptop.events();
        assert_eq!(laptop.unlock().await.unwrap().change, 3, "{fields:?}: it stays as it is known");
        assert!(laptop.events().iter().any(is_tampered), "{fields:?}");
        laptop.profile.disk.restore(known.clone());
        laptop.network.heal();
        laptop = laptop.reopened();

        let mut clean = Device::new(&server, &wallet);
        clean.network.always("/api/state", set_back(id, &older, fields));
        let failed = clean.meet().await.err();
        assert!(matches!(failed, Some(Failure::Alarm(Alarm::Tampered { .. }))), "{fields:?}: {failed:?}");
        assert_eq!(clean.list().await, Err(Failure::Locked), "{fields:?}");
        assert_eq!(clean.network.count("/api/commit") + laptop.network.count("/api/commit"), 1, "the key");
    }
    laptop.unlock().await.unwrap();
    assert_eq!(labels(&mut laptop).await, ["Second"]);
}

/// Attack T16 of `tests/ATTACKS.md`: what a device signs follows from the state that it has
/// verified. A record that the server drops or sets back just then is not signed away.
#[tokio::test]
async fn a_lie_just_before_a_write_is_not_signed() {
    let dropped = |id: RecordId, _: &Value| {
        Fault::tamper(move |answer| {
            for entry in answer["entries"].as_array_mut().unwrap() {
                entry["changes"].as_array_mut().unwrap().retain(|change| !is_overview_of(change, id));
            }
        })
    };
    let older = |id: RecordId, older: &Value| set_back(id, older, &["blob", "hash"]);
    let lies: [(&str, Lie); 2] = [("dropped", dropped), ("set back", older)];
    for (what, lie) in lies {
        let server = Server::start();
        let wallet = Passkeys::default();
        let (mut laptop, mut phone, id, older) = pair(&server, &wallet).await;
        phone.rename(id, "Second").await.unwrap();
        phone.add(key("Third")).await.unwrap();
        let (commits, sent) = (server.rows("commits").await, laptop.network.count("/api/commit"));

        laptop.network.always("/api/delta", lie(id, &older));
        let refused = laptop.add(key("Signed on a lie")).await.err();
        assert!(matches!(refused, Some(Failure::Alarm(Alarm::Tampered { .. }))), "{what}: {refused:?}");
        assert_eq!(laptop.network.count("/api/commit"), sent, "{what}: nothing was sent");
        assert_eq!(server.rows("commits").await, commits, "{what}");

        laptop.network.heal();
        let mut laptop = laptop.reopened();
        laptop.unlock().await.unwrap();
        assert_eq!(laptop.add(key("Honest")).await.unwrap().sync, SyncState::Synced, "{what}");
        let mut clean = Device::new(&server, &wallet);
        clean.unlock_any().await.unwrap();
        assert_eq!(labels(&mut clean).await, ["Honest", "Second", "Third"], "{what}: nothing is lost");
    }
}

/// Attack T75 of `tests/ATTACKS.md`: the time of a change is shown and never believed.
#[tokio::test]
async fn a_change_of_the_next_century_locks_nobody_out() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let (mut laptop, mut phone, id, _) = pair(&server, &wallet).await;
    phone.clock.advance(CENTURY);
    assert_eq!(phone.rename(id, "Of the next century").await.unwrap().sync, SyncState::Synced);
    laptop.events();
    laptop.sync().await.unwrap();
    assert_eq!(laptop.rename(id, "Of today").await.unwrap().sync, SyncState::Synced);
    let mut laptop = laptop.lock().await;
    laptop.unlock().await.unwrap();
    assert_eq!(labels(&mut laptop).await, ["Of today"]);
    let is_alarm = |event: &Event| matches!(event, Event::Alarm(_));
    assert!(!laptop.events().iter().any(is_alarm));
    let mut clean = Device::new(&server, &wallet);
    clean.unlock_any().await.unwrap();
    assert_eq!(labels(&mut clean).await, ["Of today"]);
}
