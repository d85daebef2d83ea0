//! A device that does not know the vault fetches what is live, not every write that led to it.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use std::cell::Cell;
use std::rc::Rc;

use crystallum_api::Id;
use crystallum_messages::{Alarm, Event, Exchange, Failure, KeyDraft};
use crystallum_system_tests::{Device, credentials, draft, read_by_a_phone};
use crystallum_test_support::commits::vault_key;
use crystallum_test_support::format::{body_length, sign_as_vault};
use crystallum_test_support::{Fault, Passkeys, Server};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

fn key(label: &str) -> KeyDraft {
    draft(Exchange::Kraken, label, "", credentials(&format!("api-key-of-{label}"), "secret of a page"))
}

/// Returns the labels of a device's keys, sorted.
async fn labels(device: &mut Device) -> Vec<String> {
    let mut labels: Vec<_> = device.list().await.unwrap().into_iter().map(|row| row.label).collect();
    labels.sort();
    labels
}

/// The vault changes between any two objects of the first page and what comes after them: a key is
/// renamed, one is deleted, one is added, its secret replaced, a method removed, a device joins.
#[tokio::test]
async fn a_vault_that_changes_meanwhile_is_fetched_as_it_is_in_the_end() {
    let server = Server::start();
    let (wallet, other) = (Passkeys::default(), Passkeys::default());
    let mut laptop = Device::new(&server, &wallet);
    laptop.create("My vault").await.unwrap();
    let sheet = laptop.sheet().await.unwrap();
    laptop.confirm(&sheet).await.unwrap();
    laptop.authenticator.then_hold(&other);
    laptop.add_passkey("Other").await.unwrap();
    laptop.authenticator.hold(&wallet);
    let renamed = laptop.add(key("To be renamed")).await.unwrap().id;
    let deleted = laptop.add(key("To be deleted")).await.unwrap().id;
    laptop.add(key("Left alone")).await.unwrap();
    let page = laptop.network.browser().send("GET", "/api/state", None).await.unwrap();
    let page: Value = serde_json::from_slice(&page.body).unwrap();

    laptop.rename(renamed, "Renamed").await.unwrap();
    laptop.delete(deleted).await.unwrap();
    let added = laptop.add(key("Added")).await.unwrap().id;
    laptop.rename(added, "Added and renamed").await.unwrap();
    let removed = laptop.sign_in_methods().await.unwrap();
    let removed = removed.iter().find(|method| method.name == "Other").unwrap().id;
    laptop.remove_sign_in_method(removed).await.unwrap();
    let mut phone = Device::new(&server, &wallet);
    phone.unlock_any().await.unwrap();
    laptop.sync().await.unwrap();
    let expected = labels(&mut laptop).await;
    assert_eq!(expected, ["Added and renamed", "Left alone", "Renamed"]);

    let objects = page["objects"].as_array().unwrap();
    for first in 1..=objects.len() {
        let mut page = page.clone();
        page["objects"] = objects[..first].into();
        page["more"] = (first < objects.len()).into();
        let mut clean = Device::new(&server, &wallet);
        clean.network.once("/api/state", Fault::forge(200, &page));
        let notice = clean.meet().await.unwrap_or_else(|failed| panic!("{first}: {failed:?}"));
        clean.accept().await.unwrap();
        laptop.sync().await.unwrap();
        assert_eq!(labels(&mut clean).await, expected, "{first} objects of the first page");
        // A page that has all but secrets is a state of its own, which was the newest once.
        let is_whole = objects[first - 1]["overview"].is_null() && objects[first - 1]["kind"] == "record";
        assert_eq!(notice.change < 12, is_whole, "{first}");
        assert_eq!(clean.reveal(added).await.unwrap(), laptop.reveal(added).await.unwrap());
        // It goes on as any device does.
        clean = clean.lock().await;
        clean.unlock().await.unwrap();
    }
}

/// Makes an object whose id is the nth one.
fn numbered(object: &Value, number: u64) -> Value {
    let mut object = object.clone();
    let id = [[0xff; 8].as_slice(), &number.to_be_bytes()].concat();
    object["id"] = BASE64URL_NOPAD.encode(&id).into();
    object
}

