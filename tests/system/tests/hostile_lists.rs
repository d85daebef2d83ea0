//! A hostile server and the lists of devices and of sign-in methods: both are what the vault
//! signed, so nothing is added, hidden or brought back.

use std::rc::Rc;

use crystallum_messages::{Alarm, Event, Failure, SignInMethodKind, access};
use crystallum_system_tests::Device;
use crystallum_test_support::{Fault, Passkeys, Server};
use data_encoding::BASE64URL_NOPAD;
use serde_json::{Value, json};

/// A vault with two passkeys, a sheet and three devices, of which one passkey and one device were
/// removed afterwards.
struct Scene {
    wallet: Passkeys,
    laptop: Device,
    /// A device that knows the vault as it was before the removals.
    tablet: Device,
    /// What a newcomer was given before the removals.
    before: Vec<Value>,
    /// What a newcomer is given now.
    now: Vec<Value>,
}

async fn objects(device: &Device) -> Vec<Value> {
    let answer = device.network.browser().send("GET", "/api/state", None).await.unwrap();
    let answer: Value = serde_json::from_slice(&answer.body).unwrap();
    assert_eq!(answer["more"], json!(false));
    answer["objects"].as_array().unwrap().clone()
}

impl Scene {
    async fn set(server: &Server) -> Self {
        let (wallet, other) = (Passkeys::default(), Passkeys::default());
        let mut laptop = Device::new(server, &wallet);
        laptop.create("My vault").await.unwrap();
        let sheet = laptop.sheet().await.unwrap();
        laptop.confirm(&sheet).await.unwrap();
        laptop.authenticator.then_hold(&other);
        laptop.add_passkey("Phone").await.unwrap();
        laptop.authenticator.hold(&wallet);
        let mut tablet = Device::new(server, &wallet);
        tablet.unlock_any().await.unwrap();
        let mut phone = Device::new(server, &other);
        phone.unlock_any().await.unwrap();
        tablet.sync().await.unwrap();
        let tablet = tablet.lock().await;
        laptop.sync().await.unwrap();
        let before = objects(&laptop).await;

        let methods = laptop.sign_in_methods().await.unwrap();
        let passkey = |name: &str| {
            let found = methods.iter().find(|method| method.name == name);
            found.filter(|method| method.kind == SignInMethodKind::Passkey).unwrap().id
        };
        laptop.remove_sign_in_method(passkey("Phone")).await.unwrap();
        let newest = laptop.devices().await.unwrap().pop().unwrap().id;
        laptop.done(access::Command::RemoveDevices { devices: vec![newest] }).await.unwrap();
        assert_eq!(laptop.devices().await.unwrap().len(), 2);
        let now = objects(&laptop).await;
        Self { wallet, laptop, tablet, before, now }
    }

    /// Returns what was there before the removals and is gone, of this kind.
    fn gone(&self, kind: &str) -> Vec<Value> {
        let is_live = |object: &Value| {
            self.now.iter().any(|live| (&live["kind"], &live["id"]) == (&object["kind"], &object["id"]))
        };
        self.before.iter().filter(|object| object["kind"] == kind && !is_live(object)).cloned().collect()
    }
}

fn id(object: &Value) -> Vec<u8> {
    BASE64URL_NOPAD.decode(object["id"].as_str().unwrap().as_bytes()).unwrap()
}

/// Puts an object where a server would have it: among those of its kind, in the order of the ids.
fn put(objects: &mut Vec<Value>, object: Value) {
    let before = |other: &Value| other["kind"] == object["kind"] && id(other) < id(&object);
    let first = objects.iter().position(|other| other["kind"] == object["kind"]).unwrap();
    let at = objects.iter().rposition(before).map_or(first, |last| last + 1);
    objects.insert(at, object);
}

fn without(objects: &[Value], kind: &str, nth: usize) -> Vec<Value> {
    let mut objects = objects.to_vec();
    let at = objects.iter().enumerate().filter(|(_, object)| object["kind"] == kind).nth(nth).unwrap().0;
    objects.remove(at);
    objects
}

fn with(objects: &[Value], more: &[Value]) -> Vec<Value> {
    let mut objects = objects.to_vec();
    for object in more {
        put(&mut objects, object.clone());
    }
    objects
}

