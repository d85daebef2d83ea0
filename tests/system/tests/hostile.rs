//! A hostile server and a device that knows the vault: the device refuses with an alarm, adopts
//! nothing and sends nothing.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::collections::BTreeMap;

use crystallum_messages::{Alarm, Event, Exchange, Failure, KeyDraft, RecordId};
use crystallum_system_tests::{Canaries, Canary, Device, credentials, draft};
use crystallum_test_support::{Fault, Passkeys, Server};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

const SECRET: &str = "the secret that a hostile server wants";

fn key(label: &str) -> KeyDraft {
    draft(Exchange::Coinbase, label, "a note for nobody else", credentials("hostile-api-key-0001", SECRET))
}

/// A device that knows a vault at change 3, while the server has change 7: another device has
/// joined, renamed A, added C and deleted B.
struct Scene {
    device: Device,
    known: BTreeMap<String, Vec<u8>>,
    a: RecordId,
}

impl Scene {
    async fn set(server: &Server, wallet: &Passkeys) -> Self {
        let mut device = Device::new(server, wallet);
        device.create("My vault").await.unwrap();
        let a = device.add(key("A")).await.unwrap().id;
        let b = device.add(key("B")).await.unwrap().id;
        let device = device.lock().await;
        let mut other = Device::new(server, wallet);
        other.meet().await.unwrap();
        other.accept().await.unwrap();
        other.rename(a, "A renamed").await.unwrap();
        other.add(key("C")).await.unwrap();
        other.erase(b).await.unwrap();
        Self { known: device.profile.disk.snapshot(), device, a }
    }

    /// Opens the vault over a hostile network. It must stay as the device knows it.
    async fn lied_to(mut self, what: &str, fault: Fault) -> Self {
        self.device.network.always("/api/delta", fault);
        self.device.events();
        let before = self.device.network.count("/api/commit");
        let opened = self.device.unlock().await.unwrap();
        assert_eq!((opened.change, opened.records), (3, 2), "{what}: the vault stays as it was");
        let events = self.device.events();
        let alarms: Vec<_> = events.iter().filter(|event| matches!(event, Event::Alarm(_))).collect();
        assert!(matches!(alarms[..], [Event::Alarm(Alarm::Tampered { .. })]), "{what}: {events:?}");
        let labels: Vec<_> = self.device.list().await.unwrap().into_iter().map(|row| row.label).collect();
        assert_eq!(labels, ["A", "B"], "{what}");
        assert_eq!(self.device.reveal(self.a).await.unwrap().api_secret.expose(), SECRET, "{what}");
        let refused = self.device.rename(self.a, "Written on a lie").await;
        assert!(matches!(refused, Err(Failure::Alarm(_))), "{what}: {refused:?}");
        assert_eq!(
            self.device.network.count("/api/commit"),
            before,
            "{what}: nothing is written on top of a lie"
        );
        self.forget(what)
    }

    /// Restarts the app with what it knew. Beside that, only the alarm is stored, and the notes of
    /// those that are over.
    fn forget(mut self, what: &str) -> Self {
        let kept = |values: &BTreeMap<String, Vec<u8>>| -> Vec<(String, Vec<u8>)> {
            let noted = |key: &str| key.ends_with("/alarm") || key.ends_with("/ended");
            let values = values.iter().filter(|(key, _)| !key.starts_with("vaults/") && !noted(key));
            values.map(|(key, value)| (key.clone(), value.clone())).collect()
        };
        assert_eq!(kept(&self.device.profile.disk.snapshot()), kept(&self.known), "{what}: stored as it was");
        self.device.network.heal();
        self.device = self.device.reopened();
        self
    }

    /// Checks that the device accepts the true state afterwards, and that it has sent no secret.
    async fn end(mut self) {
        let opened = self.device.unlock().await.unwrap();
        assert_eq!((opened.change, opened.records), (8, 2));
        let canaries = Canaries::new(&[
            Canary::new("secret", SECRET),
            Canary::new("api key", "hostile-api-key-0001"),
            Canary::new("note", "a note for nobody else"),
        ]);
        assert_eq!(canaries.find(&self.device.network.browser().sent()), []);
    }
}

