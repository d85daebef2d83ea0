//! The recovery sheet, whose code is used once.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use crystallum_messages::{
    Alarm, CodeProblem, Exchange, Failure, KeyDraft, SecretText, SignInMethodKind, SyncState, access, entry,
    session,
};
use crystallum_system_tests::{Device, credentials, draft, text, typed};
use crystallum_test_support::{Fault, Passkeys, Server};
use serde_json::{Value, json};

const SECRET: &str = "s3cret/of+the=recovered-0815";

/// Creates a vault with one exchange key. Returns the code of its confirmed sheet too.
async fn vault(server: &Server) -> (Device, String) {
    let mut laptop = Device::new(server, &Passkeys::default());
    let made = laptop.create("My vault").await.unwrap();
    assert_eq!(made.sign_in_methods, 1, "a sheet that was not confirmed does not count as a sign-in method");
    let sheet = laptop.sheet().await.unwrap();
    assert_eq!((sheet.vault.as_str(), sheet.change, sheet.groups.len()), ("My vault", 1, 8));
    laptop.confirm(&sheet).await.unwrap();
    laptop.add(key()).await.unwrap();
    (laptop, typed(&sheet))
}

fn key() -> KeyDraft {
    draft(Exchange::Kraken, "Rainy day", "", credentials("AKtestKEY-4711", SECRET))
}

/// Attack T32 of `tests/ATTACKS.md`.
#[tokio::test]
async fn the_code_alone_opens_the_vault_on_a_clean_profile_once() {
    let server = Server::start();
    let (mut laptop, code) = vault(&server).await;

    // Another machine and another authenticator: only the sheet is left.
    let mut found = Device::new(&server, &Passkeys::default());
    found.hello().await.unwrap();
    let notice = found.recover(&code).await.unwrap();
    assert_eq!((notice.change, notice.fingerprint.len()), (3, 16));
    assert_eq!(found.list().await, Err(Failure::Locked), "nothing is shown before the person goes on");
    let opened = found.finish_recovery().await.unwrap();
    assert_eq!((opened.name.as_str(), opened.records, opened.sync), ("My vault", 1, SyncState::Synced));
    assert_eq!(opened.sign_in_methods, 2, "both passkeys; the new sheet is not confirmed yet");
    let rows = found.list().await.unwrap();
    assert_eq!(found.reveal(rows[0].id).await.unwrap(), credentials("AKtestKEY-4711", SECRET));

    let mut third = Device::new(&server, &Passkeys::default());
    assert_eq!(third.recover(&code).await, Err(Failure::CodeUnknown), "the old code is dead");
    let sheet = found.sheet().await.unwrap();
    assert_ne!(typed(&sheet), code);
    found.confirm(&sheet).await.unwrap();
    assert_eq!(found.sign_in_methods().await.unwrap().iter().filter(|method| method.counts).count(), 3);

    // The passkey created during the recovery opens the vault from now on. The first device, which
    // the change signed out, follows, and the new code works.
    let mut found = found.lock().await;
    found.unlock().await.unwrap();
    laptop.done(session::Command::Renew).await.unwrap();
    let kinds: Vec<SignInMethodKind> =
        laptop.sign_in_methods().await.unwrap().iter().map(|method| method.kind).collect();
    assert_eq!(kinds, [SignInMethodKind::Passkey, SignInMethodKind::Passkey, SignInMethodKind::Sheet]);
    third.recover(&typed(&sheet)).await.unwrap();
    third.finish_recovery().await.unwrap();
}

#[tokio::test]
async fn a_state_refused_as_unproven_is_not_blamed_on_a_passkey() {
    let server = Server::start();
    let (_laptop, code) = vault(&server).await;
    let mut clean = Device::new(&server, &Passkeys::default());
    clean.network.always("/api/state", Fault::forge(401, &json!({ "code": "proof_rejected" })));
    assert_eq!(clean.recover(&code).await, Err(Failure::CodeUnknown));
}

