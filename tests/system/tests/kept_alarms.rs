//! Alarms are states: they are there after locking and after a crash, nothing is written until they
//! are over, and they are over only when the server shows what it should have shown.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use crystallum_messages::{Alarm, Alarms, EndedAlarm, Event, Exchange, Failure, KeyDraft, entry};
use crystallum_system_tests::{Device, credentials, draft};
use crystallum_test_support::{Fault, Passkeys, Server};
use serde_json::Value;

fn key(label: &str) -> KeyDraft {
    draft(Exchange::Kraken, label, "", credentials("api-key-of-alarms", "a secret"))
}

/// Returns the alarms, and the ends of alarms, in the events since the last call.
fn raised_and_ended(device: &Device) -> (Vec<Alarm>, Vec<Alarm>) {
    let (mut raised, mut ended) = (Vec::new(), Vec::new());
    for event in device.events() {
        match event {
            Event::Alarm(alarm) => raised.push(alarm),
            Event::AlarmEnded(alarm) => ended.push(alarm),
            _ => {}
        }
    }
    (raised, ended)
}

/// A device that knows a vault at change 3, and another one that has written changes 4 and 5.
async fn scene(server: &Server) -> (Device, Device) {
    let wallet = Passkeys::default();
    let mut laptop = Device::new(server, &wallet);
    laptop.create("My vault").await.unwrap();
    let mut phone = Device::new(server, &wallet);
    phone.unlock_any().await.unwrap();
    laptop.sync().await.unwrap();
    laptop.add(key("Known to both")).await.unwrap();
    phone.add(key("Of the phone")).await.unwrap();
    phone.add(key("Of the phone, too")).await.unwrap();
    (laptop, phone)
}

fn altered() -> Fault {
    Fault::tamper(|answer| {
        let entries = answer["entries"].as_array_mut().unwrap();
        if let Some(entry) = entries.get_mut(1) {
            entry["changes"] = Value::Array(Vec::new());
        }
    })
}

/// Checks that a device is in an alarm, shows it once at every unlock, and writes nothing, however
/// it is locked and reopened. Nobody answers meanwhile.
async fn stays_in(mut device: Device, alarm: &Alarm, server: &Server) -> Device {
    let commits = server.rows("commits").await;
    let refused = Some(Failure::Alarm(alarm.clone()));
    device.network.set_offline(true);
    for how in ["locked", "reopened"] {
        device = if how == "locked" { device.lock().await } else { device.reopened() };
        let vault = device.hello().await.unwrap().vaults[0].id;
        device.run(entry::Command::Unlock { vault: Some(vault) }).await.unwrap();
        assert_eq!(raised_and_ended(&device), (vec![alarm.clone()], vec![]), "{how}");
        assert_eq!(device.add(key("In an alarm")).await.err(), refused, "{how}");
        assert_eq!(device.sync().await.err(), refused, "{how}");
        let alarms = device.alarms().await.unwrap();
        assert_eq!(alarms.kept.map(|kept| kept.alarm).as_ref(), Some(alarm), "{how}");
        assert_eq!(raised_and_ended(&device), (vec![], vec![]), "{how}: it was shown");
    }
    device.network.set_offline(false);
    device.network.heal();
    assert_eq!(server.rows("commits").await, commits);
    device
}

/// Checks that an alarm is over, that a note is left of it until somebody has looked, and that the
/// device writes again.
async fn is_over(device: &mut Device, alarm: &Alarm) {
    let Alarms { kept, ended, .. } = device.alarms().await.unwrap();
    let change = device.add(key("After the alarm")).await.map(|_| ());
    assert_eq!((kept, change), (None, Ok(())));
    let [EndedAlarm { alarm: of, since, ended, .. }] = &ended[..] else { panic!("{ended:?}") };
    assert!(of == alarm && since < ended);
}

/// Attack T17 of `tests/ATTACKS.md`.
#[tokio::test]
async fn an_alarm_is_there_until_the_server_shows_what_it_should_have_shown() {
    let server = Server::start();
    let (laptop, _phone) = scene(&server).await;
    laptop.network.always("/api/delta", altered());
    let mut laptop = laptop.lock().await;
    laptop.unlock().await.unwrap();
    let tampered = Alarm::Tampered { offered: 4 };
    assert_eq!(raised_and_ended(&laptop), (vec![tampered.clone()], vec![]));
    let laptop = stays_in(laptop, &tampered, &server).await;

    let mut laptop = laptop.lock().await;
    laptop.unlock().await.unwrap();
    assert_eq!(raised_and_ended(&laptop), (vec![], vec![tampered.clone()]));
    is_over(&mut laptop, &tampered).await;
    assert_eq!(laptop.list().await.unwrap().len(), 4);
    // The note stays, too, until somebody has looked.
    let mut laptop = laptop.lock().await;
    laptop.unlock().await.unwrap();
    assert_eq!(laptop.alarms().await.unwrap().ended.len(), 1);
    laptop.acknowledge_alarms().await.unwrap();
    let mut laptop = laptop.lock().await;
    laptop.unlock().await.unwrap();
    assert_eq!(laptop.alarms().await, Ok(Alarms::default()));
    assert_eq!(raised_and_ended(&laptop), (vec![], vec![]));
}