fn flip(value: &mut Value, byte: usize) {
    let mut bytes = BASE64URL_NOPAD.decode(value.as_str().unwrap().as_bytes()).unwrap();
    bytes[byte] ^= 1;
    *value = BASE64URL_NOPAD.encode(&bytes).into();
}

fn length(value: &Value) -> usize {
    BASE64URL_NOPAD.decode(value.as_str().unwrap().as_bytes()).unwrap().len()
}

/// Returns the entries in an answer: this device's own head, then changes 4 to 7.
fn entries(answer: &mut Value) -> &mut Vec<Value> {
    answer["entries"].as_array_mut().unwrap()
}

const JOIN: usize = 1;
const RENAME: usize = 2;
const ADD: usize = 3;
const DELETE: usize = 5;

/// Attack T18 of `tests/ATTACKS.md`.
#[tokio::test]
async fn altered_answers_are_refused() {
    let server = Server::start();
    let mut scene = Scene::set(&server, &Passkeys::default()).await;
    let at = |entry: usize, path: &str| format!("/entries/{entry}{path}");
    for pointer in [
        at(JOIN, "/changes/0/key"),
        at(JOIN, "/changes/0/id"),
        at(JOIN, "/changes/0/added_by"),
        at(RENAME, "/changes/0/id"),
        at(RENAME, "/changes/0/overview/hash"),
        at(RENAME, "/changes/0/overview/blob"),
        at(ADD, "/changes/0/secret/hash"),
        at(ADD, "/changes/0/secret/blob"),
        at(DELETE, "/changes/0/id"),
    ] {
        let fault = Fault::tamper({
            let pointer = pointer.clone();
            move |answer| {
                let value = answer.pointer_mut(&pointer).unwrap_or_else(|| panic!("nothing at {pointer}"));
                flip(value, length(value) / 2);
            }
        });
        scene = scene.lied_to(&pointer, fault).await;
    }
    for (pointer, value) in [
        (at(JOIN, "/changes/0/max_format"), json!(2)),
        (at(RENAME, "/changes/0/overview/version"), json!(3)),
        (at(ADD, "/changes/0/secret/version"), json!(2)),
        (at(ADD, "/changes/0/secret/blob"), Value::Null),
        (at(DELETE, "/changes/0/version"), json!(9)),
        (at(ADD, "/head"), json!("")),
    ] {
        let fault = Fault::tamper({
            let pointer = pointer.clone();
            move |answer| *answer.pointer_mut(&pointer).unwrap() = value.clone()
        });
        scene = scene.lied_to(&pointer, fault).await;
    }
    scene.end().await;
}

#[tokio::test]
async fn a_change_in_any_field_of_a_head_is_refused() {
    let server = Server::start();
    let mut scene = Scene::set(&server, &Passkeys::default()).await;
    // Format, suite, min format, op, vault, epoch, counter, number of parents, parent, history,
    // root, leaves, writer, time, key, both signatures.
    for byte in [0, 1, 3, 4, 5, 21, 25, 32, 33, 34, 66, 98, 130, 138, 154, 162, 194, 258] {
        let fault = Fault::tamper(move |answer| flip(&mut entries(answer)[RENAME]["head"], byte));
        scene = scene.lied_to(&format!("byte {byte}"), fault).await;
    }
    scene.end().await;
}

