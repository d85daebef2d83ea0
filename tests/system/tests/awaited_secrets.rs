//! A device that enters a vault lists it before the secrets are there, which then come page by
//! page.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use crystallum_messages::{
    Alarm, Event, Exchange, Failure, KeyDraft, KeyEdit, RecordId, Reply, SyncState, entry, keys,
};
use crystallum_system_tests::{Device, credentials, draft};
use crystallum_test_support::{Fault, Passkeys, Server};
use serde_json::{Value, json};

const KEYS: usize = 4;
/// The first device's record and the profile have secrets as well.
const SECRETS: usize = KEYS + 2;

fn key(label: &str) -> KeyDraft {
    draft(
        Exchange::Kraken,
        label,
        "",
        credentials(&format!("api-key-of-{label}"), "a secret that is awaited"),
    )
}

/// Creates a vault with some keys. Returns them in the order of their ids, in which secrets come.
async fn vault(server: &Server, wallet: &Passkeys) -> (Device, Vec<RecordId>) {
    let mut laptop = Device::new(server, wallet);
    laptop.create("My vault").await.unwrap();
    let mut ids = Vec::new();
    for label in ["A", "B", "C", "D"] {
        ids.push(laptop.add(key(label)).await.unwrap().id);
    }
    ids.sort_by_key(|id| id.0);
    (laptop, ids)
}

/// Cuts pages after the first secret, as if more did not fit.
fn one_secret_a_page() -> Fault {
    Fault::tamper(|answer| {
        let objects = answer["objects"].as_array_mut().unwrap();
        let first = objects.iter().position(is_secret).unwrap();
        answer["more"] = json!(first + 1 < objects.len());
        answer["objects"].as_array_mut().unwrap().truncate(first + 1);
    })
}

fn is_secret(object: &Value) -> bool {
    object["kind"] == "record" && object["overview"].is_null()
}

/// Enters the vault on a clean device, which then has the first secret only.
async fn enter(server: &Server, wallet: &Passkeys) -> Device {
    let mut clean = Device::new(server, wallet);
    clean.network.once("/api/state", one_secret_a_page());
    clean.unlock_any().await.unwrap();
    clean
}

async fn unlock_offline(device: &mut Device) {
    let vault = Some(device.hello().await.unwrap().vaults[0].id);
    device.run(entry::Command::Unlock { vault }).await.unwrap();
}

async fn replace_secret(device: &mut Device, id: RecordId) {
    let base = device.open(id).await.unwrap().version;
    let credentials = Some(credentials("another-api-key", "another secret"));
    device.edit(KeyEdit { id, base, label: None, note: None, credentials }).await.unwrap();
}

/// Returns the last number of awaited secrets that a device reported.
fn awaited(device: &Device) -> Option<u32> {
    device.events().into_iter().rev().find_map(|event| match event {
        Event::SecretsAwaited(number) => Some(number),
        _ => None,
    })
}

async fn fetch_all(device: &mut Device) -> usize {
    let mut pages = 0;
    while device.fetch_secrets().await {
        pages += 1;
        assert!(pages <= SECRETS);
    }
    pages
}

#[tokio::test]
async fn the_list_is_there_before_the_secrets() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let (mut laptop, ids) = vault(&server, &wallet).await;
    let mut phone = enter(&server, &wallet).await;
    // The record of the phone came with its own change.
    assert_eq!(awaited(&phone), Some(5));
    assert_eq!(phone.list().await.unwrap(), laptop.list().await.unwrap());
    assert_eq!(phone.network.count("/api/state"), 1);
    // One that is asked for is fetched, and those after it with it.
    phone.network.once("/api/state", one_secret_a_page());
    assert_eq!(phone.reveal(ids[3]).await.unwrap(), laptop.reveal(ids[3]).await.unwrap());
    assert_eq!(phone.network.count("/api/state"), 2);
    assert_eq!(awaited(&phone), Some(4));
    // Whoever stops in the middle goes on later, without a request for what is there already.
    phone.network.always("/api/state", one_secret_a_page());
    assert!(phone.fetch_secrets().await);
    assert_eq!(awaited(&phone), Some(3));
    let mut phone = phone.reopened();
    phone.unlock().await.unwrap();
    assert_eq!(awaited(&phone), Some(3));
    assert_eq!(fetch_all(&mut phone).await, 3);
    assert_eq!(awaited(&phone), Some(0));
    let mut phone = phone.reopened();
    phone.network.set_offline(true);
    unlock_offline(&mut phone).await;
    for id in ids {
        assert_eq!(phone.reveal(id).await.unwrap(), laptop.reveal(id).await.unwrap());
    }
}

