//! A change that this device withdrew, because the server had refused it for good: if the server
//! shows it later, the device raises an alarm and never adopts it.

use crystallum_messages::{Alarm, Event, Exchange, Failure, KeyDraft};
use crystallum_system_tests::{Device, credentials, draft};
use crystallum_test_support::{Fault, Passkeys, Server};
use serde_json::{Value, json};

fn key(label: &str) -> KeyDraft {
    draft(Exchange::Kraken, label, "", credentials("api-key-withdrawn", "a secret"))
}

fn alarms(device: &Device) -> Vec<Alarm> {
    let alarm = |event| match event {
        Event::Alarm(alarm) => Some(alarm),
        _ => None,
    };
    device.events().into_iter().filter_map(alarm).collect()
}

/// Tells the device that its change of sign-in methods is refused for good. `fault` says what
/// becomes of the change.
async fn refuse_new_sheet(device: &mut Device, fault: Fault) {
    device.network.once("/api/sign-in-methods", fault);
    assert_eq!(device.new_sheet().await.err(), Some(Failure::Refused));
}

fn stored() -> Fault {
    Fault::replace(400, &json!({ "code": "bad_request" }))
}

const DISOWNED: Alarm = Alarm::Disowned { offered: 2 };

#[tokio::test]
async fn a_refused_change_that_the_server_stored_is_never_adopted() {
    let server = Server::start();
    let mut laptop = Device::new(&server, &Passkeys::default());
    laptop.create("My vault").await.unwrap();
    refuse_new_sheet(&mut laptop, stored()).await;
    alarms(&laptop);
    assert_eq!(server.rows("commits").await, 2, "the server lied");

    laptop.sync().await.unwrap();
    assert_eq!(alarms(&laptop), [DISOWNED]);
    assert_eq!(laptop.add(key("On it")).await.err(), Some(Failure::Alarm(DISOWNED)));
    // It is known after locking and after a crash, too.
    let mut laptop = laptop.lock().await;
    for _ in 0..2 {
        assert_eq!(laptop.unlock().await.unwrap().change, 1, "the copy of this device stays");
        assert_eq!(alarms(&laptop), [DISOWNED]);
        assert_eq!(laptop.add(key("On it")).await.err(), Some(Failure::Alarm(DISOWNED)));
        laptop = laptop.reopened();
    }
    assert_eq!(server.rows("commits").await, 2);
}

#[tokio::test]
async fn a_history_that_contains_a_withdrawn_change_is_not_followed() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &wallet);
    laptop.create("My vault").await.unwrap();
    refuse_new_sheet(&mut laptop, stored()).await;
    let mut phone = Device::new(&server, &wallet);
    phone.unlock_any().await.unwrap();
    phone.add(key("Built on it")).await.unwrap();
    laptop.sync().await.unwrap();
    assert!(alarms(&laptop).contains(&DISOWNED));
    assert!(laptop.list().await.unwrap().is_empty());
}

#[tokio::test]
async fn a_withdrawn_change_is_named_even_after_another_took_its_place() {
    let mut server = Server::start();
    let mut laptop = Device::new(&server, &Passkeys::default());
    laptop.create("My vault").await.unwrap();
    server = server.restart();
    let before = server.files();
    refuse_new_sheet(&mut laptop, stored()).await;
    server = server.restart();
    let with_it = server.files();
    server = server.restore(&before);
    laptop.add(key("In its place")).await.unwrap();
    let server = server.restore(&with_it);
    laptop.sync().await.unwrap();
    assert_eq!(alarms(&laptop), [DISOWNED]);
    assert_eq!((server.rows("commits").await, laptop.list().await.unwrap().len()), (2, 1));
}

#[tokio::test]
async fn a_refused_change_that_was_not_stored_is_no_obstacle() {
    let server = Server::start();
    let mut laptop = Device::new(&server, &Passkeys::default());
    laptop.create("My vault").await.unwrap();
    for _ in 0..3 {
        refuse_new_sheet(&mut laptop, Fault::forge(400, &json!({ "code": "bad_request" }))).await;
    }
    laptop.add(key("Goes on")).await.unwrap();
    let mut laptop = laptop.lock().await;
    laptop.unlock().await.unwrap();
    laptop.new_sheet().await.unwrap();
    assert_eq!(alarms(&laptop), []);
}

#[tokio::test]
async fn a_change_that_lost_the_race_is_not_disowned() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &wallet);
    laptop.create("My vault").await.unwrap();
    let mut phone = Device::new(&server, &wallet);
    phone.unlock_any().await.unwrap();
    laptop.sync().await.unwrap();
    // The laptop does not hear of the phone's change before it sends its own.
    let before = laptop.network.browser().send("GET", "/api/session", None).await.unwrap();
    let before: Value = serde_json::from_slice(&before.body).unwrap();
    phone.add(key("First")).await.unwrap();
    laptop.network.always("/api/session", Fault::tamper(move |session| *session = before.clone()));
    assert_eq!(laptop.new_sheet().await.err(), Some(Failure::Overtaken));
    assert_eq!(laptop.profile.disk.snapshot().keys().filter(|key| key.ends_with("/disowned")).count(), 0);
}