#[tokio::test]
async fn a_known_device_recovers_by_code_without_joining_again() {
    let server = Server::start();
    let (laptop, code) = vault(&server).await;
    let mut laptop = laptop.lock().await;
    laptop.authenticator.hold(&Passkeys::default());
    let known = laptop.recover(&code).await.unwrap();
    let opened = laptop.finish_recovery().await.unwrap();
    assert_eq!(opened.change, known.change + 1, "one change: the sign-in methods");
    let mut laptop = laptop.lock().await;
    laptop.unlock().await.unwrap();
}

#[tokio::test]
async fn an_invalid_code_is_refused_before_anything_is_sent() {
    let server = Server::start();
    let (_laptop, code) = vault(&server).await;
    let mut clean = Device::new(&server, &Passkeys::default());
    let before = clean.network.calls().len();
    let plain: Vec<char> = code.chars().filter(|letter| *letter != '-').collect();
    const ALPHABET: &str = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";
    let mut refused = 0;
    for at in 0..plain.len() {
        for other in ALPHABET.chars().filter(|letter| *letter != plain[at]) {
            let mut wrong = plain.clone();
            wrong[at] = other;
            let wrong: String = wrong.into_iter().collect();
            let failure = clean.recover(&wrong).await.unwrap_err();
            assert!(matches!(failure, Failure::CodeRejected(_)), "{at} {other}: {failure:?}");
            refused += 1;
        }
    }
    for at in 1..plain.len() {
        if plain[at - 1] != plain[at] {
            let mut wrong = plain.clone();
            wrong.swap(at - 1, at);
            let failure = clean.recover(&wrong.into_iter().collect::<String>()).await.unwrap_err();
            assert!(matches!(failure, Failure::CodeRejected(_)), "{at}: {failure:?}");
            refused += 1;
        }
    }
    assert!(refused > 32 * 31, "{refused}");
    let account_key: String = ['A', '1'].into_iter().chain(plain[2..].iter().copied()).collect();
    for (wrong, why) in [
        (account_key.as_str(), CodeProblem::AccountKey),
        ("R1", CodeProblem::Length { found: 2 }),
        ("", CodeProblem::Length { found: 0 }),
        ("sk_live_0123456789abcdefghjkmnpq", CodeProblem::Character),
        ("X1AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", CodeProblem::Kind),
        ("R2AAAAAAAAAAAAAAAAAAAAAAAAAAAAAA", CodeProblem::Version),
    ] {
        assert_eq!(clean.recover(wrong).await, Err(Failure::CodeRejected(why)), "{wrong}");
    }
    assert_eq!(clean.network.calls().len(), before, "nothing was sent");
    clean.recover(&code.to_lowercase()).await.unwrap();
}

#[tokio::test]
async fn a_code_of_another_server_is_refused() {
    let (here, there) = (Server::start(), Server::start());
    let (_laptop, code) = vault(&there).await;
    let mut clean = Device::new(&here, &Passkeys::default());
    assert_eq!(clean.recover(&code).await, Err(Failure::CodeUnknown));
}

#[tokio::test]
async fn wrong_groups_do_not_confirm_the_sheet() {
    let server = Server::start();
    let mut laptop = Device::new(&server, &Passkeys::default());
    laptop.create("My vault").await.unwrap();
    let sheet = laptop.sheet().await.unwrap();
    let group = |number: u8| text(sheet.groups[usize::from(number) - 1].expose());
    let swapped = [group(sheet.ask[1]), group(sheet.ask[0])];
    for wrong in
        [swapped, [SecretText::default(), SecretText::default()], [group(sheet.ask[0]), text("0000")]]
    {
        let failed = laptop.done(access::Command::ConfirmSheet { groups: wrong }).await;
        assert_eq!(failed, Err(Failure::GroupsRejected));
    }
    assert!(!laptop.sign_in_methods().await.unwrap()[1].counts);
    laptop.confirm(&sheet).await.unwrap();
    assert_eq!(laptop.sheet().await, Err(Failure::NoSheet), "a confirmed code is not in memory any more");

    let mut other = Device::new(&server, &Passkeys::default());
    other.create("Never confirmed").await.unwrap();
    let mut other = other.lock().await;
    other.unlock().await.unwrap();
    assert_eq!(other.sheet().await, Err(Failure::NoSheet), "nor is one after locking");
    let again = other.new_sheet().await.unwrap();
    other.confirm(&again).await.unwrap();
    let mut clean = Device::new(&server, &Passkeys::default());
    clean.recover(&typed(&again)).await.unwrap();
}

