//! The main journey: from creating a vault to a secret that only its owner can read, on every
//! device that has the passkey.

use crystallum_messages::{
    CeremonyReason, Credentials, Event, Exchange, Failure, KeyDraft, KeyEdit, LockReason, Purpose, Refusal,
    SecretText, SignUp, SyncState, entry, keys, session,
};
use crystallum_system_tests::{Device, credentials, draft};
use crystallum_test_support::{Passkeys, PrfMode, Server};

const API_KEY: &str = "AKtestKEY-4711-journey";
const SECRET: &str = "s3cret/of+the=journey-0815";

fn kraken() -> KeyDraft {
    draft(Exchange::Kraken, "Rainy day", "spot only", credentials(API_KEY, SECRET))
}

#[tokio::test]
async fn a_secret_comes_back_on_a_clean_device_with_only_the_passkey() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &wallet);
    let welcome = laptop.hello().await.unwrap();
    assert!(welcome.vaults.is_empty());
    assert_eq!(laptop.network.calls().len(), 0, "what this device knows needs no server");
    assert_eq!(laptop.sign_up().await, Ok(Some(SignUp::Open)));

    laptop.done(entry::Command::Prepare(Purpose::Create)).await.unwrap();
    let made = laptop.create("My vault").await.unwrap();
    assert_eq!((made.name.as_str(), made.change, made.records), ("My vault", 1, 0));
    assert_eq!(made.sync, SyncState::Synced);
    assert_eq!(laptop.authenticator.touches(), 1);
    let saved = laptop.add(kraken()).await.unwrap();
    assert_eq!(saved.sync, SyncState::Synced);

    let mut laptop = laptop.lock().await;
    assert_eq!(laptop.list().await, Err(Failure::Locked));
    assert_eq!(laptop.reveal(saved.id).await, Err(Failure::Locked));
    let welcome = laptop.hello().await.unwrap();
    assert_eq!(welcome.vaults.iter().map(|vault| vault.name.as_str()).collect::<Vec<_>>(), ["My vault"]);
    let opened = laptop.unlock().await.unwrap();
    assert_eq!((opened.id, opened.change, opened.records), (made.id, 2, 1));
    assert_eq!(laptop.reveal(saved.id).await.unwrap(), credentials(API_KEY, SECRET));
    assert_eq!(laptop.authenticator.touches(), 2);

    let mut phone = Device::new(&server, &wallet);
    let notice = phone.meet().await.unwrap();
    assert_eq!((notice.vault, notice.change, notice.fingerprint.len()), (made.id, 2, 16));
    assert_eq!(phone.list().await, Err(Failure::Locked), "nothing is shown before the person goes on");
    let opened = phone.accept().await.unwrap();
    assert_eq!((opened.name.as_str(), opened.change, opened.records), ("My vault", 3, 1));
    let rows = phone.list().await.unwrap();
    assert_eq!(rows.len(), 1);
    assert_eq!((rows[0].label.as_str(), rows[0].exchange), ("Rainy day", Exchange::Kraken));
    assert_eq!(rows[0].masked, "AKte…rney");
    assert_eq!(phone.reveal(rows[0].id).await.unwrap(), credentials(API_KEY, SECRET));
    assert_eq!(phone.authenticator.touches(), 1);

    let mut phone = phone.lock().await;
    assert_eq!(phone.unlock().await.unwrap().change, 3, "a device that knows the vault joins no more");
}

#[tokio::test]
async fn a_new_label_does_not_open_the_secret() {
    let server = Server::start();
    let mut device = Device::new(&server, &Passkeys::default());
    device.create("My vault").await.unwrap();
    let id = device.add(kraken()).await.unwrap().id;
    assert_eq!(device.rename(id, "Sunny day").await.unwrap().id, id);
    let calls = device.network.calls();
    let commit = calls.iter().rfind(|call| call.request.path == "/api/commit").unwrap();
    let commit: crystallum_api::Commit =
        serde_json::from_slice(commit.request.body.as_ref().unwrap()).unwrap();
    match commit.changes.as_slice() {
        [crystallum_api::Change::Record { overview: Some(overview), secret: None, .. }] => {
            assert_eq!(overview.version, 2);
        }
        other => panic!("more than the overview went: {other:?}"),
    }
    let detail = device.open(id).await.unwrap();
    assert_eq!(
        (detail.row.label.as_str(), detail.note.as_str(), detail.version.number),
        ("Sunny day", "spot only", 2)
    );
    assert!(detail.row.updated > detail.created);
    assert_eq!(device.reveal(id).await.unwrap(), credentials(API_KEY, SECRET));
}

