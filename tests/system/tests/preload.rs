//! What is loaded and verified before a vault is unlocked, and what unlocking then costs.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use crystallum_messages::{Exchange, Failure, Refusal, Reply, VaultId, entry, session};
use crystallum_system_tests::{Device, credentials, draft};
use crystallum_test_support::{Passkeys, Server};

async fn add(device: &mut Device, label: &str) {
    let secret = credentials("4F1A9C0D7E2B58", "an api secret");
    device.add(draft(Exchange::Kraken, label, "a note", secret)).await.unwrap();
}

async fn labels(device: &mut Device) -> Vec<String> {
    device.list().await.unwrap().into_iter().map(|row| row.label).collect()
}

/// Returns how often the records were read.
fn loads(device: &Device) -> usize {
    device.profile.disk.scans().iter().filter(|prefix| prefix.ends_with("/record/")).count()
}

async fn unlock(device: &mut Device, vault: VaultId) -> Result<Reply, Failure> {
    device.run(entry::Command::Unlock { vault: Some(vault) }).await
}

/// Creates a vault with one key, and locks it without ending the app.
async fn locked_vault(server: &Server, passkeys: &Passkeys) -> (Device, VaultId) {
    let mut laptop = Device::new(server, passkeys);
    let vault = laptop.create("My vault").await.unwrap().id;
    add(&mut laptop, "Main").await;
    laptop.run(session::Command::Lock).await.unwrap();
    (laptop, vault)
}

#[tokio::test]
async fn unlocking_reads_no_record_that_is_preloaded() {
    let (server, passkeys) = (Server::start(), Passkeys::default());
    let (mut laptop, vault) = locked_vault(&server, &passkeys).await;
    let before = loads(&laptop);
    laptop.hello().await.unwrap();
    laptop.preload().await;
    laptop.preload().await;
    assert_eq!(loads(&laptop), before + 1, "read before anybody asks, and once");
    laptop.authenticator.refuse_touch(1, Refusal::Cancelled);
    unlock(&mut laptop, vault).await.unwrap_err();
    unlock(&mut laptop, vault).await.unwrap();
    assert_eq!(loads(&laptop), before + 1, "a prompt that was dismissed changes nothing");
    assert_eq!(labels(&mut laptop).await, ["Main"]);

    laptop.run(session::Command::Lock).await.unwrap();
    unlock(&mut laptop, vault).await.unwrap();
    assert_eq!(loads(&laptop), before + 2, "read during the ceremony, since it was not yet");
}

#[tokio::test]
async fn unlocking_asks_the_server_once_if_it_has_nothing_newer() {
    let (server, passkeys) = (Server::start(), Passkeys::default());
    let (mut laptop, vault) = locked_vault(&server, &passkeys).await;
    let paths = |device: &Device| -> Vec<String> {
        device.network.calls().into_iter().map(|call| call.request.path).collect()
    };
    let before = paths(&laptop).len();
    unlock(&mut laptop, vault).await.unwrap();
    assert_eq!(paths(&laptop)[before..], ["/api/login/challenge", "/api/login"]);

    laptop.run(session::Command::Lock).await.unwrap();
    let mut phone = Device::new(&server, &passkeys);
    phone.unlock_any().await.unwrap();
    add(&mut phone, "Phone").await;
    unlock(&mut laptop, vault).await.unwrap();
    assert_eq!(labels(&mut laptop).await, ["Main", "Phone"]);
}

#[tokio::test]
async fn what_another_tab_did_meanwhile_counts() {
    let (server, passkeys) = (Server::start(), Passkeys::default());
    let (mut laptop, vault) = locked_vault(&server, &passkeys).await;
    laptop.hello().await.unwrap();
    laptop.preload().await;
    let mut tab = laptop.in_another_tab();
    unlock(&mut tab, vault).await.unwrap();
    add(&mut tab, "Tab").await;
    // This one cannot be sent, so it only waits on this device.
    tab.network.set_offline(true);
    add(&mut tab, "Waiting").await;
    tab.run(session::Command::Lock).await.unwrap();
    unlock(&mut laptop, vault).await.unwrap();
    assert_eq!(labels(&mut laptop).await, ["Main", "Tab", "Waiting"]);
    laptop.network.set_offline(false);
    laptop.run(session::Command::Lock).await.unwrap();

    laptop.hello().await.unwrap();
    laptop.preload().await;
    let mut tab = laptop.in_another_tab();
    tab.run(entry::Command::Forget { vault }).await.unwrap();
    let reply = unlock(&mut laptop, vault).await.unwrap();
    assert!(matches!(reply, Reply::Entry(entry::Reply::Notice(_))), "{reply:?}");
}
