//! While a ceremony waits for its owner, the engine carries out the commands that need no passkey.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use crystallum_messages::{
    Command, Exchange, Failure, OtherDomain, Purpose, RecordId, Reply, SignInMethodId, SignInMethodKind,
    VaultId, access, entry, keys, session, trash, wallets,
};
use crystallum_system_tests::{ArrivingCommands, Device, credentials, draft};
use crystallum_test_support::{PHRASE, Passkeys, Server};
use tokio::join;

async fn with_key(server: &Server, passkeys: &Passkeys) -> (Device, RecordId) {
    let mut laptop = Device::new(server, passkeys);
    laptop.create("My vault").await.unwrap();
    let key = draft(Exchange::Kraken, "Key", "", credentials("api-key-4711", "a secret"));
    let id = laptop.add(key).await.unwrap().id;
    (laptop, id)
}

/// Sends a command that must be carried out at once.
async fn ask<R: TryFrom<Reply, Error = OtherDomain>>(
    commands: &ArrivingCommands,
    command: impl Into<Command>,
) -> Result<R, Failure> {
    let answer = commands.ask(command).await.expect("it does not wait for the ceremony");
    answer.map(|reply| R::try_from(reply).expect("the same domain"))
}

#[tokio::test]
async fn keys_are_shown_changed_and_synchronised_while_a_passkey_is_added() {
    let server = Server::start();
    let (first, other) = (Passkeys::default(), Passkeys::default());
    let (mut laptop, id) = with_key(&server, &first).await;
    laptop.authenticator.then_hold(&other);
    let (commands, answer) = (laptop.commands.clone(), laptop.authenticator.leave_unanswered());
    let meanwhile = async {
        let revealed = ask(&commands, keys::Command::Reveal { id }).await;
        let Ok(keys::Reply::Revealed(revealed)) = revealed else { panic!("not revealed: {revealed:?}") };
        assert_eq!(revealed.api_secret.expose(), "a secret");
        let second =
            draft(Exchange::Kraken, "Added meanwhile", "", credentials("api-key-4712", "another secret"));
        let saved = ask(&commands, keys::Command::Add(second)).await;
        assert!(matches!(saved, Ok(keys::Reply::Saved(_))), "{saved:?}");
        assert_eq!(ask(&commands, session::Command::Sync).await, Ok(session::Reply::Done));
        assert!(matches!(ask(&commands, trash::Command::Delete { id }).await, Ok(trash::Reply::Saved(_))));
        assert!(matches!(ask(&commands, access::Command::List).await, Ok(access::Reply::Methods(_))));
        let words = wallets::Command::SuggestWords { prefix: "zo".to_owned() };
        assert_eq!(
            ask(&commands, words).await,
            Ok(wallets::Reply::Words(vec!["zone".to_owned(), "zoo".to_owned()]))
        );
        answer.send(()).unwrap();
    };
    let (added, ()) = join!(laptop.add_passkey("Phone"), meanwhile);
    added.unwrap();

    // Another device verifies the chain of signed states, and the new passkey opens all of it.
    let mut phone = Device::new(&server, &other);
    phone.unlock_any().await.unwrap();
    let labels: Vec<_> = phone.list().await.unwrap().into_iter().map(|row| row.label).collect();
    assert_eq!(labels, ["Added meanwhile"]);
    assert_eq!(phone.trash().await.unwrap().len(), 1);
    let methods = phone.sign_in_methods().await.unwrap();
    assert_eq!(methods.iter().filter(|method| method.kind == SignInMethodKind::Passkey).count(), 2);
}

#[tokio::test]
async fn a_command_that_needs_a_passkey_ends_the_ceremony_and_is_next() {
    let server = Server::start();
    let (mut laptop, id) = with_key(&server, &Passkeys::default()).await;
    let commands = laptop.commands.clone();
    let method = SignInMethodId([9; 16]);
    let next: [Command; 9] = [
        access::Command::Remove { id: method }.into(),
        entry::Command::Unlock { vault: None }.into(),
        entry::Command::Forget { vault: VaultId([9; 16]) }.into(),
        session::Command::Renew.into(),
        trash::Command::Purge { id }.into(),
        wallets::Command::Rebuild { id }.into(),
        session::Command::DeleteVault.into(),
        session::Command::Lock.into(),
        session::Command::LogOut.into(),
    ];
    for command in next {
        let answer = laptop.authenticator.leave_unanswered();
        let (sheet, postponed) = join!(laptop.new_sheet(), commands.ask(command.clone()));
        assert_eq!((sheet, postponed), (Err(Failure::Cancelled), None), "{command:?}");
        assert!(answer.is_closed(), "the engine no longer waits for the device: {command:?}");
    }
}

#[tokio::test]
async fn preparing_another_ceremony_waits() {
    let server = Server::start();
    let (mut laptop, _) = with_key(&server, &Passkeys::default()).await;
    let (commands, answer) = (laptop.commands.clone(), laptop.authenticator.leave_unanswered());
    let meanwhile = async {
        assert_eq!(commands.ask(entry::Command::Prepare(Purpose::Unlock)).await, None);
        answer.send(()).unwrap();
    };
    let (sheet, ()) = join!(laptop.new_sheet(), meanwhile);
    sheet.unwrap();
}

#[tokio::test]
async fn before_a_vault_is_open_a_code_can_be_checked_during_a_ceremony() {
    let server = Server::start();
    let (laptop, id) = with_key(&server, &Passkeys::default()).await;
    let mut laptop = laptop.lock().await;
    let (commands, answer) = (laptop.commands.clone(), laptop.authenticator.leave_unanswered());
    let meanwhile = async {
        let sign_up = ask(&commands, entry::Command::SignUp).await;
        assert!(matches!(sign_up, Ok(entry::Reply::SignUp(Some(_)))), "{sign_up:?}");
        assert_eq!(ask::<keys::Reply>(&commands, keys::Command::Reveal { id }).await, Err(Failure::Locked));
        answer.send(()).unwrap();
    };
    let (opened, ()) = join!(laptop.unlock(), meanwhile);
    assert_eq!(opened.unwrap().name, "My vault");
}

#[tokio::test]
async fn a_wallet_that_was_restored_during_the_ceremony_is_not_purged() {
    let server = Server::start();
    let passkeys = Passkeys::default();
    let (mut laptop, _) = with_key(&server, &passkeys).await;
    let id = laptop.add_wallet("Cold storage", PHRASE, 2, 3).await.unwrap().id;
    laptop.delete(id).await.unwrap();
    let mut phone = Device::new(&server, &passkeys);
    phone.unlock_any().await.unwrap();
    let (commands, answer) = (laptop.commands.clone(), laptop.authenticator.leave_unanswered());
    let meanwhile = async {
        phone.restore(id).await.unwrap();
        assert_eq!(ask(&commands, session::Command::Sync).await, Ok(session::Reply::Done));
        answer.send(()).unwrap();
    };
    let (purged, ()) = join!(laptop.purge(id), meanwhile);
    assert_eq!(purged, Err(Failure::Changed));
    assert_eq!(laptop.rebuild(id).await.unwrap().phrase.expose(), PHRASE);
}