#[tokio::test]
async fn new_credentials_replace_the_old_ones() {
    let server = Server::start();
    let mut device = Device::new(&server, &Passkeys::default());
    device.create("My vault").await.unwrap();
    let first = Credentials {
        passphrase: Some(SecretText::new("first passphrase".to_owned())),
        ..credentials(API_KEY, SECRET)
    };
    let id = device.add(draft(Exchange::Okx, "Main", "", first)).await.unwrap().id;
    let next = Credentials {
        passphrase: Some(SecretText::new("second passphrase".to_owned())),
        ..credentials("another-key-1234", "another-secret")
    };
    let base = device.open(id).await.unwrap().version;
    let edit =
        KeyEdit { id, base, label: None, note: Some("new".to_owned()), credentials: Some(next.clone()) };
    device.edit(edit).await.unwrap();
    let mut device = device.lock().await;
    device.unlock().await.unwrap();
    let detail = device.open(id).await.unwrap();
    assert_eq!((detail.row.label.as_str(), detail.note.as_str()), ("Main", "new"));
    assert_eq!(detail.row.masked, "anot…1234");
    assert!(detail.has_passphrase);
    assert_eq!(device.reveal(id).await.unwrap(), next);
}

#[tokio::test]
async fn a_deleted_key_is_gone_from_every_device() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &wallet);
    laptop.create("My vault").await.unwrap();
    let id = laptop.add(kraken()).await.unwrap().id;
    let mut phone = Device::new(&server, &wallet);
    phone.meet().await.unwrap();
    phone.accept().await.unwrap();
    laptop.erase(id).await.unwrap();
    assert!(laptop.list().await.unwrap().is_empty());
    assert_eq!(laptop.delete(id).await, Err(Failure::NoSuchRecord));
    phone.sync().await.unwrap();
    assert!(phone.events().contains(&Event::Changed));
    assert!(phone.list().await.unwrap().is_empty());
    assert_eq!(phone.open(id).await.err(), Some(Failure::NoSuchRecord));
    assert_eq!(phone.reveal(id).await, Err(Failure::NoSuchRecord));
    assert_eq!(server.rows("leaves WHERE kind = 2").await, 1);
}

#[tokio::test]
async fn the_list_is_searched_and_windowed() {
    let server = Server::start();
    let mut device = Device::new(&server, &Passkeys::default());
    device.create("My vault").await.unwrap();
    for (exchange, label, note) in [
        (Exchange::Binance, "Zebra", "grid bot"),
        (Exchange::Kraken, "ähre", "Steuer 2026"),
        (Exchange::Kraken, "Anchor", "long term"),
    ] {
        let key = format!("{label:x<12}-key");
        device.add(draft(exchange, label, note, credentials(&key, "secret of many"))).await.unwrap();
    }
    async fn labels(device: &mut Device, query: &str) -> Vec<String> {
        device.search(query).await.unwrap().rows.into_iter().map(|row| row.label).collect()
    }
    assert_eq!(labels(&mut device, "").await, ["Anchor", "Zebra", "ähre"]);
    assert_eq!(labels(&mut device, "kraken").await, ["Anchor", "ähre"]);
    assert_eq!(labels(&mut device, "KRAKEN steuer").await, ["ähre"]);
    assert_eq!(labels(&mut device, "bot").await, ["Zebra"]);
    assert!(labels(&mut device, "secret").await.is_empty(), "secrets are not searched");
    assert!(labels(&mut device, "kraken bot").await.is_empty());
    let window = device.run(keys::Command::List { query: String::new(), offset: 1, limit: 1 }).await.unwrap();
    match window {
        crystallum_messages::Reply::Keys(keys::Reply::Page(page)) => {
            assert_eq!((page.total, page.offset, page.rows.len()), (3, 1, 1));
            assert_eq!(page.rows[0].label, "Zebra");
        }
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn an_authenticator_with_prf_only_at_get_needs_two_ceremonies() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut device = Device::with(&server, &wallet, PrfMode::AtGet);
    device.create("My vault").await.unwrap();
    assert_eq!(device.authenticator.touches(), 2);
    let asked = device.authenticator.asked();
    assert_eq!(asked.iter().map(|options| options.reason).collect::<Vec<_>>(), [CeremonyReason::Again]);
    assert_eq!(asked[0].allow.len(), 1, "the second touch is for the passkey that was just made");
    let id = device.add(kraken()).await.unwrap().id;
    let mut clean = Device::with(&server, &wallet, PrfMode::AtGet);
    clean.meet().await.unwrap();
    clean.accept().await.unwrap();
    assert_eq!(clean.reveal(id).await.unwrap(), credentials(API_KEY, SECRET));
    assert_eq!(clean.authenticator.touches(), 1);
}

#[tokio::test]
async fn a_cancelled_second_ceremony_is_repeated_without_another_passkey() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut device = Device::with(&server, &wallet, PrfMode::AtGet);
    device.authenticator.refuse_touch(2, Refusal::Cancelled);
    assert_eq!(device.create("My vault").await.err(), Some(Failure::Cancelled));
    assert_eq!(server.rows("accounts").await, 0);
    device.create("My vault").await.unwrap();
    assert_eq!((wallet.len(), server.rows("accounts").await), (1, 1));
}

