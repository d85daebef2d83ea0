//! A device that another one removed from the vault: it says so, keeps what it has, signs nothing,
//! and raises no false alarm.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use crystallum_api::{Change, Id};
use crystallum_messages::{
    Alarm, AsideKind, Event, Exchange, Failure, KeyDraft, SecretText, access, session,
};
use crystallum_system_tests::{Device, credentials, draft, successor};
use crystallum_test_support::{Fault, Passkeys, Server};
use serde_json::json;

/// The operation that removes devices.
const DEVICES: u8 = 8;
const REMOVED: Failure = Failure::Alarm(Alarm::DeviceRemoved);

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

async fn labels(device: &mut Device) -> Vec<String> {
    device.list().await.unwrap().into_iter().map(|row| row.label).collect()
}

/// Returns the id by which a device is known to its vault.
fn device_id(device: &Device) -> Id {
    let stored = device.profile.disk.snapshot();
    let (_, id) = stored.iter().find(|(name, _)| name.ends_with("/device")).unwrap();
    Id(id.as_slice().try_into().unwrap())
}

/// A laptop and a phone with one vault of one key.
async fn pair(server: &Server) -> (Device, Device) {
    let wallet = Passkeys::default();
    let mut laptop = Device::new(server, &wallet);
    laptop.create("My vault").await.unwrap();
    let mut phone = Device::new(server, &wallet);
    phone.unlock_any().await.unwrap();
    laptop.add(key("Stored")).await.unwrap();
    phone.sync().await.unwrap();
    (laptop, phone)
}

/// Has the laptop, which wrote the newest head, remove the phone.
async fn remove(laptop: &mut Device, phone: &Device) {
    let changes = vec![Change::DeviceGone { id: device_id(phone) }];
    let commit = successor(laptop, &laptop.roots(), DEVICES, changes, Id([9; 16])).await;
    let body = serde_json::to_vec(&commit).unwrap();
    let answer = laptop.network.browser().send("POST", "/api/commit", Some(&body)).await.unwrap();
    assert_eq!(answer.status, 200);
    laptop.sync().await.unwrap();
    assert_eq!(alarms(laptop), []);
}

/// Attack T28 of `tests/ATTACKS.md`.
#[tokio::test]
async fn a_removed_device_says_so_and_writes_nothing() {
    let server = Server::start();
    let (mut laptop, mut phone) = pair(&server).await;
    remove(&mut laptop, &phone).await;
    laptop.add(key("Without it")).await.unwrap();
    alarms(&phone);

    phone.sync().await.unwrap();
    assert_eq!(alarms(&phone), [Alarm::DeviceRemoved]);
    assert_eq!(labels(&mut phone).await, ["Stored", "Without it"], "what it was shown stays");
    let before = phone.network.count("/api/commit");
    assert_eq!(phone.add(key("In vain")).await.err(), Some(REMOVED));
    // Neither locking nor a crash makes it forget, and its copy is not damaged.
    for _ in 0..2 {
        phone = phone.reopened();
        assert_eq!(phone.unlock().await.unwrap().records, 2);
        assert_eq!(alarms(&phone), [Alarm::DeviceRemoved]);
        assert_eq!(phone.add(key("In vain")).await.err(), Some(REMOVED));
    }
    assert_eq!(phone.network.count("/api/commit"), before, "nothing was sent");

    // Once the vault is forgotten, the passkey opens it as on any new device.
    let phone = phone.lock().await;
    let mut phone = phone;
    let vault = phone.hello().await.unwrap().vaults[0].id;
    phone.done(crystallum_messages::entry::Command::Forget { vault }).await.unwrap();
    phone.unlock_any().await.unwrap();
    phone.add(key("As a new device")).await.unwrap();
    assert_eq!(labels(&mut phone).await, ["As a new device", "Stored", "Without it"]);
    assert_eq!(alarms(&phone), []);
}

#[tokio::test]
async fn a_write_finds_out_before_it_is_signed() {
    let server = Server::start();
    let (mut laptop, mut phone) = pair(&server).await;
    remove(&mut laptop, &phone).await;
    alarms(&phone);
    assert_eq!(phone.add(key("In vain")).await.err(), Some(REMOVED));
    assert_eq!(alarms(&phone), [Alarm::DeviceRemoved]);
    assert_eq!(phone.network.count("/api/commit"), 1, "its own join");
}

/// The user was told that it is saved.
#[tokio::test]
async fn a_change_that_waits_on_a_removed_device_is_kept() {
    let server = Server::start();
    for restarts in [false, true] {
        let (mut laptop, mut phone) = pair(&server).await;
        phone.network.set_offline(true);
        phone.add(key("Told that it is saved")).await.unwrap();
        let draft = session::Command::SaveDraft { draft: Some(SecretText::new("key\nhalf a form".into())) };
        phone.done(draft).await.unwrap();
        remove(&mut laptop, &phone).await;
        phone.network.set_offline(false);
        if restarts {
            phone = phone.reopened();
            phone.unlock().await.unwrap();
        } else {
            phone.sync().await.unwrap();
        }
        for _ in 0..2 {
            assert_eq!(alarms(&phone), [Alarm::DeviceRemoved]);
            let aside = phone.aside().await.unwrap();
            let rows: Vec<_> = aside.iter().map(|row| (row.kind, row.label.as_str())).collect();
            assert_eq!(rows, [(AsideKind::Key, "Told that it is saved")]);
            let again = session::Command::SaveAside { id: aside[0].id };
            assert_eq!(phone.done(again).await.err(), Some(REMOVED));
            let draft = phone.run(session::Command::DraftForm).await.unwrap();
            assert_eq!(
                session::Reply::try_from(draft).ok(),
                Some(session::Reply::DraftForm(Some("key".to_owned())))
            );
            assert_eq!(labels(&mut phone).await, ["Stored"]);
            phone = phone.reopened();
            phone.unlock().await.unwrap();
        }
    }
}

#[tokio::test]
async fn a_device_that_is_removed_while_it_enters_says_so_however_often_it_goes_on() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &wallet);
    laptop.create("My vault").await.unwrap();
    let mut phone = Device::new(&server, &wallet);
    phone.meet().await.unwrap();
    phone.network.always("/api/commit", Fault::AnswerLost);
    assert_eq!(phone.accept().await.err(), Some(Failure::Unreachable));
    phone.network.heal();
    laptop.sync().await.unwrap();
    let entered = laptop.devices().await.unwrap()[1].id;
    laptop.done(access::Command::RemoveDevices { devices: vec![entered] }).await.unwrap();

    phone.network.once("/api/commit", Fault::forge(409, &json!({ "code": "conflict" })));
    for _ in 0..2 {
        assert_eq!(phone.accept().await.err(), Some(REMOVED));
    }
    phone = phone.reopened();
    alarms(&phone);
    phone.unlock().await.unwrap();
    assert_eq!(alarms(&phone), [Alarm::DeviceRemoved], "its copy is not damaged");
    assert_eq!(server.rows("commits").await, 3, "it entered once");
}