/// T28, T35: a device that does not know the vault is shown a list that the vault did not sign.
#[tokio::test]
async fn a_new_device_is_shown_no_other_list_than_the_vault_signed() {
    let server = Server::start();
    let scene = Scene::set(&server).await;
    let now = &scene.now;
    let (devices, slots) = (scene.gone("device"), scene.gone("keyslot"));
    assert_eq!((devices.len(), slots.len()), (1, 2), "the phone, and two wraps of its passkey");
    let mut invented = now.iter().find(|object| object["kind"] == "device").unwrap().clone();
    invented["id"] = BASE64URL_NOPAD.encode(&[7; 16]).into();

    let lists = [
        ("T28: a device of the server's own", with(now, &[invented])),
        ("T28: a device hidden", without(now, "device", 0)),
        ("T28: the other device hidden", without(now, "device", 1)),
        ("T28: a removed device again", with(now, &devices)),
        ("T28: a removed device in place of another", with(&without(now, "device", 1), &devices)),
        ("T35: a removed passkey again", with(now, &slots)),
        ("T35: a removed passkey in place of the sheet", {
            let kept: Vec<Value> = without(&without(now, "keyslot", 0), "keyslot", 0);
            with(&kept, &slots)
        }),
        ("T35: one wrap of a removed passkey", with(now, &slots[..1])),
        ("T35: a wrap left out", without(now, "keyslot", 3)),
        ("T28, T35: all of it again", scene.before.clone()),
    ];
    let commits = server.rows("commits").await;
    for (what, list) in lists {
        let mut clean = Device::new(&server, &scene.wallet);
        clean
            .network
            .always("/api/state", Fault::tamper(move |answer| answer["objects"] = list.clone().into()));
        let failed = clean.meet().await.err();
        assert!(
            matches!(failed, Some(Failure::Alarm(Alarm::Tampered { .. }) | Failure::WrongPasskey)),
            "{what}: {failed:?}"
        );
        assert!(clean.profile.disk.snapshot().is_empty(), "{what}: nothing is kept");
    }
    assert_eq!(server.rows("commits").await, commits, "none of them joined");
    // The same way of putting objects together is accepted when they are those that were signed.
    let mut clean = Device::new(&server, &scene.wallet);
    let list =
        with(&without(now, "device", 1), &[now.iter().rfind(|it| it["kind"] == "device").unwrap().clone()]);
    clean.network.always("/api/state", Fault::tamper(move |answer| answer["objects"] = list.clone().into()));
    clean.unlock_any().await.unwrap();
    assert_eq!(clean.devices().await.unwrap().len(), 3);
    assert_eq!(clean.sign_in_methods().await.unwrap().len(), 2);
}

/// T28, T35: a device that knows the vault is not told of a removal, or of another one.
#[tokio::test]
async fn a_known_device_hears_of_every_removal_or_raises_an_alarm() {
    let server = Server::start();
    let mut scene = Scene::set(&server).await;
    let live = scene.now.iter().rfind(|object| object["kind"] == "device").unwrap()["id"].clone();
    type Lie = Rc<dyn Fn(&mut Vec<Value>)>;
    let dropped = |kind: &'static str| -> Lie {
        Rc::new(move |changes| changes.retain(|change| change["kind"] != kind))
    };
    let lies: [(&str, &str, Lie); 4] = [
        ("T28: the removal left out", "device_gone", dropped("device_gone")),
        (
            "T28: another device removed",
            "device_gone",
            Rc::new(move |changes| {
                changes
                    .iter_mut()
                    .filter(|it| it["kind"] == "device_gone")
                    .for_each(|it| it["id"] = live.clone());
            }),
        ),
        ("T35: the removal left out", "keyslot_gone", dropped("keyslot_gone")),
        (
            "T35: half of the removal left out",
            "keyslot_gone",
            Rc::new(|changes| {
                let at = changes.iter().position(|it| it["kind"] == "keyslot_gone").unwrap();
                changes.remove(at);
            }),
        ),
    ];
    for (what, kind, lie) in lies {
        scene.tablet.network.always(
            "/api/delta",
            Fault::tamper(move |answer| {
                let entries = answer["entries"].as_array_mut().unwrap();
                let mut all = entries.iter_mut().map(|entry| entry["changes"].as_array_mut().unwrap());
                lie(all.find(|changes| changes.iter().any(|change| change["kind"] == kind)).unwrap());
            }),
        );
        scene.tablet.unlock().await.unwrap();
        let events = scene.tablet.events();
        let tampered = |event: &Event| matches!(event, Event::Alarm(Alarm::Tampered { .. }));
        assert!(events.iter().any(tampered), "{what}: {events:?}");
        scene.tablet.network.heal();
        scene.tablet = scene.tablet.reopened();
    }
    scene.tablet.unlock().await.unwrap();
    assert_eq!(scene.tablet.devices().await.unwrap().len(), 2);
    assert_eq!(scene.tablet.sign_in_methods().await.unwrap().len(), 2);
    assert_eq!(scene.laptop.devices().await.unwrap().len(), 2);
}
