//! Two histories of one vault exist, with work on both. A device goes over to the one that the
//! server shows, and carries over what only its own has: nothing is lost, and all devices agree.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

mod interrupted;
mod refused;
mod scene;

use crystallum_messages::going_over::{Fate, Place};
use crystallum_messages::{Alarm, AsideKind, SyncState};
use crystallum_system_tests::Device;
use crystallum_test_support::{PHRASE, Passkeys, Server};

use crate::scene::{Fork, agree, alarm, all_but, gone_over, key, labels};

/// Attack T15 of `tests/ATTACKS.md`.
#[tokio::test]
async fn a_device_goes_over_and_carries_what_only_it_has() {
    let Fork { server, wallet, mut laptop, mut phone, .. } = Fork::seen_by_laptop().await;
    let commits = server.rows("commits").await;
    let differences = laptop.differences().await.unwrap();
    assert_eq!((differences.hindrance, differences.common), (None, Some(8)));
    assert!(laptop.network.count("/api/history") <= 4, "the common past is found by halves");
    let rows: Vec<_> =
        differences.records.iter().map(|row| (row.label.as_str(), row.place, row.fate)).collect();
    assert_eq!(
        rows,
        [
            ("Deleted by the phone", Place::Here, Fate::ServersCounts),
            ("New on the laptop", Place::Here, Fate::ComesAlong),
            ("Renamed on the laptop", Place::Here, Fate::ComesAlong),
            ("Deleted by the laptop", Place::Server, Fate::ServersCounts),
            ("New on the phone", Place::Server, Fate::ServersCounts),
            ("Edited on the laptop", Place::Both, Fate::Copied),
        ]
    );
    let [tablet] = &differences.devices[..] else { panic!("{differences:?}") };
    assert!((tablet.place, tablet.is_removed_again, tablet.this) == (Place::Server, true, false));
    assert_eq!(server.rows("commits").await, commits, "looking changes nothing");
    assert!(alarm(&mut laptop).await.is_some());

    laptop.events();
    laptop.go_over().await.unwrap();
    assert_eq!(alarm(&mut laptop).await, None);
    let gone = gone_over(&mut laptop).await;
    assert_eq!(gone.carried, ["New on the laptop", "Renamed on the laptop"]);
    assert_eq!(gone.copied, ["Edited on the laptop"]);
    assert_eq!((gone.set_aside.len(), gone.waiting, gone.again.len()), (0, 0, 0));
    assert!(gone.is_finished && gone.has_evidence);
    assert!(laptop.evidence().await.unwrap().is_some(), "the heads can still be saved");
    assert_eq!(labels(&mut laptop).await, all_but("Deleted by the phone"));
    assert_eq!(laptop.devices().await.unwrap().len(), 3, "the tablet is removed again");
    assert_eq!(laptop.aside().await.unwrap(), []);
    agree(&server, &wallet, &mut [&mut laptop, &mut phone]).await;

    // The note stays until somebody has looked, and nothing is done twice.
    let mut laptop = laptop.lock().await;
    laptop.unlock().await.unwrap();
    assert!(gone_over(&mut laptop).await.is_finished);
    laptop.acknowledge_alarms().await.unwrap();
    let mut laptop = laptop.lock().await;
    laptop.unlock().await.unwrap();
    assert_eq!(laptop.alarms().await.unwrap(), crystallum_messages::Alarms::default());
    assert_eq!(laptop.evidence().await, Ok(None));
    agree(&server, &wallet, &mut [&mut laptop, &mut phone]).await;
}

/// The server shows the history of the laptop, so it is the phone that goes over.
#[tokio::test]
async fn it_can_be_done_from_the_other_side() {
    let Fork { server, wallet, mut laptop, mut phone, of_laptop, .. } = Fork::set().await;
    let server = server.restore(&of_laptop);
    phone.sync().await.unwrap();
    assert!(matches!(alarm(&mut phone).await, Some(Alarm::Fork { .. })));
    phone.go_over().await.unwrap();
    let gone = gone_over(&mut phone).await;
    assert_eq!(
        (gone.carried, gone.copied),
        (vec!["New on the phone".to_owned()], vec!["Edited on the phone".to_owned()])
    );
    assert_eq!(labels(&mut phone).await, all_but("Deleted by the laptop"));
    assert_eq!(phone.devices().await.unwrap().len(), 3, "the tablet stays removed");
    agree(&server, &wallet, &mut [&mut laptop, &mut phone]).await;
}

/// Two devices of one branch go over one after the other. The second finds everything there.
#[tokio::test]
async fn two_devices_of_one_history_make_the_same_copies() {
    let Fork { server, wallet, mut laptop, mut phone, mut desk, of_laptop, of_phone } = Fork::set().await;
    let server = server.restore(&of_laptop);
    desk.sync().await.unwrap();
    let server = server.restore(&of_phone);
    for device in [&mut laptop, &mut desk] {
        device.sync().await.unwrap();
        assert!(matches!(alarm(device).await, Some(Alarm::Fork { .. })));
    }
    desk.go_over().await.unwrap();
    assert!(gone_over(&mut desk).await.is_finished);
    let commits = server.rows("commits").await;
    laptop.go_over().await.unwrap();
    let gone = gone_over(&mut laptop).await;
    assert!(gone.is_finished);
    assert_eq!(server.rows("commits").await, commits, "nothing is left to write");
    assert_eq!(laptop.aside().await.unwrap(), []);
    assert_eq!(labels(&mut laptop).await, all_but("Deleted by the phone"));
    agree(&server, &wallet, &mut [&mut laptop, &mut phone, &mut desk]).await;
}

