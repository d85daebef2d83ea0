//! Sign-in methods: passkeys are added and removed, two methods always remain, and a removed one
//! opens nothing any more.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use crystallum_messages::{
    CeremonyReason, Event, Exchange, Failure, Refusal, SignInMethod, SignInMethodKind, SyncState, access,
    entry, session,
};
use crystallum_system_tests::{Device, credentials, draft, typed};
use crystallum_test_support::{Fault, PHRASE, Passkeys, PrfMode, Server};
use serde_json::json;

async fn vault(server: &Server, passkeys: &Passkeys) -> Device {
    let mut laptop = Device::new(server, passkeys);
    laptop.create("My vault").await.unwrap();
    let sheet = laptop.sheet().await.unwrap();
    laptop.confirm(&sheet).await.unwrap();
    laptop
}

/// Adds a passkey on another authenticator, which is used from the second ceremony on.
async fn add_other(laptop: &mut Device, first: &Passkeys, other: &Passkeys) -> Result<(), Failure> {
    laptop.authenticator.then_hold(other);
    let added = laptop.add_passkey("Phone").await;
    laptop.authenticator.hold(first);
    added
}

fn passkeys(methods: &[SignInMethod]) -> Vec<&SignInMethod> {
    methods.iter().filter(|method| method.kind == SignInMethodKind::Passkey).collect()
}

#[tokio::test]
async fn a_second_passkey_opens_the_vault_until_it_is_removed() {
    for mode in [PrfMode::AtCreate, PrfMode::AtGet] {
        let server = Server::start();
        let (first, other) = (Passkeys::default(), Passkeys::default());
        let mut laptop = Device::with(&server, &first, mode);
        laptop.create("My vault").await.unwrap();
        let sheet = laptop.sheet().await.unwrap();
        laptop.confirm(&sheet).await.unwrap();
        laptop
            .add(draft(Exchange::Kraken, "Key", "", credentials("api-key-4711", "a secret")))
            .await
            .unwrap();
        add_other(&mut laptop, &first, &other).await.unwrap();
        let methods = laptop.sign_in_methods().await.unwrap();
        assert_eq!(methods.iter().filter(|method| method.counts).count(), 3);
        let (old, new) = (passkeys(&methods)[0].clone(), passkeys(&methods)[1].clone());
        assert_eq!((new.name.as_str(), new.used_now, old.used_now), ("Phone", false, true));

        let mut phone = Device::new(&server, &other);
        phone.unlock_any().await.unwrap();
        let row = phone.list().await.unwrap()[0].id;
        assert_eq!(phone.reveal(row).await.unwrap().api_secret.expose(), "a secret");
        let wallet = phone.add_wallet("Cold", PHRASE, 2, 3).await.unwrap().id;
        laptop.sync().await.unwrap();
        assert_eq!(laptop.rebuild(wallet).await.unwrap().phrase.expose(), PHRASE, "both have the cold root");

        laptop.remove_sign_in_method(new.id).await.unwrap();
        assert_eq!(passkeys(&laptop.sign_in_methods().await.unwrap()), [&old]);
        phone.sync().await.unwrap();
        assert!(phone.events().contains(&Event::Sync(SyncState::SignedOut)), "its session has ended");
        assert_eq!(phone.done(session::Command::Renew).await, Err(Failure::NoSuchVault));
        let mut clean = Device::new(&server, &other);
        assert_eq!(clean.meet().await.err(), Some(Failure::NoSuchVault));
        assert_eq!(laptop.remove_sign_in_method(new.id).await, Err(Failure::NoSuchRecord));
    }
}

/// Returns for each new state whether another device changed the sign-in methods.
fn told(device: &Device) -> Vec<(u64, bool)> {
    let advanced = |event| match event {
        Event::Advanced { change, methods_changed } => Some((change, methods_changed)),
        _ => None,
    };
    device.events().into_iter().filter_map(advanced).collect()
}

#[tokio::test]
async fn sign_in_methods_that_another_device_changed_are_reported() {
    let server = Server::start();
    let (first, other) = (Passkeys::default(), Passkeys::default());
    let mut laptop = vault(&server, &first).await;
    let mut phone = Device::new(&server, &first);
    phone.unlock_any().await.unwrap();
    laptop.sync().await.unwrap();
    let (before, _) = (*told(&laptop).last().unwrap(), told(&phone));
    assert!(!before.1, "a device that joins changes no sign-in method");
    add_other(&mut laptop, &first, &other).await.unwrap();
    let own = told(&laptop);
    assert!(own.iter().all(|(_, methods)| !methods), "what this device did itself is no news: {own:?}");
    let newest = own.last().unwrap().0;
    assert!(newest > before.0);
    phone.sync().await.unwrap();
    assert_eq!(told(&phone), [(newest, true)]);
    // A recovery that used up the sheet is such a change too, also at the next unlock.
    let phone = phone.lock().await;
    let mut clean = Device::new(&server, &Passkeys::default());
    let sheet = laptop.new_sheet().await.unwrap();
    laptop.confirm(&sheet).await.unwrap();
    clean.recover(&typed(&sheet)).await.unwrap();
    let recovered = clean.finish_recovery().await.unwrap().change;
    let mut phone = phone;
    assert_eq!(phone.unlock().await.unwrap().change, recovered);
    assert_eq!(told(&phone), [(recovered, true)]);
}