/// Attack T24 of `tests/ATTACKS.md`.
#[tokio::test]
async fn nothing_is_fetched_without_end() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &wallet);
    laptop.create("My vault").await.unwrap();
    laptop.add(key("A")).await.unwrap();
    let page = laptop.network.browser().send("GET", "/api/state", None).await.unwrap();
    let page: Value = serde_json::from_slice(&page.body).unwrap();
    let objects = page["objects"].as_array().unwrap().clone();
    let (keyslot, device) = (objects[0].clone(), objects[4].clone());
    assert_eq!((&keyslot["kind"], &device["kind"]), (&json!("keyslot"), &json!("device")));
    for (what, kept, more, most) in [
        // Before the key is proved, four pages of keyslots. Nothing says how many there may be.
        ("keyslots", 0, keyslot, 4),
        // After that, no more than the signed head says.
        ("devices", 4, device, 1),
    ] {
        let asked = Rc::new(Cell::new(0_u64));
        let count = Rc::clone(&asked);
        let objects = objects.clone();
        let mut clean = Device::new(&server, &wallet);
        clean.network.always(
            "/api/state",
            Fault::tamper(move |answer| {
                let number = count.replace(count.get() + 1);
                let mut page = if number == 0 { objects[..kept].to_vec() } else { Vec::new() };
                page.extend((0..500).map(|at| numbered(&more, number * 500 + at)));
                answer["objects"] = page.into();
                answer["more"] = true.into();
            }),
        );
        let failed = clean.meet().await.unwrap_err();
        let is_alarm = matches!(failed, Failure::Alarm(Alarm::Tampered { .. }));
        assert!(if what == "devices" { is_alarm } else { failed == Failure::TooMuchAtOnce }, "{failed:?}");
        assert_eq!(asked.get(), most, "{what}: pages");
        assert_eq!(clean.network.count("/api/delta"), 0, "{what}");
        assert!(clean.profile.disk.snapshot().is_empty(), "{what}");
    }
}

/// Before the vault's key is proved, a head that begins like one of a later version stops the
/// device. After that, only one that the vault has signed does.
#[tokio::test]
async fn a_page_of_a_later_version_has_to_be_signed_once_the_key_is_proved() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &wallet);
    laptop.create("My vault").await.unwrap();
    let page = laptop.network.browser().send("GET", "/api/state", None).await.unwrap();
    let page: Value = serde_json::from_slice(&page.body).unwrap();
    let mut first = page.clone();
    first["objects"].as_array_mut().unwrap().truncate(5);
    first["more"] = true.into();
    let mut head = BASE64URL_NOPAD.decode(page["head"].as_str().unwrap().as_bytes()).unwrap();
    head[0] = 2;
    let mut later = page;
    later["head"] = BASE64URL_NOPAD.encode(&head).into();
    let mut clean = Device::new(&server, &wallet);
    clean.network.once("/api/state", Fault::forge(200, &later));
    assert_eq!(clean.meet().await.err(), Some(Failure::Alarm(Alarm::TooNew)));
    let mut clean = Device::new(&server, &wallet);
    clean.network.once("/api/state", Fault::forge(200, &first));
    clean.network.once("/api/state", Fault::forge(200, &later));
    let failed = clean.meet().await;
    assert!(matches!(failed, Err(Failure::Alarm(Alarm::Tampered { .. }))), "{failed:?}");
}

/// A page has more entries than the server says there are.
#[tokio::test]
async fn heads_beyond_the_newest_counter_are_refused() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &wallet);
    laptop.create("My vault").await.unwrap();
    let mut phone = Device::new(&server, &wallet);
    phone.unlock_any().await.unwrap();
    laptop.sync().await.unwrap();
    let before = laptop.list().await.unwrap().len();
    phone.add(key("A")).await.unwrap();
    phone.add(key("B")).await.unwrap();
    laptop.network.once(
        "/api/delta",
        Fault::tamper(|answer| answer["counter"] = (answer["counter"].as_u64().unwrap() - 1).into()),
    );
    drop(laptop.sync().await);
    let events = laptop.events();
    let is_alarm = |event: &Event| matches!(event, Event::Alarm(Alarm::Tampered { .. }));
    assert!(events.iter().any(is_alarm), "{events:?}");
    assert_eq!(laptop.list().await.unwrap().len(), before);
}

/// The heads of all pages, and what the server says was written between them, are one history.
#[tokio::test]
async fn pages_of_several_heads_are_one_history() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &wallet);
    laptop.create("My vault").await.unwrap();
    let id = laptop.add(key("A")).await.unwrap().id;
    let page = laptop.network.browser().send("GET", "/api/state", None).await.unwrap();
    let mut first: Value = serde_json::from_slice(&page.body).unwrap();
    first["objects"].as_array_mut().unwrap().truncate(3);
    first["more"] = true.into();
    laptop.rename(id, "0").await.unwrap();
    // With the ciphertext that only the newest version has.
    let early = laptop.network.browser().send("GET", "/api/delta?since=2", None).await.unwrap();
    let early: Value = serde_json::from_slice(&early.body).unwrap();
    for number in 1..3 {
        laptop.rename(id, &number.to_string()).await.unwrap();
    }
    let long = [[0xff; 8].as_slice(), &[7; 64 * 32]].concat();
    let edge = |bytes: &[u8]| json!(BASE64URL_NOPAD.encode(bytes));
    for (what, past) in [
        ("no heads before", edge(&[0; 8])),
        ("more heads than there can be", edge(&long)),
        ("another edge", edge(&[[0, 0, 0, 0, 0, 0, 0, 1].as_slice(), &[7; 32]].concat())),
    ] {
        let mut first = first.clone();
        first["past"] = past;
        let mut clean = Device::new(&server, &wallet);
        clean.network.once("/api/state", Fault::forge(200, &first));
        let failed = clean.meet().await;
        assert!(matches!(failed, Err(Failure::Alarm(Alarm::Tampered { .. }))), "{what}: {failed:?}");
        assert_eq!(clean.network.count("/api/delta"), 0, "{what}: before anything is followed");
    }
    // What was written since the first page does not reach the head of the second one.
    assert_eq!((&early["counter"], early["entries"].as_array().unwrap().len()), (&json!(3), 1));
    let mut clean = Device::new(&server, &wallet);
    clean.network.once("/api/state", Fault::forge(200, &first));
    clean.network.always("/api/delta", Fault::forge(200, &early));
    let failed = clean.meet().await;
    assert!(matches!(failed, Err(Failure::Alarm(Alarm::Tampered { .. }))), "{failed:?}");
    clean.network.heal();
    clean.network.once("/api/state", Fault::forge(200, &first));
    assert_eq!(clean.meet().await.unwrap().change, 5);
}