/// Attacks T14, T49 of `tests/ATTACKS.md`.
#[tokio::test]
async fn an_older_state_than_the_sheet_names_is_refused() {
    let server = Server::start();
    let mut laptop = Device::new(&server, &Passkeys::default());
    laptop.create("My vault").await.unwrap();
    laptop.add(key()).await.unwrap();
    let older = laptop.network.browser().send("GET", "/api/state", None).await.unwrap();
    let older: Value = serde_json::from_slice(&older.body).unwrap();
    let sheet = laptop.new_sheet().await.unwrap();
    laptop.confirm(&sheet).await.unwrap();
    assert_eq!(sheet.change, 3);

    let mut clean = Device::new(&server, &Passkeys::default());
    // The server hides the newest change, which is the sheet's own: the slot of the code is
    // missing.
    clean.network.always("/api/state", Fault::forge(200, &older));
    let code = text(&typed(&sheet));
    let change = Some(sheet.change);
    let refused = clean.run(entry::Command::Recover { code: text(code.expose()), change }).await;
    assert_eq!(refused, Err(Failure::Alarm(Alarm::BelowSheet { sheet: 3, offered: 2 })));
    clean.network.heal();
    clean.run(entry::Command::Recover { code, change }).await.unwrap();
}

#[tokio::test]
async fn losing_the_last_answer_loses_nothing() {
    for fault in [Fault::AnswerLost, Fault::NotSent] {
        let server = Server::start();
        let (_laptop, code) = vault(&server).await;
        let mut clean = Device::new(&server, &Passkeys::default());
        clean.recover(&code).await.unwrap();
        clean.network.once("/api/sign-in-methods", fault);
        let opened = clean.finish_recovery().await.unwrap();
        assert_eq!(opened.records, 1);
        assert!(clean.network.heal(), "the fault was met");
        let mut clean = clean.lock().await;
        clean.unlock().await.unwrap();
    }
}

#[tokio::test]
async fn no_second_passkey_is_created_while_the_first_one_is_unsettled() {
    for fault in [Fault::AnswerLost, Fault::NotSent] {
        let server = Server::start();
        let (_laptop, code) = vault(&server).await;
        let mut clean = Device::new(&server, &Passkeys::default());
        clean.recover(&code).await.unwrap();
        clean.network.always("/api/sign-in-methods", fault.clone());
        assert_eq!(clean.finish_recovery().await.err(), Some(Failure::Unsettled), "{fault:?}");
        let touches = clean.authenticator.touches();
        assert_eq!(clean.finish_recovery().await.err(), Some(Failure::Unsettled), "{fault:?}");
        assert_eq!(clean.authenticator.touches(), touches, "{fault:?}: the passkey is not overwritten");
        clean.network.heal();
        let opened = clean.finish_recovery().await.unwrap();
        assert_eq!((opened.records, clean.authenticator.touches()), (1, touches), "{fault:?}");
        let sheet = clean.sheet().await.unwrap();
        clean.confirm(&sheet).await.unwrap();
        let mut clean = clean.lock().await;
        clean.unlock().await.unwrap();
        let mut third = Device::new(&server, &Passkeys::default());
        assert_eq!(third.recover(&code).await, Err(Failure::CodeUnknown));
        third.recover(&typed(&sheet)).await.unwrap();
    }
}

#[tokio::test]
async fn the_new_passkey_opens_the_vault_when_recovery_ends_before_the_last_answer() {
    let server = Server::start();
    let (_laptop, code) = vault(&server).await;
    let mut clean = Device::new(&server, &Passkeys::default());
    clean.recover(&code).await.unwrap();
    clean.network.always("/api/sign-in-methods", Fault::AnswerLost);
    assert_eq!(clean.finish_recovery().await.err(), Some(Failure::Unsettled));
    let mut clean = clean.reopened();
    clean.network.heal();
    assert_eq!(clean.unlock().await.unwrap().records, 1);
    // The code that replaced the old one was never shown: another is made.
    let sheet = clean.new_sheet().await.unwrap();
    clean.confirm(&sheet).await.unwrap();
}
