//! The recovery sheet's QR code names a vault, a change and the hash of its head. What the server
//! offers must contain that change, and so must what the device knows.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use crystallum_messages::{Alarm, Exchange, Failure, KeyDraft, Sheet, session};
use crystallum_system_tests::{Device, credentials, draft, read_by_a_phone, typed};
use crystallum_test_support::{Fault, Passkeys, Server};

fn key() -> KeyDraft {
    draft(Exchange::Kraken, "Rainy day", "", credentials("AKtestKEY-4711", "secret of a sheet"))
}

/// Creates a vault with one exchange key, at change 2, and a new sheet, which replaces the first.
/// The sheet names change 3 and is confirmed at change 4.
async fn vault(server: &Server) -> (Device, Sheet) {
    let mut laptop = Device::new(server, &Passkeys::default());
    laptop.create("My vault").await.unwrap();
    laptop.add(key()).await.unwrap();
    let sheet = laptop.new_sheet().await.unwrap();
    laptop.confirm(&sheet).await.unwrap();
    (laptop, sheet)
}

/// Replaces a field of a sheet's text.
fn with_field(text: &str, at: usize, value: &str) -> String {
    let mut fields: Vec<&str> = text.split(':').collect();
    fields[at] = value;
    fields.join(":")
}

/// Replaces the first digit of a field: 3 is the vault, 5 the head.
fn with_other(text: &str, at: usize) -> String {
    let mut field: Vec<char> = text.split(':').nth(at).unwrap().chars().collect();
    field[0] = if field[0] == '0' { '1' } else { '0' };
    with_field(text, at, &field.into_iter().collect::<String>())
}

#[tokio::test]
async fn the_qr_code_opens_the_vault_and_only_on_the_chain_that_it_names() {
    let server = Server::start();
    let (_laptop, sheet) = vault(&server).await;
    let text = read_by_a_phone(&sheet);
    let fields: Vec<&str> = text.split(':').collect();
    assert_eq!((fields.len(), fields[0], fields[1], fields[4]), (6, "CRYSTALLUM", "1", "3"));
    assert_eq!(fields[2], typed(&sheet).replace('-', ""));

    let mut clean = Device::new(&server, &Passkeys::default());
    for (changed, sheet, offered) in
        [(with_other(&text, 5), 3, 4), (with_field(&text, 4, "5"), 5, 4), (with_other(&text, 3), 3, 0)]
    {
        let refused = clean.recover(&changed).await;
        assert_eq!(refused, Err(Failure::Alarm(Alarm::BelowSheet { sheet, offered })), "{changed}");
    }
    clean.recover(&text).await.unwrap();
    clean.finish_recovery().await.unwrap();
}

/// Attack T15 of `tests/ATTACKS.md`.
#[tokio::test]
async fn a_known_device_compares_the_sheet_with_the_heads_that_it_has_verified() {
    let server = Server::start();
    let (mut laptop, sheet) = vault(&server).await;
    let text = read_by_a_phone(&sheet);
    let known = laptop.profile.disk.snapshot();
    let id = laptop.list().await.unwrap()[0].id;
    laptop.rename(id, "Later").await.unwrap();
    let ahead = laptop.profile.disk.snapshot();
    // The device knows all changes, or has to pull before it can compare.
    for (what, known) in [("at the newest change", ahead), ("one change behind", known)] {
        for (wrong, named) in [
            (with_other(&text, 5), 3),
            (with_field(&text, 4, "2"), 2),
            (with_field(&text, 4, "4"), 4),
            (with_field(&text, 4, "5"), 5),
        ] {
            laptop = laptop.reopened();
            laptop.profile.disk.restore(known.clone());
            let refused = laptop.recover(&wrong).await;
            assert_eq!(refused, Err(Failure::Alarm(Alarm::OtherSheet { sheet: named, mine: 5 })), "{what}");
            assert_eq!(laptop.list().await, Err(Failure::Locked), "{what}");
        }
        let refused = laptop.recover(&with_field(&text, 4, "6")).await;
        assert_eq!(refused, Err(Failure::Alarm(Alarm::BelowSheet { sheet: 6, offered: 5 })), "{what}");
        assert_eq!(laptop.recover(&text).await.unwrap().change, 5, "{what}");
    }
}

#[tokio::test]
async fn a_server_that_gives_no_answer_does_not_contradict_the_sheet() {
    let server = Server::start();
    let (laptop, sheet) = vault(&server).await;
    let text = read_by_a_phone(&sheet);
    let mut laptop = laptop.lock().await;
    laptop.network.always("/api/delta", Fault::Html);
    let above = laptop.recover(&with_field(&text, 4, "9")).await;
    assert_eq!(above.err(), Some(Failure::StrangeAnswer));
    assert_eq!(laptop.recover(&text).await.unwrap().change, 4, "what this device knows is enough");
}

#[tokio::test]
async fn a_log_of_heads_that_does_not_lead_to_the_signed_history_is_damaged() {
    let server = Server::start();
    let (laptop, sheet) = vault(&server).await;
    let text = read_by_a_phone(&sheet);
    let mut laptop = laptop.lock().await;
    let whole = laptop.profile.disk.snapshot();
    let log = whole.keys().find(|key| key.contains("/log/")).unwrap();
    let damages: [fn(&mut Vec<u8>); 4] =
        [|log| log[40] ^= 1, |log| log.truncate(127), |log| drop(log.drain(..32)), Vec::clear];
    for damage in damages {
        laptop.profile.disk.edit(log, damage);
        assert_eq!(laptop.recover(&text).await, Err(Failure::Alarm(Alarm::LocalCopy)));
        laptop.profile.disk.restore(whole.clone());
    }
    laptop.recover(&text).await.unwrap();
}

/// A sheet that named a newer head than the one that added its code would be refused where only the
/// latter is known.
#[tokio::test]
async fn a_sheet_names_the_head_that_added_its_code() {
    let server = Server::start();
    let wallet = Passkeys::default();
    let mut laptop = Device::new(&server, &wallet);
    laptop.create("My vault").await.unwrap();
    laptop.add(key()).await.unwrap();
    let first = laptop.sheet().await.unwrap();
    assert_eq!(first.change, 1, "the genesis");
    let mut phone = Device::new(&server, &wallet);
    phone.unlock_any().await.unwrap();
    let second = laptop.new_sheet().await.unwrap();
    assert_eq!(second.change, 4, "after a key and a join");
    // The replaced code ends all other sessions.
    phone.done(session::Command::Renew).await.unwrap();
    phone.add(key()).await.unwrap();
    laptop.add(key()).await.unwrap();
    let shown = laptop.sheet().await.unwrap();
    assert_eq!((shown.change, &shown.fingerprint), (second.change, &second.fingerprint));
    laptop.confirm(&shown).await.unwrap();

    // So does the sheet that a recovery ends with.
    let mut found = Device::new(&server, &Passkeys::default());
    found.recover(&read_by_a_phone(&shown)).await.unwrap();
    found.network.always("/api/sign-in-methods", Fault::AnswerLost);
    assert_eq!(found.finish_recovery().await.err(), Some(Failure::Unsettled));
    found.network.heal();
    phone.done(session::Command::Renew).await.unwrap();
    phone.add(key()).await.unwrap();
    let change = found.finish_recovery().await.unwrap().change;
    let third = found.sheet().await.unwrap();
    assert_eq!(third.change, change - 1, "the key of the phone came later");
    found.confirm(&third).await.unwrap();
    Device::new(&server, &Passkeys::default()).recover(&read_by_a_phone(&third)).await.unwrap();
}