#[tokio::test]
async fn what_needs_an_awaited_secret_waits_for_it() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let (mut laptop, ids) = vault(&server, &wallet).await;
    let mut phone = enter(&server, &wallet).await;
    phone.network.set_offline(true);
    // Nothing is taken for unreadable, and nothing is deleted at once as such.
    for _ in 0..2 {
        assert_eq!(phone.reveal(ids[3]).await, Err(Failure::SecretNotHere));
        assert_eq!(phone.versions(ids[3]).await, Err(Failure::SecretNotHere));
        assert_eq!(phone.rename(ids[3], "New").await.err(), Some(Failure::SecretNotHere));
        assert_eq!(phone.delete(ids[3]).await.err(), Some(Failure::SecretNotHere));
        assert_eq!(phone.purge(ids[3]).await.err(), Some(Failure::SecretNotHere));
        assert_eq!(phone.list().await.unwrap().len(), KEYS);
        let unreadable = phone.run(keys::Command::ListUnreadable).await.unwrap();
        assert_eq!(unreadable, Reply::Keys(keys::Reply::Unreadable(Vec::new())));
        phone = phone.reopened();
        unlock_offline(&mut phone).await;
    }
    phone.network.set_offline(false);
    phone.sync().await.unwrap();
    phone.rename(ids[3], "New").await.unwrap();
    replace_secret(&mut phone, ids[3]).await;
    laptop.sync().await.unwrap();
    assert_eq!(laptop.open(ids[3]).await.unwrap().row.label, "New");
    assert_eq!(laptop.versions(ids[3]).await.unwrap().len(), 2, "the earlier secret is named");
    phone.delete(ids[2]).await.unwrap();
    phone.restore(ids[2]).await.unwrap();
    phone.purge(ids[1]).await.unwrap();
    assert_eq!(phone.list().await.unwrap().len(), KEYS - 1);
}

/// Other devices write while the secrets arrive.
#[tokio::test]
async fn a_vault_that_changes_meanwhile_has_the_newest_secrets() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let (mut laptop, ids) = vault(&server, &wallet).await;
    let mut phone = enter(&server, &wallet).await;
    phone.network.always("/api/state", one_secret_a_page());
    laptop.sync().await.unwrap();
    for (at, id) in ids.iter().enumerate() {
        match at {
            0 => drop(laptop.delete(*id).await.unwrap()),
            1 => drop(laptop.rename(*id, "Renamed").await.unwrap()),
            _ => replace_secret(&mut laptop, *id).await,
        }
        let before = phone.network.count("/api/delta");
        assert!(phone.fetch_secrets().await);
        assert_eq!(phone.network.count("/api/delta"), before + 1, "the newer state comes first");
        assert!(phone.fetch_secrets().await || at == 3);
    }
    fetch_all(&mut phone).await;
    assert_eq!(awaited(&phone), Some(0));
    assert!(phone.events().iter().all(|event| !matches!(event, Event::Alarm(_))));
    for id in &ids[1..] {
        assert_eq!(phone.reveal(*id).await.unwrap(), laptop.reveal(*id).await.unwrap());
        assert_eq!(phone.open(*id).await.unwrap().row.label, laptop.open(*id).await.unwrap().row.label);
    }
    let mut phone = phone.reopened();
    phone.unlock().await.unwrap();
    assert_eq!(phone.list().await.unwrap(), laptop.list().await.unwrap());
}

