//! A device with all keys writes a record that no device can read: the others go on with it.
#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use crystallum_api::{Commit, Delta};
use crystallum_messages::{Event, Exchange, Failure, UnreadableReason, UnreadableRow, keys};
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

async fn unreadable(device: &mut Device) -> Vec<UnreadableRow> {
    let reply = device.run(keys::Command::ListUnreadable).await.unwrap();
    match keys::Reply::try_from(reply) {
        Ok(keys::Reply::Unreadable(rows)) => rows,
        other => panic!("not a list: {other:?}"),
    }
}

fn raised_alarm(device: &Device) -> bool {
    device.events().iter().any(|event| matches!(event, Event::Alarm(_)))
}

#[tokio::test]
async fn a_device_joins_a_vault_with_a_record_that_cannot_be_opened() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &wallet);
    laptop.create("My vault").await.unwrap();
    let (mut writer, mut rng) = join_as_second_device(&laptop).await;
    let mut phone = Device::new(&server, &wallet);
    phone.meet().await.unwrap();
    send(&laptop, &writer.add_unreadable(&mut rng)).await;
    assert_eq!(phone.accept().await.unwrap().name, "My vault");
    assert_eq!(unreadable(&mut phone).await.len(), 1);
    let mut tablet = Device::new(&server, &wallet);
    tablet.unlock_any().await.unwrap();
    assert_eq!(unreadable(&mut tablet).await.len(), 1);
    assert!(!raised_alarm(&phone) && !raised_alarm(&tablet));
}

/// One record that a device of the vault wrote wrongly, or that a newer version wrote, stops
/// nobody.
#[tokio::test]
async fn a_record_that_cannot_be_opened_is_listed_as_such_and_can_be_deleted() {
    let server = Server::start();
    let mut laptop = Device::new(&server, &Passkeys::default());
    laptop.create("My vault").await.unwrap();
    let id = laptop
        .add(draft(Exchange::Gate, "Rainy day", "", credentials("a-key-of-mine", "a secret of mine")))
        .await
        .unwrap()
        .id;
    let (mut writer, mut rng) = join_as_second_device(&laptop).await;
    send(&laptop, &writer.add(1, &mut rng)).await;
    laptop.sync().await.unwrap();
    assert_eq!(laptop.list().await.unwrap().len(), 2, "what the other device writes is listed");

    send(&laptop, &writer.add_unreadable(&mut rng)).await;
    laptop.sync().await.unwrap();
    let rows = unreadable(&mut laptop).await;
    let [UnreadableRow { id: odd, why: UnreadableReason::Sealed }] = rows.as_slice() else {
        panic!("not one row: {rows:?}");
    };
    assert!(!raised_alarm(&laptop));
    assert_eq!(laptop.list().await.unwrap().len(), 2);
    laptop.rename(id, "Sunny day").await.unwrap();
    // It is never edited or moved, so that a newer version finds it as it was.
    assert_eq!(laptop.delete(*odd).await, Err(Failure::NoSuchRecord));
    let failed = laptop.run(keys::Command::Reveal { id: *odd }).await;
    assert_eq!(failed, Err(Failure::NoSuchRecord));

    let mut laptop = laptop.lock().await;
    let opened = laptop.unlock().await.unwrap();
    assert_eq!((opened.records, opened.change), (2, writer.counter() + 1));
    assert_eq!(unreadable(&mut laptop).await, rows);
    laptop.purge(*odd).await.unwrap();
    assert!(unreadable(&mut laptop).await.is_empty());
    assert_eq!(laptop.list().await.unwrap().len(), 2);
    assert!(!raised_alarm(&laptop));
}