#[tokio::test]
async fn without_prf_no_vault_is_created() {
    let server = Server::start();
    let mut device = Device::with(&server, &Passkeys::default(), PrfMode::Never);
    assert_eq!(device.create("My vault").await.err(), Some(Failure::PrfMissing));
    assert_eq!(device.network.count("/api/accounts"), 0);
    for table in ["accounts", "credentials", "commits", "sessions"] {
        assert_eq!(server.rows(table).await, 0, "{table}");
    }
    assert!(device.profile.disk.snapshot().is_empty());
    assert_eq!(device.list().await, Err(Failure::Locked));
}

#[tokio::test]
async fn a_cancelled_ceremony_changes_nothing() {
    let server = Server::start();
    let mut device = Device::new(&server, &Passkeys::default());
    device.authenticator.refuse_touch(1, Refusal::Cancelled);
    assert_eq!(device.create("My vault").await.err(), Some(Failure::Cancelled));
    assert_eq!(server.rows("accounts").await, 0);
    assert!(device.profile.disk.snapshot().is_empty());
    device.create("My vault").await.unwrap();
    let mut device = device.lock().await;
    device.authenticator.refuse_touch(1, Refusal::Cancelled);
    assert_eq!(device.unlock().await.err(), Some(Failure::Cancelled));
    assert_eq!(device.list().await, Err(Failure::Locked));
    device.authenticator.refuse_touch(1, Refusal::Forbidden);
    assert_eq!(device.unlock().await.err(), Some(Failure::Forbidden));
    device.unlock().await.unwrap();
    assert_eq!(server.rows("accounts").await, 1);
}

#[tokio::test]
async fn a_wrong_passkey_opens_nothing() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut device = Device::new(&server, &wallet);
    device.create("My vault").await.unwrap();
    device.add(kraken()).await.unwrap();
    let mut device = device.lock().await;
    device.authenticator.hold(&wallet.with_other_secrets());
    assert_eq!(device.unlock().await.err(), Some(Failure::WrongPasskey));
    assert_eq!(device.list().await, Err(Failure::Locked));
    let mut clean = Device::new(&server, &wallet.with_other_secrets());
    assert_eq!(clean.meet().await.err(), Some(Failure::WrongPasskey));
    assert!(clean.profile.disk.snapshot().is_empty());

    let elsewhere = Server::start();
    let other = Passkeys::default();
    Device::new(&elsewhere, &other).create("Elsewhere").await.unwrap();
    device.authenticator.hold(&other);
    assert_eq!(device.unlock().await.err(), Some(Failure::NoSuchVault));

    device.authenticator.hold(&wallet);
    assert_eq!(device.unlock().await.unwrap().records, 1);
}

#[tokio::test]
async fn another_vaults_passkey_is_not_taken_for_the_chosen_one() {
    let server = Server::start();
    let (mine, other) = (Passkeys::default(), Passkeys::default());
    let mut device = Device::new(&server, &mine);
    let made = device.create("Mine").await.unwrap();
    Device::new(&server, &other).create("Other").await.unwrap();
    let mut device = device.lock().await;
    device.authenticator.hold(&other);
    let chosen = entry::Command::Unlock { vault: Some(made.id) };
    // The ceremony names the passkeys of the chosen vault, so an honest authenticator finds none of
    // its own.
    assert_eq!(device.run(chosen.clone()).await, Err(Failure::Cancelled));
    assert_eq!(device.authenticator.asked().last().unwrap().allow.len(), 1);
    device.authenticator.hold(&mine.and(&other));
    assert!(
        matches!(device.run(chosen).await, Ok(crystallum_messages::Reply::Entry(entry::Reply::Opened(opened))) if opened.id == made.id)
    );
}

#[tokio::test]
async fn logging_out_ends_the_session_and_locking_does_not() {
    let server = Server::start();
    let mut device = Device::new(&server, &Passkeys::default());
    device.create("My vault").await.unwrap();
    let mut device = device.lock().await;
    assert_eq!(device.network.browser().send("GET", "/api/session", None).await.unwrap().status, 200);
    device.unlock().await.unwrap();
    device.done(session::Command::LogOut).await.unwrap();
    assert_eq!(device.list().await, Err(Failure::Locked));
    assert_eq!(device.network.browser().send("GET", "/api/session", None).await.unwrap().status, 401);
    assert!(!device.events().contains(&Event::Locked(LockReason::Ended)));
}
