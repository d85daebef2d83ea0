//! A device with all keys writes a record that no device can list: the others keep what they have.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use crystallum_api::{Commit, Delta};
use crystallum_messages::{Alarm, Event, Exchange, Failure};
use crystallum_peers::Writer;
use crystallum_system_tests::{Device, credentials, draft};
use crystallum_test_support::{Passkeys, SeededRng, Server};

/// Joins the vault as a second device.
async fn join_as_second_device(device: &Device) -> (Writer, SeededRng) {
    let history = device.network.browser().send("GET", "/api/delta?since=0", None).await.unwrap();
    let history: Delta = serde_json::from_slice(&history.body).unwrap();
    let mut rng = SeededRng::next_stream();
    let outputs = device.authenticator.outputs();
    let (writer, joining) =
        outputs.iter().find_map(|output| Writer::join(&history.entries, output, &mut rng).ok()).unwrap();
    send(device, &joining).await;
    (writer, rng)
}

async fn send(device: &Device, commit: &Commit) {
    let body = serde_json::to_vec(commit).unwrap();
    let answer = device.network.browser().send("POST", "/api/commit", Some(&body)).await.unwrap();
    assert_eq!(answer.status, 200, "{}", String::from_utf8_lossy(&answer.body));
}

#[tokio::test]
async fn a_device_that_comes_in_meanwhile_keeps_nothing() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &wallet);
    laptop.create("My vault").await.unwrap();
    let (mut writer, mut rng) = join_as_second_device(&laptop).await;
    let mut phone = Device::new(&server, &wallet);
    phone.meet().await.unwrap();
    send(&laptop, &writer.add_unreadable(&mut rng)).await;
    let alarm = Alarm::Tampered { offered: writer.counter() };
    assert_eq!(phone.accept().await.err(), Some(Failure::Alarm(alarm)));
    assert!(phone.profile.disk.snapshot().is_empty());
}

#[tokio::test]
async fn a_record_that_cannot_be_listed_is_refused_and_the_copy_stays_open() {
    let server = Server::start();
    let mut laptop = Device::new(&server, &Passkeys::default());
    laptop.create("My vault").await.unwrap();
    laptop
        .add(draft(Exchange::Gate, "Rainy day", "", credentials("a-key-of-mine", "a secret of mine")))
        .await
        .unwrap();
    let (mut writer, mut rng) = join_as_second_device(&laptop).await;
    send(&laptop, &writer.add(1, &mut rng)).await;
    laptop.sync().await.unwrap();
    assert_eq!(laptop.list().await.unwrap().len(), 2, "what the other device writes is listed");

    send(&laptop, &writer.add_unreadable(&mut rng)).await;
    let alarm = Alarm::Tampered { offered: writer.counter() };
    laptop.events();
    laptop.sync().await.unwrap();
    assert!(laptop.events().contains(&Event::Alarm(alarm.clone())));
    assert_eq!(laptop.sync().await, Err(Failure::Alarm(alarm.clone())), "nothing goes on after it");
    assert_eq!(laptop.list().await.unwrap().len(), 2);
    // The copy was not advanced to a state that this device cannot show. It opens again, with the
    // same alarm.
    let mut laptop = laptop.lock().await;
    let opened = laptop.unlock().await.unwrap();
    assert_eq!((opened.records, opened.change), (2, writer.counter() - 1));
    assert!(laptop.events().contains(&Event::Alarm(alarm)));
    assert_eq!(laptop.list().await.unwrap().len(), 2);
}