#[tokio::test]
async fn a_lost_answer_hides_no_change_of_sign_in_methods() {
    let server = Server::start();
    let (first, other) = (Passkeys::default(), Passkeys::default());
    let mut laptop = vault(&server, &first).await;
    let mut phone = Device::new(&server, &first);
    phone.unlock_any().await.unwrap();
    for _ in 0..2 {
        phone.network.once("/api/commit", Fault::AnswerLost);
    }
    let key = draft(Exchange::Kraken, "Unknown fate", "", credentials("api-key-4711", "a secret"));
    assert_eq!(phone.add(key).await.unwrap().sync, SyncState::Waiting);
    laptop.sync().await.unwrap();
    add_other(&mut laptop, &first, &other).await.unwrap();
    let newest = told(&laptop).last().unwrap().0;
    assert!(told(&phone).iter().all(|(_, methods)| !methods));
    phone.sync().await.unwrap();
    assert_eq!(told(&phone), [(newest, true)], "its own write is among what it fetched");
}

#[tokio::test]
async fn the_last_two_sign_in_methods_cannot_be_removed() {
    let server = Server::start();
    let first = Passkeys::default();
    let mut laptop = vault(&server, &first).await;
    let before = laptop.authenticator.touches();
    for method in laptop.sign_in_methods().await.unwrap() {
        assert_eq!(
            laptop.remove_sign_in_method(method.id).await,
            Err(Failure::LastSignInMethods),
            "{method:?}"
        );
    }
    assert_eq!(laptop.authenticator.touches(), before, "nobody is asked to touch for nothing");
    add_other(&mut laptop, &first, &Passkeys::default()).await.unwrap();
    let methods = laptop.sign_in_methods().await.unwrap();
    let sheet = methods.iter().find(|method| method.kind == SignInMethodKind::Sheet).unwrap();
    laptop.remove_sign_in_method(sheet.id).await.unwrap();
    for method in laptop.sign_in_methods().await.unwrap() {
        assert_eq!(
            laptop.remove_sign_in_method(method.id).await,
            Err(Failure::LastSignInMethods),
            "{method:?}"
        );
    }
    let sheet = laptop.new_sheet().await.unwrap();
    let methods = laptop.sign_in_methods().await.unwrap();
    let passkey = passkeys(&methods)[1].id;
    assert_eq!(
        laptop.remove_sign_in_method(passkey).await,
        Err(Failure::LastSignInMethods),
        "an unconfirmed sheet does not count"
    );
    laptop.confirm(&sheet).await.unwrap();
    laptop.remove_sign_in_method(passkey).await.unwrap();
}

#[tokio::test]
async fn every_change_of_sign_in_methods_needs_its_own_ceremony() {
    let server = Server::start();
    let first = Passkeys::default();
    let mut laptop = vault(&server, &first).await;
    let method = laptop.sign_in_methods().await.unwrap()[0].id;
    let change = laptop.network.count("/api/sign-in-methods");
    for refused in 1..=2 {
        laptop.authenticator.refuse_touch(refused, Refusal::Cancelled);
        assert_eq!(add_other(&mut laptop, &first, &Passkeys::default()).await, Err(Failure::Cancelled));
    }
    laptop.authenticator.refuse_touch(1, Refusal::Cancelled);
    assert_eq!(laptop.new_sheet().await.err(), Some(Failure::Cancelled));
    laptop.authenticator.refuse_touch(2, Refusal::Duplicate);
    assert_eq!(add_other(&mut laptop, &first, &Passkeys::default()).await, Err(Failure::PasskeyExists));
    assert_eq!(laptop.network.count("/api/sign-in-methods"), change, "nothing was sent");
    laptop.done(access::Command::Rename { id: method, name: "This laptop".to_owned() }).await.unwrap();
    assert_eq!(laptop.sign_in_methods().await.unwrap()[0].name, "This laptop");
    let asked = laptop.authenticator.asked();
    let confirm = asked.iter().rfind(|options| options.reason == CeremonyReason::Confirm).unwrap();
    assert_eq!(confirm.allow.len(), 1, "only a passkey of the vault may confirm");

    // A cookie alone changes nothing at the server.
    let raw = laptop.network.browser();
    let keyslot = json!({ "kind": "keyslot_gone", "id": "AAAAAAAAAAAAAAAAAAAAAA" });
    let commit = json!({ "commit_id": "AAAAAAAAAAAAAAAAAAAAAA", "expected_counter": 3, "changes": [keyslot], "head": "" });
    let answer = raw.send("POST", "/api/commit", Some(commit.to_string().as_bytes())).await.unwrap();
    assert_eq!(answer.status, 400);
}