/// What is bound to a branch is named, and not carried over.
#[tokio::test]
async fn methods_and_wallets_are_named_to_be_made_again() {
    let Fork { server, wallet, mut laptop, mut phone, of_laptop, of_phone, .. } = Fork::set().await;
    let server = server.restore(&of_laptop);
    laptop.add_wallet("Savings", PHRASE, 2, 3).await.unwrap();
    let sheet = laptop.new_sheet().await.unwrap();
    laptop.confirm(&sheet).await.unwrap();
    let server = server.restore(&of_phone);
    laptop.sync().await.unwrap();
    laptop.go_over().await.unwrap();
    let again: Vec<_> = (gone_over(&mut laptop).await.again.into_iter())
        .map(|again| (again.kind, again.name, again.is_removal))
        .collect();
    assert_eq!(
        again,
        [
            (AsideKind::Wallet, "Savings".to_owned(), false),
            (AsideKind::SignInMethod, String::new(), false),
            (AsideKind::SignInMethod, String::new(), true),
        ]
    );
    assert_eq!(gone_over(&mut laptop).await.set_aside, ["Savings"]);
    let aside = laptop.aside().await.unwrap();
    assert_eq!((aside.len(), aside[0].kind), (1, AsideKind::Wallet));
    assert_eq!(laptop.wallets().await.unwrap(), []);
    agree(&server, &wallet, &mut [&mut laptop, &mut phone]).await;
}

/// What was written without the server is carried over as well.
#[tokio::test]
async fn a_change_that_waits_comes_along() {
    let Fork { server, wallet, mut laptop, mut phone, .. } = Fork::set().await;
    laptop.network.set_offline(true);
    let waits = laptop.add(key("Waits")).await.unwrap();
    assert_eq!(waits.sync, SyncState::Waiting);
    laptop.network.set_offline(false);
    laptop.sync().await.unwrap();
    assert!(matches!(alarm(&mut laptop).await, Some(Alarm::Fork { .. })));
    laptop.go_over().await.unwrap();
    let carried = gone_over(&mut laptop).await.carried;
    assert!(carried.contains(&"Waits".to_owned()), "{carried:?}");
    agree(&server, &wallet, &mut [&mut laptop, &mut phone]).await;
}

/// Every fork adds a copy of a key that both have edited, and the fourth is set aside.
#[tokio::test]
async fn at_most_three_copies_of_a_key_are_live() {
    let mut server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &wallet);
    laptop.create("My vault").await.unwrap();
    let mut phone = Device::new(&server, &wallet);
    phone.unlock_any().await.unwrap();
    let edited = phone.add(key("Edited")).await.unwrap().id;
    for round in 1..=4 {
        laptop.sync().await.unwrap();
        server = server.restart();
        let before = server.files();
        laptop.rename(edited, &format!("Laptop {round}")).await.unwrap();
        server = server.restore(&before);
        phone.rename(edited, &format!("Phone {round}")).await.unwrap();
        laptop.sync().await.unwrap();
        laptop.go_over().await.unwrap();
        let gone = gone_over(&mut laptop).await;
        let expected = if round < 4 { (1, 0) } else { (0, 1) };
        assert_eq!((gone.copied.len(), gone.set_aside.len()), expected, "{round}");
        laptop.acknowledge_alarms().await.unwrap();
        phone.sync().await.unwrap();
    }
    assert_eq!(labels(&mut laptop).await, ["Laptop 1", "Laptop 2", "Laptop 3", "Phone 4"]);
    let aside = laptop.aside().await.unwrap();
    assert_eq!((aside.len(), aside[0].label.as_str()), (1, "Laptop 4"));
    agree(&server, &wallet, &mut [&mut laptop, &mut phone]).await;
}

/// A device that entered the vault after the backup knows nothing of what comes before it.
#[tokio::test]
async fn a_device_that_entered_later_goes_over_to_a_restored_backup() {
    let mut server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &wallet);
    laptop.create("My vault").await.unwrap();
    laptop.add(key("In the backup")).await.unwrap();
    server = server.restart();
    let before = server.files();
    laptop.add(key("Lost with the laptop")).await.unwrap();
    let mut tablet = Device::new(&server, &wallet);
    tablet.unlock_any().await.unwrap();
    while tablet.fetch_secrets().await {}
    let server = server.restore(&before);
    let mut tablet = tablet.lock().await;
    tablet.unlock().await.unwrap();
    assert!(matches!(alarm(&mut tablet).await, Some(Alarm::Rollback { .. })));
    let differences = tablet.differences().await.unwrap();
    assert_eq!((differences.common, differences.hindrance), (None, None));
    tablet.go_over().await.unwrap();
    assert_eq!(gone_over(&mut tablet).await.carried, ["Lost with the laptop"]);
    assert_eq!(labels(&mut tablet).await, ["In the backup", "Lost with the laptop"]);
    assert_eq!(tablet.devices().await.unwrap().len(), 2, "it has entered again");
    agree(&server, &wallet, &mut [&mut tablet]).await;
}