/// Attack T17 of `tests/ATTACKS.md`.
#[tokio::test]
async fn withheld_doubled_and_reordered_changes_are_refused() {
    let server = Server::start();
    let mut scene = Scene::set(&server, &Passkeys::default()).await;
    for entry in [0, JOIN, RENAME, ADD] {
        let fault = Fault::tamper(move |answer| drop(entries(answer).remove(entry)));
        scene = scene.lied_to(&format!("without entry {entry}"), fault).await;
    }
    let doubled = Fault::tamper(|answer| {
        let join = entries(answer)[JOIN].clone();
        entries(answer).insert(JOIN, join);
    });
    scene = scene.lied_to("an entry twice", doubled).await;
    scene = scene.lied_to("another order", Fault::tamper(|answer| entries(answer).swap(RENAME, ADD))).await;
    scene = scene.lied_to("nothing at all", Fault::tamper(|answer| entries(answer).clear())).await;
    let promised = Fault::tamper(|answer| answer["counter"] = json!(9));
    scene = scene.lied_to("a change that is never shown", promised).await;
    let without_changes = Fault::tamper(|answer| entries(answer)[ADD]["changes"] = json!([]));
    scene = scene.lied_to("a head without its changes", without_changes).await;
    scene.end().await;
}

/// Attacks T10, T12, T19, T61 of `tests/ATTACKS.md`.
#[tokio::test]
async fn swapped_and_invented_objects_are_refused() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut scene = Scene::set(&server, &wallet).await;
    let parts = Fault::tamper(|answer| {
        let change = &mut entries(answer)[ADD]["changes"][0];
        let (overview, secret) = (change["overview"].clone(), change["secret"].clone());
        (change["overview"], change["secret"]) = (secret, overview);
    });
    scene = scene.lied_to("parts swapped", parts).await;
    let blobs = Fault::tamper(|answer| {
        let other = entries(answer)[ADD]["changes"][0]["overview"].clone();
        entries(answer)[RENAME]["changes"][0]["overview"]["blob"] = other["blob"].clone();
        entries(answer)[RENAME]["changes"][0]["overview"]["hash"] = other["hash"].clone();
    });
    scene = scene.lied_to("another record's overview", blobs).await;
    let id = BASE64URL_NOPAD.encode(&[7; 16]);
    for (what, change) in [
        (
            "a device",
            json!({ "kind": "device", "id": id, "key": BASE64URL_NOPAD.encode(&[4; 65]),
            "max_format": 1, "added_by": id }),
        ),
        (
            "a tombstone",
            json!({ "kind": "tombstone", "id": BASE64URL_NOPAD.encode(&scene.a.0), "version": 9 }),
        ),
    ] {
        let fault = Fault::tamper(move |answer| {
            entries(answer)[RENAME]["changes"].as_array_mut().unwrap().push(change.clone());
        });
        scene = scene.lied_to(&format!("{what} of the server's own"), fault).await;
    }
    let mut stranger = Device::new(&server, &Passkeys::default());
    stranger.create("Another vault").await.unwrap();
    let theirs = stranger.network.browser().send("GET", "/api/delta?since=0", None).await.unwrap();
    let theirs: Value = serde_json::from_slice(&theirs.body).unwrap();
    let foreign = Fault::tamper({
        let theirs = theirs.clone();
        move |answer| entries(answer)[JOIN] = theirs["entries"][0].clone()
    });
    scene = scene.lied_to("another vault's genesis", foreign).await;
    let mut other_answer = theirs;
    other_answer["counter"] = json!(7);
    scene = scene.lied_to("another vault's answer", Fault::forge(200, &other_answer)).await;
    let earlier = Fault::swap(|request| request.path = "/api/delta?since=0".to_owned());
    scene = scene.lied_to("the answer to another question", earlier).await;
    scene.end().await;
}

/// Attacks T14, T54 of `tests/ATTACKS.md`.
#[tokio::test]
async fn an_older_state_is_a_rollback() {
    let mut server = Server::start();
    let wallet = Passkeys::default();
    let mut device = Device::new(&server, &wallet);
    device.create("My vault").await.unwrap();
    let a = device.add(key("A")).await.unwrap().id;
    server = server.restart();
    let backup = server.files();
    device.add(key("B")).await.unwrap();
    server = server.restore(&backup);
    let mut device = device.lock().await;
    let opened = device.unlock().await.unwrap();
    assert_eq!((opened.change, opened.records), (3, 2), "nothing that was saved is taken back");
    assert!(device.events().contains(&Event::Alarm(Alarm::Rollback { mine: 3, offered: 2 })));
    let refused = Failure::Alarm(Alarm::Rollback { mine: 3, offered: 2 });
    assert_eq!(device.rename(a, "On an older state").await.err(), Some(refused.clone()));
    assert_eq!(device.sync().await.err(), Some(refused));
    assert_eq!(server.rows("commits").await, 2);
    assert_eq!(device.list().await.unwrap().len(), 2);
}