#[tokio::test]
async fn a_bad_network_leaves_no_partial_sign_in_method() {
    let server = Server::start();
    let first = Passkeys::default();
    let mut laptop = vault(&server, &first).await;
    // The answer is lost, but the change was made.
    laptop.network.once("/api/sign-in-methods", Fault::AnswerLost);
    let sheet = laptop.new_sheet().await.unwrap();
    laptop.confirm(&sheet).await.unwrap();
    // The answer is lost for good: the change waits, is sent again with the same bytes, and turns
    // out to be made.
    laptop.network.always("/api/sign-in-methods", Fault::AnswerLost);
    assert_eq!(laptop.new_sheet().await.err(), Some(Failure::Unsettled));
    assert_eq!(laptop.sheet().await.err(), Some(Failure::Unsettled), "nobody may print what may be dead");
    laptop.network.heal();
    laptop.sync().await.unwrap();
    assert_eq!(laptop.sign_in_methods().await.unwrap().len(), 2);
    let late = laptop.sheet().await.unwrap();
    laptop.confirm(&late).await.unwrap();
    let mut clean = Device::new(&server, &Passkeys::default());
    assert_eq!(clean.recover(&typed(&sheet)).await, Err(Failure::CodeUnknown), "that code was replaced");
    laptop.done(access::Command::PutSheetAway).await.unwrap();
    let sheet = laptop.new_sheet().await.unwrap();
    laptop.confirm(&sheet).await.unwrap();
    // The server refuses for good: nothing waits, nothing was changed, and the next write works.
    laptop.network.once("/api/sign-in-methods", Fault::forge(400, &json!({ "code": "ceremony_unknown" })));
    assert_eq!(laptop.new_sheet().await.err(), Some(Failure::Stale));
    laptop.add(draft(Exchange::Kraken, "Key", "", credentials("api-key-4711", "a secret"))).await.unwrap();
    clean.recover(&typed(&sheet)).await.unwrap();
}

#[tokio::test]
async fn an_unsettled_change_that_was_not_made_is_reported() {
    let server = Server::start();
    let mut laptop = vault(&server, &Passkeys::default()).await;
    laptop.network.always("/api/sign-in-methods", Fault::NotSent);
    assert_eq!(laptop.new_sheet().await.err(), Some(Failure::Unsettled));
    laptop.network.heal();
    laptop.network.always("/api/sign-in-methods", Fault::forge(400, &json!({ "code": "ceremony_unknown" })));
    let key = || draft(Exchange::Kraken, "Key", "", credentials("api-key-4711", "a secret"));
    assert_eq!(laptop.add(key()).await.err(), Some(Failure::EarlierNotMade));
    laptop.add(key()).await.unwrap();
    assert_eq!(laptop.sheet().await.err(), Some(Failure::NoSheet));
}

#[tokio::test]
async fn an_unconfirmed_sheet_does_not_stay_in_memory() {
    let server = Server::start();
    let mut laptop = Device::new(&server, &Passkeys::default());
    laptop.create("My vault").await.unwrap();
    laptop.sheet().await.unwrap();
    laptop.clock.advance(59 * 60 * 1_000);
    laptop.sheet().await.expect("writing it down may take long");
    laptop.clock.advance(60 * 1_000);
    assert_eq!(laptop.sheet().await.err(), Some(Failure::NoSheet), "an hour is enough to write it down");
    laptop.new_sheet().await.unwrap();
    laptop.done(access::Command::PutSheetAway).await.unwrap();
    assert_eq!(laptop.sheet().await.err(), Some(Failure::NoSheet));
}

#[tokio::test]
async fn a_passkey_that_another_device_added_opens_a_browser_that_has_not_heard_of_it() {
    let server = Server::start();
    let (first, other) = (Passkeys::default(), Passkeys::default());
    let mut laptop = vault(&server, &first).await;
    let mut phone = Device::new(&server, &first);
    phone.unlock_any().await.unwrap();
    let waiting = draft(Exchange::Kraken, "Waits", "", credentials("api-key-4711", "a secret"));
    phone.network.set_offline(true);
    phone.add(waiting).await.unwrap();
    let mut phone = phone.lock().await;
    laptop.sync().await.unwrap();
    add_other(&mut laptop, &first, &other).await.unwrap();
    let sheet = laptop.new_sheet().await.unwrap();
    phone.network.set_offline(false);
    phone.authenticator.hold(&other);
    let opened = phone.unlock().await.unwrap();
    assert_eq!((opened.records, opened.sync), (1, SyncState::Synced), "what waited there was not lost");
    let mut phone = phone.lock().await;
    phone.authenticator.hold(&Passkeys::default());
    phone.recover(&typed(&sheet)).await.unwrap();
}

