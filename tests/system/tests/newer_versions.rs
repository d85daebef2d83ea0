//! A vault that a later version has written: a device that knows it asks for an update, whatever
//! the changes beside the head are.

use crystallum_messages::{Alarm, Event, Exchange, Failure, KeyDraft};
use crystallum_system_tests::{Device, credentials, draft, sign_head};
use crystallum_test_support::{Fault, Passkeys, Server};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

/// The place of `min format` in a head.
const MIN_FORMAT: usize = 3;

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

/// What no reader of this version knows.
fn unknown_changes() -> Vec<Value> {
    vec![
        json!([{ "kind": "label", "id": "AAAAAAAAAAAAAAAAAAAAAA", "text": "new" }]),
        json!([{ "kind": "device_gone", "id": "AAAAAAAAAAAAAAAAAAAAAA", "reason": 7 }]),
        json!([{ "kind": "keyslot_gone", "id": "too short" }]),
        json!([3, { "nested": [null] }]),
        json!({ "all": "in another form" }),
        Value::Null,
    ]
}

/// Attacks T54, T56 of `tests/ATTACKS.md`.
#[tokio::test]
async fn a_newer_head_is_recognised_before_its_changes_are_read() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &wallet);
    laptop.create("My vault").await.unwrap();
    let mut phone = Device::new(&server, &wallet);
    phone.unlock_any().await.unwrap();
    phone.sync().await.unwrap();
    laptop.add(key("By a later version")).await.unwrap();
    let roots = std::rc::Rc::new(laptop.roots());
    alarms(&phone);

    for changes in unknown_changes() {
        let signed_by_vault = |sign: bool| {
            let (roots, changes) = (roots.clone(), changes.clone());
            Fault::tamper(move |answer| {
                let entry = answer["entries"].as_array_mut().unwrap().last_mut().unwrap();
                let head = entry["head"].as_str().unwrap().as_bytes();
                let mut head = BASE64URL_NOPAD.decode(head).unwrap();
                head[MIN_FORMAT] = 2;
                if sign {
                    sign_head(&roots, &mut head);
                }
                entry["head"] = BASE64URL_NOPAD.encode(&head).into();
                entry["changes"] = changes.clone();
            })
        };
        phone.network.always("/api/delta", signed_by_vault(true));
        // It also says so while it is in an alarm that says less.
        drop(phone.sync().await);
        assert_eq!(alarms(&phone), [Alarm::TooNew], "{changes}");
        let refused = phone.add(key("Too late")).await.err();
        assert_eq!(refused, Some(Failure::Alarm(Alarm::TooNew)), "nothing is written on it");
        phone.network.heal();
        phone = phone.reopened();
        // What the vault did not sign is no newer version.
        phone.network.always("/api/delta", signed_by_vault(false));
        phone.unlock().await.unwrap();
        assert_eq!(alarms(&phone), [Alarm::Tampered { offered: 3 }], "{changes}");
        phone.network.heal();
        phone = phone.reopened();
        phone.network.always("/api/delta", Fault::NotSent);
        phone.unlock().await.unwrap();
        assert_eq!(alarms(&phone), [Alarm::Tampered { offered: 3 }], "{changes}");
        phone.network.heal();
    }
    phone.sync().await.unwrap();
    assert_eq!(alarms(&phone), []);
    assert_eq!(phone.list().await.unwrap().len(), 1);
}

/// T21: in a head of this version, the same changes are refused.
#[tokio::test]
async fn unknown_changes_of_a_known_version_are_refused() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &wallet);
    laptop.create("My vault").await.unwrap();
    let mut laptop = laptop.lock().await;
    let mut phone = Device::new(&server, &wallet);
    phone.unlock_any().await.unwrap();
    for changes in unknown_changes() {
        laptop.network.always(
            "/api/delta",
            Fault::tamper(move |answer| {
                let entries = answer["entries"].as_array_mut().unwrap();
                entries.last_mut().unwrap()["changes"] = changes.clone();
            }),
        );
        laptop.unlock().await.unwrap();
        assert_eq!(alarms(&laptop), [Alarm::Tampered { offered: 2 }]);
        laptop.network.heal();
        laptop = laptop.reopened();
    }
}
