//! The devices of a vault: every one is listed, can be named, and can be removed by another.

use crystallum_engine::Clock;
use crystallum_messages::{
    Device as Listed, DeviceId, Event, Exchange, Failure, KeyDraft, SignInMethodKind, access, session,
};
use crystallum_system_tests::{Device, Outsider, credentials, draft, typed};
use crystallum_test_support::{Fault, Passkeys, Server};
use serde_json::json;

fn key(label: &str) -> KeyDraft {
    draft(Exchange::Kraken, label, "", credentials("api-key-of-devices", "a secret"))
}

async fn rename(by: &mut Device, device: DeviceId, name: &str) -> Result<(), Failure> {
    by.done(access::Command::RenameDevice { device, name: name.to_owned() }).await
}

async fn remove(by: &mut Device, devices: &[DeviceId]) -> Result<(), Failure> {
    by.done(access::Command::RemoveDevices { devices: devices.to_vec() }).await
}

/// Returns whether each device is this one, its name, and the newest change that it made.
fn brief(devices: &[Listed]) -> Vec<(bool, &str, Option<u64>)> {
    let newest = |device: &Listed| device.newest.map(|(change, _)| change);
    devices.iter().map(|device| (device.this, device.name.as_str(), newest(device))).collect()
}

#[tokio::test]
async fn every_device_tells_what_it_is_and_how_it_came_in() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &wallet);
    laptop.create("My vault").await.unwrap();
    let sheet = laptop.sheet().await.unwrap();
    laptop.confirm(&sheet).await.unwrap();
    let method = laptop.sign_in_methods().await.unwrap()[0].id;
    laptop.done(access::Command::Rename { id: method, name: "Blue key".to_owned() }).await.unwrap();
    let mut phone = Device::new(&server, &wallet);
    phone.clock.advance(60_000);
    phone.unlock_any().await.unwrap();
    let joined = phone.clock.now();
    phone.add(key("Of the phone")).await.unwrap();

    // The new device knows what it found, which names the first one.
    let seen = phone.devices().await.unwrap();
    assert_eq!(brief(&seen), [(true, "", Some(5)), (false, "", Some(3))]);
    for device in &seen {
        assert_eq!(device.platform, "Firefox on Linux");
        assert_eq!((device.kind, device.method.as_str()), (Some(SignInMethodKind::Passkey), "Blue key"));
    }
    laptop.sync().await.unwrap();
    let seen = laptop.devices().await.unwrap();
    assert_eq!(brief(&seen), [(true, "", Some(3)), (false, "", Some(5))]);
    assert_eq!(seen[1].joined, joined);

    let (own, other) = (seen[0].id, seen[1].id);
    rename(&mut laptop, other, "Phone").await.unwrap();
    rename(&mut phone, own, "Desk").await.unwrap();
    laptop.sync().await.unwrap();
    for device in [&mut laptop, &mut phone] {
        let named: Vec<String> = device.devices().await.unwrap().into_iter().map(|one| one.name).collect();
        assert!(named.contains(&"Phone".to_owned()) && named.contains(&"Desk".to_owned()), "{named:?}");
    }
    for name in ["x".repeat(65), "two\nlines".to_owned()] {
        assert_eq!(rename(&mut laptop, other, &name).await, Err(Failure::NameRejected));
    }
    assert_eq!(rename(&mut laptop, DeviceId([9; 16]), "Nobody").await, Err(Failure::NoSuchRecord));
    // A device that comes in by the sheet is listed as such, until the code is used up.
    let mut found = Device::new(&server, &Passkeys::default());
    found.recover(&typed(&sheet)).await.unwrap();
    found.finish_recovery().await.unwrap();
    laptop.done(session::Command::Renew).await.unwrap();
    let seen = laptop.devices().await.unwrap();
    assert_eq!(seen.iter().filter(|device| device.kind.is_none()).count(), 1);
}

