//! What keeps a device from going over: a server that lies, and what the other history lacks.

use crystallum_messages::going_over::Place;
use crystallum_messages::{Failure, NotGoneOver, access, session};
use crystallum_system_tests::Device;
use crystallum_test_support::{Fault, Passkeys};
use serde_json::{Value, json};

use crate::scene::{Fork, agree, alarm, contents, key, labels, other_devices};

/// A server that lies while a device looks or goes over. Nothing is adopted, and the alarm stays.
/// Attack T15 of `tests/ATTACKS.md`.
#[tokio::test]
async fn a_server_that_lies_meanwhile_is_refused() {
    let Fork { server, wallet, mut laptop, mut phone, .. } = Fork::seen_by_laptop().await;
    let fork = alarm(&mut laptop).await;
    let mine = labels(&mut laptop).await;
    let seen = laptop.differences().await.unwrap().server;
    let unproved = Some(Failure::NotGoneOver(NotGoneOver::Unproved));
    let altered = Fault::tamper(|page| {
        let objects = page["objects"].as_array_mut().unwrap();
        objects.pop();
    });
    let no_proof = Fault::forge(404, &json!({ "code": "not_found" }));
    let wrong_proof = Fault::tamper(|proof| {
        if let Some(hash) = proof["hashes"].get_mut(0) {
            *hash = "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA".into();
        }
    });
    for (what, path, fault) in [
        ("an altered page", "/api/state", altered),
        ("no proof of a common past", "/api/history", no_proof),
        ("a wrong proof of it", "/api/history", wrong_proof),
    ] {
        laptop.network.always(path, fault);
        assert_eq!(laptop.differences().await.err(), unproved, "{what}");
        let command = session::Command::GoOver { seen };
        assert_eq!(laptop.done(command).await.err(), unproved, "{what}");
        laptop.network.heal();
        assert_eq!((alarm(&mut laptop).await, labels(&mut laptop).await), (fork.clone(), mine.clone()));
        assert_eq!(laptop.aside().await.unwrap(), [], "{what}");
    }
    // Later changes of the same history are fine.
    phone.add(key("Later on the phone")).await.unwrap();
    laptop.done(session::Command::GoOver { seen }).await.unwrap();
    assert!(labels(&mut laptop).await.contains(&"Later on the phone".to_owned()));
    agree(&server, &wallet, &mut [&mut laptop, &mut phone]).await;
}

/// The secrets of the other history take the place of this device's own. A server that withholds
/// them would have it give up its own for nothing.
/// Attack T15 of `tests/ATTACKS.md`.
#[tokio::test]
async fn no_secret_is_given_up_for_one_that_is_withheld() {
    let Fork { server, wallet, mut laptop, mut phone, .. } = Fork::seen_by_laptop().await;
    let mine = contents(&mut laptop).await;
    let withheld = Fault::tamper(|page| {
        let objects = page["objects"].as_array_mut().unwrap();
        let is_secret = |object: &Value| object["secret"].is_object() && object["overview"].is_null();
        let first = objects.iter().position(is_secret).unwrap_or(objects.len());
        objects.truncate(first + 1);
        page["more"] = true.into();
    });
    laptop.network.always("/api/state", withheld);
    let seen = laptop.differences().await.unwrap().server;
    let command = session::Command::GoOver { seen };
    assert!(laptop.done(command.clone()).await.is_err());
    assert!(alarm(&mut laptop).await.is_some());
    assert_eq!(contents(&mut laptop).await, mine);
    laptop.network.heal();
    laptop.done(command).await.unwrap();
    agree(&server, &wallet, &mut [&mut laptop, &mut phone]).await;
}

/// The server shows a third history after the second one was looked at.
/// Attack T15 of `tests/ATTACKS.md`.
#[tokio::test]
async fn another_history_than_the_one_that_was_seen_is_not_taken() {
    let Fork { server, mut laptop, mut phone, of_phone, .. } = Fork::seen_by_laptop().await;
    phone.add(key("Seen by the laptop")).await.unwrap();
    let seen = laptop.differences().await.unwrap().server;
    let server = server.restart().restore(&of_phone);
    let mut third = Device::new(&server, &Passkeys::default());
    third.create("Another vault").await.unwrap();
    assert_eq!(laptop.differences().await.unwrap().server.change, seen.change - 1);
    let command = session::Command::GoOver { seen };
    assert_eq!(laptop.done(command).await.err(), Some(Failure::NotGoneOver(NotGoneOver::Moved)));
    assert!(alarm(&mut laptop).await.is_some());
    // Without an alarm about another history there is nothing to go over to.
    let none = Some(Failure::NotGoneOver(NotGoneOver::NoOtherHistory));
    assert_eq!(third.differences().await.err(), none);
}

/// The laptop's own history is back.
#[tokio::test]
async fn a_device_does_not_go_over_to_its_own_history() {
    let Fork { server, mut laptop, of_laptop, .. } = Fork::seen_by_laptop().await;
    let _server = server.restore(&of_laptop);
    let none = Some(Failure::NotGoneOver(NotGoneOver::NoOtherHistory));
    assert_eq!(laptop.differences().await.err(), none);
    laptop.sync().await.unwrap();
    assert_eq!(alarm(&mut laptop).await, None);
}

#[tokio::test]
async fn a_device_that_was_removed_there_keeps_what_it_has() {
    let Fork { server: _server, mut laptop, mut phone, .. } = Fork::seen_by_laptop().await;
    let others = other_devices(&mut phone).await;
    phone.done(access::Command::RemoveDevices { devices: others }).await.unwrap();
    let mine = labels(&mut laptop).await;
    let differences = laptop.differences().await.unwrap();
    assert_eq!(differences.hindrance, Some(NotGoneOver::RemovedThere));
    assert!(differences.devices.iter().any(|device| device.this && device.place == Place::Here));
    let removed = Some(Failure::NotGoneOver(NotGoneOver::RemovedThere));
    assert_eq!(laptop.go_over().await.err(), removed);
    assert!(alarm(&mut laptop).await.is_some());
    assert_eq!(labels(&mut laptop).await, mine);
}