/// Attacks T17 and T61 of `tests/ATTACKS.md`.
#[tokio::test]
async fn awaited_secrets_are_the_ones_that_the_vault_signed() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let (laptop, _) = vault(&server, &wallet).await;
    let page = laptop.network.browser().send("GET", "/api/state?stage=5&after=_____________________w", None);
    let page: Value = serde_json::from_slice(&page.await.unwrap().body).unwrap();
    let secrets = page["objects"].as_array().unwrap().clone();
    assert!(secrets.len() == SECRETS && secrets.iter().all(is_secret));
    let other = secrets[0]["secret"].clone();
    let changed = |change: fn(&mut Vec<Value>)| {
        Fault::tamper(move |answer| change(answer["objects"].as_array_mut().unwrap()))
    };
    for (what, fault) in [
        ("none", changed(Vec::clear)),
        ("the next one first", changed(|objects| drop(objects.remove(0)))),
        ("no blob", changed(|objects| objects[0]["secret"]["blob"] = Value::Null)),
        (
            "the blob of another record",
            Fault::tamper(move |answer| {
                answer["objects"][0]["secret"]["blob"] = other["blob"].clone();
                answer["objects"][0]["secret"]["hash"] = other["hash"].clone();
            }),
        ),
        ("another version", changed(|objects| objects[0]["secret"]["version"] = json!(2))),
        (
            "an object that is no secret",
            changed(|objects| {
                let id = objects[1]["id"].clone();
                objects[1] = json!({ "kind": "tombstone", "id": id, "version": 2 });
            }),
        ),
        (
            "one of a record that the vault does not have",
            changed(|objects| objects[1]["id"] = json!("____________________-g")),
        ),
    ] {
        let mut phone = enter(&server, &wallet).await;
        let before = phone.profile.disk.snapshot();
        phone.network.once("/api/state", fault);
        phone.events();
        assert!(phone.fetch_secrets().await, "{what}");
        let events = phone.events();
        let is_alarm = |event: &Event| matches!(event, Event::Alarm(Alarm::SecretsTampered { .. }));
        assert!(events.iter().any(is_alarm), "{what}: {events:?}");
        let mut after = phone.profile.disk.snapshot();
        after.retain(|key, _| !key.ends_with("/alarm"));
        assert!(after == before, "{what}: nothing but the alarm is kept");
        assert!(!phone.fetch_secrets().await, "{what}: nothing is asked any more");
        // A history that is right says nothing about the secrets, also after a restart.
        assert!(matches!(phone.sync().await, Err(Failure::Alarm(Alarm::SecretsTampered { .. }))), "{what}");
        assert!(is_in_alarm(&mut phone).await, "{what}: after a sync");
        let mut phone = phone.reopened();
        phone.unlock().await.unwrap();
        assert!(is_in_alarm(&mut phone).await, "{what}: after a restart");
        // Honest answers are accepted again, and the last of them ends the alarm.
        fetch_all(&mut phone).await;
        assert_eq!(awaited(&phone), Some(0), "{what}");
        assert!(!is_in_alarm(&mut phone).await, "{what}");
        assert_eq!(phone.alarms().await.unwrap().ended.len(), 1, "{what}");
    }
}

/// Returns whether the device is in an alarm about secrets.
async fn is_in_alarm(device: &mut Device) -> bool {
    let kept = device.alarms().await.unwrap().kept;
    kept.is_some_and(|kept| matches!(kept.alarm, Alarm::SecretsTampered { .. }))
}

/// A server that withholds them is asked again only after a sync, and never accused of anything
/// that a broken connection could be.
#[tokio::test]
async fn secrets_that_do_not_come_are_asked_for_after_a_sync() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let (_laptop, ids) = vault(&server, &wallet).await;
    let mut phone = enter(&server, &wallet).await;
    phone.events();
    phone.network.always("/api/state", Fault::forge(503, &json!({ "code": "unavailable" })));
    assert!(phone.fetch_secrets().await);
    assert!(!phone.fetch_secrets().await);
    assert_eq!(phone.network.count("/api/state"), 2);
    assert!(phone.reveal(ids[3]).await.is_err());
    phone.sync().await.unwrap();
    assert!(phone.fetch_secrets().await);
    assert!(!phone.fetch_secrets().await);
    assert!(phone.network.heal());
    phone.sync().await.unwrap();
    fetch_all(&mut phone).await;
    let events = phone.events();
    assert!(events.contains(&Event::SecretsAwaited(0)));
    assert!(!events.iter().any(|event| matches!(event, Event::Alarm(_) | Event::Sync(SyncState::Offline))));
}

/// A page that was asked for before something else happened counts no more than it should.
#[tokio::test]
async fn commands_are_carried_out_while_a_page_is_on_its_way() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let (mut laptop, ids) = vault(&server, &wallet).await;
    let mut phone = enter(&server, &wallet).await;
    // All that are awaited arrive with the one that is asked for.
    phone.wait_for_secrets().await;
    assert_eq!(phone.reveal(ids[0]).await.unwrap(), laptop.reveal(ids[0]).await.unwrap());
    phone.store_secrets().await;
    assert!(!phone.fetch_secrets().await);
    // The vault changes after the page was made.
    let mut phone = enter(&server, &wallet).await;
    phone.wait_for_secrets().await;
    phone.add(key("E")).await.unwrap();
    phone.store_secrets().await;
    fetch_all(&mut phone).await;
    assert_eq!(awaited(&phone), Some(0));
    // A page of one vault does not reach the next.
    let mut phone = enter(&server, &wallet).await;
    phone.wait_for_secrets().await;
    let mut phone = phone.lock().await;
    phone.unlock().await.unwrap();
    phone.store_secrets().await;
    assert_eq!(phone.network.count("/api/state"), 2);
    fetch_all(&mut phone).await;
    laptop.sync().await.unwrap();
    assert_eq!(phone.list().await.unwrap(), laptop.list().await.unwrap());
    assert!(phone.events().iter().all(|event| !matches!(event, Event::Alarm(_))));
}