/// Attacks T28, T52 of `tests/ATTACKS.md`.
#[tokio::test]
async fn a_removed_device_writes_nothing_more() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &wallet);
    laptop.create("My vault").await.unwrap();
    let mut phone = Device::new(&server, &wallet);
    phone.unlock_any().await.unwrap();
    let mut tablet = Device::new(&server, &wallet);
    tablet.unlock_any().await.unwrap();
    laptop.sync().await.unwrap();
    let seen = laptop.devices().await.unwrap();
    let [own, others @ ..] = seen.as_slice() else { panic!("three devices") };
    let others: Vec<DeviceId> = others.iter().map(|device| device.id).collect();
    assert_eq!(others.len(), 2);

    // This device cannot be removed, and one that there is not is nothing to remove.
    for nothing in [vec![], vec![own.id], vec![DeviceId([9; 16])]] {
        assert_eq!(remove(&mut laptop, &nothing).await, Err(Failure::NoSuchRecord));
    }
    // Nothing is removed without the server.
    laptop.network.set_offline(true);
    assert_eq!(remove(&mut laptop, &others).await, Err(Failure::Unreachable));
    laptop.network.set_offline(false);
    laptop.sync().await.unwrap();
    assert_eq!(laptop.joins().await.unwrap().len(), 2);
    remove(&mut laptop, &others).await.unwrap();
    assert_eq!(laptop.joins().await.unwrap(), [], "whoever removes a device knows that it entered");
    assert_eq!(brief(&laptop.devices().await.unwrap()), [(true, "", Some(4))]);

    let commits = server.rows("commits").await;
    for device in [&mut phone, &mut tablet] {
        assert!(device.add(key("By a removed device")).await.is_err());
    }
    assert_eq!(server.rows("commits").await, commits, "the server took nothing of them");
    laptop.add(key("Goes on")).await.unwrap();
    // The passkey still opens the vault: a removed device can come back as a new one.
    let mut again = Device::new(&server, &wallet);
    again.unlock_any().await.unwrap();
    laptop.sync().await.unwrap();
    assert_eq!(laptop.devices().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_removal_whose_answer_is_lost_is_made_once() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &wallet);
    laptop.create("My vault").await.unwrap();
    Device::new(&server, &wallet).unlock_any().await.unwrap();
    laptop.sync().await.unwrap();
    let other = laptop.devices().await.unwrap()[1].id;
    laptop.network.once("/api/commit", Fault::AnswerLost);
    // The outcome is unknown at first, and found out with the next synchronisation.
    assert!(matches!(remove(&mut laptop, &[other]).await, Ok(()) | Err(Failure::Unsettled)));
    laptop.sync().await.unwrap();
    assert_eq!(laptop.devices().await.unwrap().len(), 1);
}

/// More devices enter than one change can remove.
#[tokio::test]
async fn devices_without_number_are_removed_in_parts() {
    const ENTERED: usize = 251;
    let server = Server::start();
    let mut laptop = Device::new(&server, &Passkeys::default());
    laptop.create("My vault").await.unwrap();
    let method = laptop.sign_in_methods().await.unwrap()[0].id;
    Outsider::of(&laptop).await.admit_devices(method, ENTERED).await;
    laptop.sync().await.unwrap();
    let seen = laptop.devices().await.unwrap();
    let others: Vec<DeviceId> = seen.iter().filter(|device| !device.this).map(|device| device.id).collect();
    assert_eq!((others.len(), laptop.joins().await.unwrap().len()), (ENTERED, ENTERED));

    // The server refuses the second part. What was removed stays removed, and is told so.
    laptop.network.once("/api/commit", Fault::swap(|_| ()));
    laptop.network.once("/api/commit", Fault::forge(400, &json!({ "code": "bad_request" })));
    assert_eq!(remove(&mut laptop, &others).await, Err(Failure::PartlyRemoved));
    let left = laptop.devices().await.unwrap().len() - 1;
    assert!(0 < left && left < ENTERED, "{left}");
    assert_eq!(laptop.joins().await.unwrap().len(), left);
    laptop.events();
    let writes = laptop.profile.disk.writes();
    remove(&mut laptop, &others).await.unwrap();
    assert_eq!(laptop.devices().await.unwrap().len(), 1);
    assert_eq!(laptop.joins().await.unwrap(), []);
    // The events of the joins end together, so that the page reads its lists twice.
    let changed = laptop.events().into_iter().filter(|event| *event == Event::Changed).count();
    assert_eq!((changed, laptop.profile.disk.writes() - writes), (2, 3));
    assert_eq!(remove(&mut laptop, &others).await, Err(Failure::NoSuchRecord));
    laptop.add(key("Goes on")).await.unwrap();
}

/// The devices are gone, whether or not this device can store that somebody has looked.
#[tokio::test]
async fn a_removal_is_made_although_the_events_of_joins_stay() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &wallet);
    laptop.create("My vault").await.unwrap();
    Device::new(&server, &wallet).unlock_any().await.unwrap();
    laptop.sync().await.unwrap();
    let other = laptop.devices().await.unwrap()[1].id;
    // The change itself is stored before and after it is sent.
    laptop.profile.disk.fail_write(3);
    remove(&mut laptop, &[other]).await.unwrap();
    assert_eq!(laptop.devices().await.unwrap().len(), 1);
    let joins = laptop.joins().await.unwrap();
    assert_eq!(joins.iter().map(|join| join.live).collect::<Vec<_>>(), [false]);
}