/// Attack T15 of `tests/ATTACKS.md`.
#[tokio::test]
async fn two_histories_of_one_vault_are_a_fork() {
    let mut server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &wallet);
    laptop.create("My vault").await.unwrap();
    let mut phone = Device::new(&server, &wallet);
    phone.meet().await.unwrap();
    phone.accept().await.unwrap();
    laptop.sync().await.unwrap();
    server = server.restart();
    let backup = server.files();
    let kept = laptop.add(key("Told to the laptop")).await.unwrap().id;
    server = server.restore(&backup);
    phone.add(key("Told to the phone")).await.unwrap();
    assert_eq!(laptop.sync().await.err(), None);
    assert!(laptop.events().contains(&Event::Alarm(Alarm::Fork { mine: 3, offered: 3 })));
    let refused = laptop.add(key("On either")).await.err();
    assert_eq!(refused, Some(Failure::Alarm(Alarm::Fork { mine: 3, offered: 3 })));
    assert_eq!(laptop.list().await.unwrap().iter().map(|row| row.id).collect::<Vec<_>>(), [kept]);
    assert_eq!(server.rows("commits").await, 3);
}

/// A vault is open at change 3 when the server is set back, and another device writes a change 3 of
/// its own. What is signed on the lost one is not stored, so the vault stays open to new devices.
/// Attack T16 of `tests/ATTACKS.md`.
#[tokio::test]
async fn a_write_on_a_lost_history_is_never_stored() {
    let mut server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &wallet);
    laptop.create("My vault").await.unwrap();
    let mut phone = Device::new(&server, &wallet);
    phone.meet().await.unwrap();
    phone.accept().await.unwrap();
    laptop.sync().await.unwrap();
    server = server.restart();
    let backup = server.files();
    laptop.add(key("Told to the laptop")).await.unwrap();
    server = server.restore(&backup);
    phone.add(key("Told to the phone")).await.unwrap();
    let fork = Failure::Alarm(Alarm::Fork { mine: 3, offered: 3 });
    assert_eq!(laptop.add(key("On the lost one")).await.err(), Some(fork));
    assert_eq!(server.rows("commits").await, 3);
    let mut clean = Device::new(&server, &wallet);
    clean.meet().await.unwrap();
    clean.accept().await.unwrap();
    assert_eq!(clean.list().await.unwrap().len(), 1);
}

/// Attack T15 of `tests/ATTACKS.md`.
#[tokio::test]
async fn a_device_that_joined_the_other_history_is_part_of_the_fork() {
    let mut server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &wallet);
    laptop.create("My vault").await.unwrap();
    server = server.restart();
    let backup = server.files();
    let kept = laptop.add(key("Told to the laptop")).await.unwrap().id;
    server = server.restore(&backup);
    let mut phone = Device::new(&server, &wallet);
    phone.meet().await.unwrap();
    phone.accept().await.unwrap();
    let mut laptop = laptop.reopened();
    laptop.unlock().await.unwrap();
    let fork = Alarm::Fork { mine: 2, offered: 2 };
    assert!(laptop.events().contains(&Event::Alarm(fork.clone())), "the vault signed both");
    assert_eq!(laptop.add(key("On either")).await.err(), Some(Failure::Alarm(fork)));
    assert_eq!(laptop.list().await.unwrap().iter().map(|row| row.id).collect::<Vec<_>>(), [kept]);
    assert_eq!(server.rows("commits").await, 2);
}
