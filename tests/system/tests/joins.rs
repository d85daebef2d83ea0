//! A device that enters the vault is an event on every other one, until somebody has looked.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use crystallum_engine::Clock;
use crystallum_messages::{DeviceJoin, Exchange, Failure, KeyDraft, SignInMethodKind, access};
use crystallum_system_tests::{Device, credentials, draft, typed};
use crystallum_test_support::{Fault, Passkeys, Server};

fn key(label: &str) -> KeyDraft {
    draft(Exchange::Kraken, label, "", credentials("api-key-of-joins", "a secret"))
}

async fn vault(server: &Server, wallet: &Passkeys) -> Device {
    let mut laptop = Device::new(server, wallet);
    laptop.create("My vault").await.unwrap();
    laptop
}

/// Returns the change number, the kind and the name of the sign-in method of each event.
async fn joins(device: &mut Device) -> Vec<(u64, SignInMethodKind, Option<String>)> {
    let joins = device.joins().await.unwrap();
    joins.into_iter().map(|DeviceJoin { change, kind, method, .. }| (change, kind, method)).collect()
}

async fn acknowledge(laptop: &mut Device) -> Result<(), Failure> {
    let change = laptop.joins().await?[0].change;
    laptop.done(access::Command::AcknowledgeJoin { change }).await
}

#[tokio::test]
async fn a_thief_with_a_synced_passkey_is_an_event_until_somebody_has_looked() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = vault(&server, &wallet).await;
    let method = laptop.sign_in_methods().await.unwrap()[0].id;
    let name = access::Command::Rename { id: method, name: "Everywhere".to_owned() };
    laptop.run(name).await.unwrap();
    let laptop = laptop.lock().await;

    let mut thief = Device::new(&server, &wallet);
    thief.unlock_any().await.unwrap();
    let entered = thief.clock.now();
    thief.list().await.unwrap();
    assert_eq!(joins(&mut thief).await, [], "its own join is no event");

    let mut laptop = laptop;
    laptop.unlock().await.unwrap();
    let event = (3, SignInMethodKind::Passkey, Some("Everywhere".to_owned()));
    assert_eq!(joins(&mut laptop).await, std::slice::from_ref(&event));
    assert_eq!(laptop.joins().await.unwrap()[0].time, entered);
    // Neither locking nor a crash ends it.
    let laptop = laptop.lock().await;
    let mut laptop = laptop.reopened();
    laptop.unlock().await.unwrap();
    laptop.add(key("Goes on")).await.unwrap();
    assert_eq!(joins(&mut laptop).await, std::slice::from_ref(&event));

    let mut second = Device::new(&server, &wallet);
    second.unlock_any().await.unwrap();
    laptop.sync().await.unwrap();
    let later = (5, SignInMethodKind::Passkey, Some("Everywhere".to_owned()));
    assert_eq!(joins(&mut laptop).await, [event, later.clone()]);
    acknowledge(&mut laptop).await.unwrap();
    assert_eq!(joins(&mut laptop).await, std::slice::from_ref(&later));
    let mut laptop = laptop.lock().await;
    laptop.unlock().await.unwrap();
    assert_eq!(joins(&mut laptop).await, [later]);
    thief.sync().await.unwrap();
    assert_eq!(joins(&mut thief).await.len(), 1, "every other device is told");
}

#[tokio::test]
async fn a_device_that_came_in_by_the_sheet_is_told_as_such() {
    let server = Server::start();
    let mut laptop = vault(&server, &Passkeys::default()).await;
    let sheet = laptop.sheet().await.unwrap();
    laptop.confirm(&sheet).await.unwrap();
    let mut found = Device::new(&server, &Passkeys::default());
    found.recover(&typed(&sheet)).await.unwrap();
    found.finish_recovery().await.unwrap();
    let mut laptop = laptop.lock().await;
    laptop.unlock().await.unwrap();
    let event = (3, SignInMethodKind::Sheet, None);
    assert_eq!(joins(&mut laptop).await, [event], "the code is used up, so its method is gone");
}

#[tokio::test]
async fn a_crash_while_an_event_is_stored_does_not_lose_it() {
    for fails in [true, false] {
        let server = Server::start();
        let wallet = Passkeys::default();
        let laptop = vault(&server, &wallet).await;
        let mut laptop = laptop.lock().await;
        Device::new(&server, &wallet).unlock_any().await.unwrap();
        if fails {
            laptop.profile.disk.fail_write(1);
        }
        laptop.unlock().await.unwrap();
        let mut laptop = laptop.reopened();
        laptop.unlock().await.unwrap();
        assert_eq!(joins(&mut laptop).await.len(), 1, "{fails}");
    }
}

#[tokio::test]
async fn an_event_of_a_lost_race_is_kept() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = vault(&server, &wallet).await;
    let (fault, release) = Fault::hold();
    laptop.network.once("/api/commit", fault);
    let mut phone = Device::new(&server, &wallet);
    let (saved, ()) = tokio::join!(laptop.add(key("Second")), async {
        phone.unlock_any().await.unwrap();
        release.notify_one();
    });
    saved.unwrap();
    assert_eq!(joins(&mut laptop).await.len(), 1);
    let unknown = access::Command::AcknowledgeJoin { change: 99 };
    assert_eq!(laptop.done(unknown).await, Ok(()), "it was acknowledged in another tab");
}
