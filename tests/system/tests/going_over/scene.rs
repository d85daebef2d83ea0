//! A vault with two histories, and what the devices that know them show.

use crystallum_messages::{Alarm, DeviceId, Exchange, GoneOver, KeyDraft, RecordId, access};
use crystallum_system_tests::{Device, credentials, draft};
use crystallum_test_support::{Passkeys, Server};

/// Returns a key whose secret names its first label.
pub(crate) fn key(label: &str) -> KeyDraft {
    draft(Exchange::Kraken, label, "a note", credentials("api-key-of-going-over", label))
}

pub(crate) type Files = Vec<(String, Vec<u8>)>;

/// A vault that was used on two branches of its history. Each device has seen one of them.
pub(crate) struct Fork {
    pub(crate) server: Server,
    pub(crate) wallet: Passkeys,
    pub(crate) laptop: Device,
    pub(crate) phone: Device,
    /// Knows what both branches have in common.
    pub(crate) desk: Device,
    pub(crate) of_laptop: Files,
    pub(crate) of_phone: Files,
}

impl Fork {
    /// Both branches have a new key and an edit of the same key; on each of them one of the keys
    /// that both had is deleted, and on the laptop's the tablet is removed.
    pub(crate) async fn set() -> Self {
        let server = Server::start();
        let wallet = Passkeys::default();
        let mut laptop = Device::new(&server, &wallet);
        laptop.create("My vault").await.unwrap();
        let mut phone = Device::new(&server, &wallet);
        phone.unlock_any().await.unwrap();
        let mut desk = Device::new(&server, &wallet);
        desk.unlock_any().await.unwrap();
        laptop.sync().await.unwrap();
        let known = other_devices(&mut laptop).await;
        Device::new(&server, &wallet).unlock_any().await.unwrap();
        laptop.sync().await.unwrap();
        let mut tablet = other_devices(&mut laptop).await;
        tablet.retain(|device| !known.contains(device));
        laptop.add(key("Left alone")).await.unwrap();
        let edited = laptop.add(key("Edited")).await.unwrap().id;
        let deleted = laptop.add(key("Deleted by the laptop")).await.unwrap().id;
        let other = laptop.add(key("Deleted by the phone")).await.unwrap().id;
        phone.sync().await.unwrap();
        desk.sync().await.unwrap();
        let server = server.restart();
        let before = server.files();

        laptop.add(key("New on the laptop")).await.unwrap();
        let renamed = laptop.add(key("Renamed")).await.unwrap().id;
        laptop.rename(renamed, "Renamed on the laptop").await.unwrap();
        laptop.rename(edited, "Edited on the laptop").await.unwrap();
        laptop.erase(deleted).await.unwrap();
        laptop.done(access::Command::RemoveDevices { devices: tablet }).await.unwrap();
        let server = server.restart();
        let of_laptop = server.files();

        let server = server.restore(&before);
        phone.add(key("New on the phone")).await.unwrap();
        phone.rename(edited, "Edited on the phone").await.unwrap();
        phone.erase(other).await.unwrap();
        let server = server.restart();
        let of_phone = server.files();
        Self { server, wallet, laptop, phone, desk, of_laptop, of_phone }
    }

    /// Shows the history of the phone to the laptop.
    pub(crate) async fn seen_by_laptop() -> Self {
        let mut fork = Self::set().await;
        fork.laptop.sync().await.unwrap();
        assert!(matches!(alarm(&mut fork.laptop).await, Some(Alarm::Fork { .. })));
        fork
    }
}

/// Returns the devices other than this one.
pub(crate) async fn other_devices(device: &mut Device) -> Vec<DeviceId> {
    let devices = device.devices().await.unwrap();
    devices.iter().filter(|listed| !listed.this).map(|listed| listed.id).collect()
}

pub(crate) async fn alarm(device: &mut Device) -> Option<Alarm> {
    device.alarms().await.unwrap().kept.map(|kept| kept.alarm)
}

pub(crate) async fn gone_over(device: &mut Device) -> GoneOver {
    device.alarms().await.unwrap().gone_over.unwrap()
}

/// Returns the labels of all keys with their secrets and ids.
pub(crate) async fn contents(device: &mut Device) -> Vec<(String, String, RecordId)> {
    while device.fetch_secrets().await {}
    let mut contents = Vec::new();
    for row in device.list().await.unwrap() {
        let secret = device.reveal(row.id).await.unwrap().api_secret.expose().to_owned();
        contents.push((row.label, secret, row.id));
    }
    contents
}

pub(crate) async fn labels(device: &mut Device) -> Vec<String> {
    device.list().await.unwrap().into_iter().map(|row| row.label).collect()
}

/// Checks that all of these devices, and a new one, have the same, and that each of them goes on.
pub(crate) async fn agree(server: &Server, wallet: &Passkeys, devices: &mut [&mut Device]) {
    server.examine();
    let mut new = Device::new(server, wallet);
    new.unlock_any().await.unwrap();
    let all = contents(&mut new).await;
    for device in devices {
        device.sync().await.unwrap();
        assert_eq!(alarm(device).await, None);
        assert_eq!(contents(device).await, all);
        let id = device.add(key("Afterwards")).await.unwrap().id;
        device.erase(id).await.unwrap();
    }
}

pub(crate) const ALL: [&str; 8] = [
    "Deleted by the laptop",
    "Deleted by the phone",
    "Edited on the laptop",
    "Edited on the phone",
    "Left alone",
    "New on the laptop",
    "New on the phone",
    "Renamed on the laptop",
];

/// Returns all labels but that of a key which the history that was gone over to has deleted.
pub(crate) fn all_but(deleted: &str) -> Vec<&'static str> {
    ALL.into_iter().filter(|label| *label != deleted).collect()
}
