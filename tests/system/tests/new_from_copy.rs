//! The last way on from an alarm that does not end: a new vault with the keys of the copy.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use crystallum_messages::{
    Copied, Copyable, Credentials, Exchange, Failure, ImpossibleState, KeyRow, SyncState,
};
use crystallum_system_tests::{Device, credentials, draft};
use crystallum_test_support::{Fault, Passkeys, Server};
use serde_json::Value;

/// More than two changes of the new vault bring.
const KEYS: usize = 70;

/// A vault with keys, one of them edited twice and one in the trash, and a wallet, on a device that
/// a server has lied to.
async fn in_alarm(server: &Server, wallet: &Passkeys) -> Device {
    let mut laptop = Device::new(server, wallet);
    laptop.create("My vault").await.unwrap();
    let mut ids = Vec::new();
    for number in 0..KEYS {
        let secret = credentials(&format!("api-key-{number:03}"), &format!("secret {number}"));
        ids.push(
            laptop
                .add(draft(Exchange::Kraken, &format!("Key {number:03}"), "a note", secret))
                .await
                .unwrap()
                .id,
        );
    }
    laptop.rename(ids[0], "Renamed").await.unwrap();
    laptop.delete(ids[1]).await.unwrap();
    laptop.add_wallet("Cold", PHRASE, 2, 3).await.unwrap();
    laptop.network.always("/api/delta", Fault::tamper(|answer| answer["counter"] = Value::from(1)));
    laptop.network.always("/api/session", Fault::tamper(|answer| answer["counter"] = Value::from(1)));
    laptop.sync().await.unwrap();
    assert!(laptop.alarms().await.unwrap().kept.is_some());
    laptop
}

const PHRASE: &str = "legal winner thank year wave sausage worth useful legal winner thank yellow";

async fn content(device: &mut Device) -> Vec<(KeyRow, Credentials)> {
    let mut content = Vec::new();
    for row in device.list().await.unwrap() {
        let secret = device.reveal(row.id).await.unwrap();
        content.push((row, secret));
    }
    content
}

async fn copy_all(device: &mut Device) -> usize {
    let mut changes = 0;
    loop {
        let Copied { left, .. } = device.copy_next().await.unwrap();
        changes += 1;
        if left == 0 {
            return changes;
        }
    }
}

#[tokio::test]
async fn a_new_vault_has_the_keys_of_the_copy() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = in_alarm(&server, &wallet).await;
    let count = |keys: usize| u32::try_from(keys).unwrap();
    let copyable = Copyable { keys: count(KEYS), wallets: 1, awaited: 0, unreadable: 0 };
    assert_eq!(laptop.count_copyable().await.unwrap(), copyable);
    let (before, trash) = (content(&mut laptop).await, laptop.trash().await.unwrap());
    assert_eq!((before.len(), trash.len()), (KEYS - 1, 1));
    let old = laptop.hello().await.unwrap().vaults[0].id;

    let opened = laptop.create_from_copy("A new vault").await.unwrap();
    assert!(opened.id != old && opened.sync == SyncState::Synced);
    laptop.network.heal();
    assert_eq!(copy_all(&mut laptop).await, 3);
    assert_eq!(content(&mut laptop).await, before);
    assert_eq!(laptop.trash().await.unwrap(), trash);
    assert_eq!(laptop.wallets().await.unwrap(), Vec::new());
    assert_eq!(laptop.alarms().await.unwrap().kept, None);
    let nothing = Some(Failure::Impossible(ImpossibleState::NothingToCopy));
    assert_eq!(laptop.copy_next().await.err(), nothing);

    // Another device reads it all, and the old vault is still on this one.
    let mut phone = Device::new(&server, &wallet);
    phone.unlock_any().await.unwrap();
    phone.wait_for_secrets().await;
    assert_eq!(content(&mut phone).await, before);
    let known: Vec<_> = laptop.hello().await.unwrap().vaults.into_iter().map(|vault| vault.id).collect();
    assert!(known.contains(&old) && known.contains(&opened.id));
}

/// However the network fails, each record arrives once.
#[tokio::test]
async fn an_interrupted_copy_goes_on() {
    for fault in [Fault::NotSent, Fault::AnswerLost] {
        let server = Server::start();
        let wallet = Passkeys::default();
        let mut laptop = in_alarm(&server, &wallet).await;
        let before = content(&mut laptop).await;
        laptop.create_from_copy("A new vault").await.unwrap();
        laptop.network.heal();
        laptop.copy_next().await.unwrap();
        laptop.network.always("/api/commit", fault.clone());
        assert!(laptop.copy_next().await.is_err(), "{fault:?}");
        laptop.network.heal();
        copy_all(&mut laptop).await;
        assert_eq!(content(&mut laptop).await, before, "{fault:?}");
    }
}

/// Nothing is created, and the copy stays open, if the passkey is refused. Without an alarm there
/// is nothing to flee from.
#[tokio::test]
async fn the_copy_stays_open_until_there_is_a_new_vault() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = in_alarm(&server, &wallet).await;
    let before = content(&mut laptop).await;
    laptop.network.once("/api/accounts", Fault::NotSent);
    laptop.network.once("/api/accounts", Fault::NotSent);
    assert_eq!(laptop.create_from_copy("A new vault").await.err(), Some(Failure::Unreachable));
    assert_eq!(content(&mut laptop).await, before);
    laptop.create_from_copy("A new vault").await.unwrap();
    laptop.network.heal();
    copy_all(&mut laptop).await;
    assert_eq!(content(&mut laptop).await, before);
    let nothing = Some(Failure::Impossible(ImpossibleState::NothingToCopy));
    assert_eq!(laptop.create_from_copy("Another vault").await.err(), nothing);
}