/// The alarm also ends without locking, and also if the server has nothing newer.
/// Attack T14 of `tests/ATTACKS.md`.
#[tokio::test]
async fn a_server_that_shows_the_newest_state_again_ends_the_alarm() {
    let mut server = Server::start();
    let mut laptop = Device::new(&server, &Passkeys::default());
    laptop.create("My vault").await.unwrap();
    server = server.restart();
    let older = server.files();
    laptop.add(key("Lost for a while")).await.unwrap();
    server = server.restart();
    let newest = server.files();
    server = server.restore(&older);
    laptop.sync().await.unwrap();
    let rollback = Alarm::Rollback { mine: 2, offered: 1 };
    assert_eq!(raised_and_ended(&laptop), (vec![rollback.clone()], vec![]));
    let mut laptop = stays_in(laptop, &rollback, &server).await;
    assert_eq!(
        laptop.sync().await.err(),
        Some(Failure::Alarm(rollback.clone())),
        "it is still the older one"
    );

    let server = server.restore(&newest);
    laptop.sync().await.unwrap();
    assert_eq!(raised_and_ended(&laptop), (vec![], vec![rollback.clone()]));
    is_over(&mut laptop, &rollback).await;
    assert_eq!(server.rows("commits").await, 3);
}

/// A server that only says that it has this device's state does not end an alarm.
/// Attack T14 of `tests/ATTACKS.md`.
#[tokio::test]
async fn a_claim_does_not_end_an_alarm() {
    let mut server = Server::start();
    let mut laptop = Device::new(&server, &Passkeys::default());
    laptop.create("My vault").await.unwrap();
    server = server.restart();
    let older = server.files();
    laptop.add(key("Lost")).await.unwrap();
    let session = laptop.network.browser().send("GET", "/api/session", None).await.unwrap();
    let session: Value = serde_json::from_slice(&session.body).unwrap();
    let server = server.restore(&older);
    laptop.sync().await.unwrap();
    let rollback = Alarm::Rollback { mine: 2, offered: 1 };
    assert_eq!(raised_and_ended(&laptop), (vec![rollback.clone()], vec![]));
    let mut laptop = laptop.lock().await;
    let claim = move |answer: &mut Value| {
        answer["counter"] = session["counter"].clone();
        answer["head"] = session["head"].clone();
    };
    laptop.network.always("/api/login", Fault::tamper(claim.clone()));
    laptop.network.always("/api/session", Fault::tamper(claim));
    laptop.unlock().await.unwrap();
    let refused = Some(Failure::Alarm(rollback.clone()));
    assert_eq!(laptop.add(key("On a claim")).await.err(), refused);
    assert_eq!(laptop.sync().await.err(), refused);
    assert_eq!(raised_and_ended(&laptop), (vec![rollback], vec![]), "it was never over");
    assert_eq!(server.rows("commits").await, 1);
}

/// Two histories: both heads are kept, and are a file that anybody can check.
/// Attack T15 of `tests/ATTACKS.md`.
#[tokio::test]
async fn a_fork_is_kept_with_both_heads() {
    let mut server = Server::start();
    let (mut laptop, mut phone) = scene(&server).await;
    laptop.sync().await.unwrap();
    server = server.restart();
    let before = server.files();
    laptop.add(key("Told to the laptop")).await.unwrap();
    laptop.add(key("Told to the laptop, too")).await.unwrap();
    let own = laptop.network.browser().send("GET", "/api/delta?since=5", None).await.unwrap();
    let own: Value = serde_json::from_slice(&own.body).unwrap();
    server = server.restart();
    let of_laptop = server.files();
    server = server.restore(&before);
    phone.add(key("Told to the phone")).await.unwrap();
    let offered = phone.network.browser().send("GET", "/api/delta?since=5", None).await.unwrap();
    let offered: Value = serde_json::from_slice(&offered.body).unwrap();

    assert_eq!(laptop.evidence().await, Ok(None));
    laptop.sync().await.unwrap();
    // The phone's history is shorter, and another one all the same.
    let fork = Alarm::Fork { mine: 7, offered: 6 };
    assert_eq!(raised_and_ended(&laptop), (vec![fork.clone()], vec![]));
    let mut laptop = stays_in(laptop, &fork, &server).await;

    // Lies about less do not take the evidence away.
    laptop.network.always("/api/delta", altered());
    assert_eq!(laptop.sync().await.err(), Some(Failure::Alarm(fork.clone())));
    laptop.network.heal();
    assert!(laptop.alarms().await.unwrap().kept.is_some_and(|kept| kept.has_evidence));
    let file = laptop.evidence().await.unwrap().unwrap();
    let file: Value = serde_json::from_slice(&file).unwrap();
    let head = |answer: &Value| {
        let head = answer["entries"][0]["head"].as_str().unwrap();
        data_encoding::HEXLOWER.encode(&data_encoding::BASE64URL_NOPAD.decode(head.as_bytes()).unwrap())
    };
    assert_eq!(file["form"], "crystallum evidence 1");
    assert_eq!(file["alarm"], serde_json::json!({ "fork": { "mine": 7, "offered": 6 } }));
    assert_eq!((&file["own"]["change"], &file["own"]["head"]), (&6.into(), &head(&own).into()));
    assert_eq!((&file["offered"]["change"], &file["offered"]["head"]), (&6.into(), &head(&offered).into()));

    // The server shows the laptop's own history again.
    let _server = server.restore(&of_laptop);
    laptop.sync().await.unwrap();
    assert_eq!(raised_and_ended(&laptop), (vec![], vec![fork.clone()]));
    is_over(&mut laptop, &fork).await;
    assert_eq!(laptop.evidence().await, Ok(None));
}