#[tokio::test]
async fn concurrent_changes_of_sign_in_methods_do_not_undo_each_other() {
    let server = Server::start();
    let first = Passkeys::default();
    let mut laptop = vault(&server, &first).await;
    let mut phone = Device::new(&server, &first);
    phone.unlock_any().await.unwrap();
    laptop.sync().await.unwrap();
    let (a, b) = tokio::join!(laptop.new_sheet(), phone.new_sheet());
    let made: Vec<_> = [a, b].into_iter().flatten().collect();
    assert!(!made.is_empty(), "at least one came through");
    for device in [&mut laptop, &mut phone] {
        let renewed = device.done(session::Command::Renew).await;
        assert!(renewed.is_ok(), "{renewed:?}");
        device.sync().await.unwrap();
        assert_eq!(device.sign_in_methods().await.unwrap().len(), 2);
        assert!(device.events().iter().all(|event| !matches!(event, Event::Alarm(_))));
    }
    let mut clean = Device::new(&server, &Passkeys::default());
    let mut opens = 0;
    for sheet in &made {
        opens += u32::from(clean.recover(&typed(sheet)).await.is_ok());
    }
    assert_eq!(opens, 1, "exactly the last code opens the vault");
}

/// Attacks T32, T35 of `tests/ATTACKS.md`.
#[tokio::test]
async fn a_server_that_takes_back_a_sign_in_method_is_detected() {
    let server = Server::start();
    let first = Passkeys::default();
    let mut laptop = vault(&server, &first).await;
    add_other(&mut laptop, &first, &Passkeys::default()).await.unwrap();
    let removed = passkeys(&laptop.sign_in_methods().await.unwrap())[1].id;
    let mut phone = Device::new(&server, &first);
    phone.unlock_any().await.unwrap();
    let phone = phone.lock().await;
    laptop.sync().await.unwrap();
    laptop.remove_sign_in_method(removed).await.unwrap();
    // The phone receives a removal of something else, or a head without its removal.
    let mut phone = phone;
    for pointer in ["/entries/1/changes/0/id", "/entries/1/changes/2/version"] {
        phone.network.always(
            "/api/delta",
            Fault::tamper(move |answer| {
                let value = answer.pointer_mut(pointer).unwrap();
                *value = if value.is_string() { json!("AAAAAAAAAAAAAAAAAAAAAA") } else { json!(77) };
            }),
        );
        phone.unlock().await.unwrap();
        let alarmed = phone.events().iter().any(|event| matches!(event, Event::Alarm(_)));
        assert!(alarmed, "{pointer}");
        assert_eq!(phone.sign_in_methods().await.unwrap().len(), 3, "{pointer}: as it was known");
        phone.network.heal();
        phone = phone.reopened();
    }
    phone.unlock().await.unwrap();
    assert_eq!(phone.sign_in_methods().await.unwrap().len(), 2);
}

#[tokio::test]
async fn a_deleted_vault_is_gone_from_the_server_its_stores_and_this_device() {
    let server = Server::start();
    let first = Passkeys::default();
    let mut laptop = vault(&server, &first).await;
    laptop.add_wallet("Cold", PHRASE, 2, 3).await.unwrap();
    laptop.authenticator.refuse_touch(1, Refusal::Cancelled);
    assert_eq!(laptop.done(session::Command::DeleteVault).await, Err(Failure::Cancelled));
    assert_eq!(laptop.wallets().await.unwrap().len(), 1);
    laptop.done(session::Command::DeleteVault).await.unwrap();
    for table in ["accounts", "credentials", "commits", "parts", "leaves", "sessions", "recovery", "shares"] {
        assert_eq!(server.rows(table).await, 0, "{table}");
    }
    assert!(laptop.hello().await.unwrap().vaults.is_empty());
    assert!(laptop.profile.disk.snapshot().is_empty(), "nothing of it is on this device");
    assert_eq!(laptop.meet().await.err(), Some(Failure::NoSuchVault));
}

#[tokio::test]
async fn a_forgotten_vault_is_only_gone_from_this_device() {
    let server = Server::start();
    let first = Passkeys::default();
    let laptop = vault(&server, &first).await;
    let mut laptop = laptop.lock().await;
    let id = laptop.hello().await.unwrap().vaults[0].id;
    laptop.done(entry::Command::Forget { vault: id }).await.unwrap();
    assert!(laptop.profile.disk.snapshot().is_empty());
    assert_eq!(laptop.meet().await.unwrap().vault, id);
    laptop.accept().await.unwrap();
}