#[tokio::test]
async fn nothing_is_fetched_for_a_passkey_that_does_not_open_the_vault() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &wallet);
    laptop.create("My vault").await.unwrap();
    let mut clean = Device::new(&server, &wallet);
    clean.network.always(
        "/api/state",
        Fault::tamper(|answer| {
            let (root, cold) = (answer["objects"][0]["wrap"].clone(), answer["objects"][1]["wrap"].clone());
            (answer["objects"][0]["wrap"], answer["objects"][1]["wrap"]) = (cold, root);
            answer["more"] = true.into();
        }),
    );
    assert!(clean.meet().await.is_err());
    assert_eq!(clean.network.count("/api/state"), 1);
}

/// Somebody without the root shows the vault's keyslots under a head of their own.
#[tokio::test]
async fn nothing_is_fetched_for_a_head_that_another_key_has_signed() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &wallet);
    laptop.create("My vault").await.unwrap();
    laptop.add(key("A")).await.unwrap();
    let page = laptop.network.browser().send("GET", "/api/state", None).await.unwrap();
    let mut page: Value = serde_json::from_slice(&page.body).unwrap();
    page["objects"].as_array_mut().unwrap().truncate(5);
    page["more"] = true.into();
    let mut head = BASE64URL_NOPAD.decode(page["head"].as_str().unwrap().as_bytes()).unwrap();
    let (other, end) = (vault_key(Id([7; 16])), body_length(&head));
    head[end - 32..end].copy_from_slice(other.verifying_key().as_bytes());
    sign_as_vault(&mut head, &other);
    laptop.profile.keys.sign_head(&mut head);
    page["head"] = BASE64URL_NOPAD.encode(&head).into();
    let mut clean = Device::new(&server, &wallet);
    clean.network.once("/api/state", Fault::forge(200, &page));
    let failed = clean.meet().await;
    assert!(matches!(failed, Err(Failure::Alarm(Alarm::Tampered { .. }))), "{failed:?}");
    assert_eq!(clean.network.count("/api/state"), 1);
}

/// The sheet names a change that the new device has not verified, so the server must prove it.
#[tokio::test]
async fn a_sheet_of_long_ago_is_proved_to_be_part_of_the_history() {
    let server = Server::start();
    let mut laptop = Device::new(&server, &Passkeys::default());
    laptop.create("My vault").await.unwrap();
    let sheet = laptop.new_sheet().await.unwrap();
    laptop.confirm(&sheet).await.unwrap();
    let id = laptop.add(key("A")).await.unwrap().id;
    for number in 0..5 {
        laptop.rename(id, &number.to_string()).await.unwrap();
    }
    let text = read_by_a_phone(&sheet);
    let counter = sheet.change;
    let mut clean = Device::new(&server, &Passkeys::default());
    for (what, fault) in [
        (
            "another hash",
            Fault::tamper(|answer| answer["hashes"][0] = BASE64URL_NOPAD.encode(&[7; 32]).into()),
        ),
        ("no hash", Fault::tamper(|answer| answer["hashes"] = json!([]))),
        (
            "one hash more",
            Fault::tamper(|answer| {
                answer["hashes"].as_array_mut().unwrap().push(BASE64URL_NOPAD.encode(&[7; 32]).into());
            }),
        ),
        ("no proof", Fault::forge(404, &json!({ "code": "not_found" }))),
    ] {
        clean.network.always("/api/history", fault);
        let refused = clean.recover(&text).await;
        assert!(
            matches!(refused, Err(Failure::Alarm(Alarm::BelowSheet { sheet, .. })) if sheet == counter),
            "{what}: {refused:?}"
        );
        assert!(clean.network.heal(), "{what}");
    }
    clean.recover(&text).await.unwrap();
    clean.finish_recovery().await.unwrap();
    // A device that joined later asks for a proof as well, and checks it.
    let mut clean = clean.lock().await;
    clean.unlock().await.unwrap();
    assert_eq!(clean.list().await.unwrap()[0].label, "4");
}
