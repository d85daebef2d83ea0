//! The draft of a form, which a device keeps for itself when the vault locks.

use crystallum_messages::{Failure, session};
use crystallum_system_tests::{Device, text};
use crystallum_test_support::{Passkeys, Server};

const DRAFT: &str = "add okx\nOKX trading 4F1A9C0D7E2B586394D8C7B6A5E4F302";

async fn load(device: &mut Device) -> Result<Option<String>, Failure> {
    let reply = device.run(session::Command::Draft).await?;
    match session::Reply::try_from(reply) {
        Ok(session::Reply::Draft(draft)) => Ok(draft.map(|draft| draft.expose().to_owned())),
        other => panic!("not a draft: {other:?}"),
    }
}

async fn load_form(device: &mut Device) -> Result<Option<String>, Failure> {
    let reply = device.run(session::Command::DraftForm).await?;
    match session::Reply::try_from(reply) {
        Ok(session::Reply::DraftForm(form)) => Ok(form),
        other => panic!("not a form: {other:?}"),
    }
}

async fn save(device: &mut Device, draft: Option<&str>) -> Result<(), Failure> {
    device.done(session::Command::SaveDraft { draft: draft.map(text) }).await
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes.windows(text.len()).any(|window| window == text.as_bytes())
}

#[tokio::test]
async fn a_draft_survives_the_lock_sealed_and_is_never_sent() {
    let server = Server::start();
    let mut laptop = Device::new(&server, &Passkeys::default());
    laptop.create("My vault").await.unwrap();
    assert_eq!(load(&mut laptop).await, Ok(None));
    let calls = laptop.network.calls().len();
    save(&mut laptop, Some(DRAFT)).await.unwrap();
    assert_eq!(laptop.network.calls().len(), calls, "nothing is sent");
    let stored = laptop.profile.disk.snapshot();
    assert_eq!(stored.keys().filter(|key| key.ends_with("/draft")).count(), 1);
    assert!(!stored.values().any(|value| contains(value, "4F1A9C0D7E2B")), "it is sealed");

    let mut laptop = laptop.lock().await;
    assert_eq!(load(&mut laptop).await, Err(Failure::Locked));
    laptop.unlock().await.unwrap();
    assert_eq!(load_form(&mut laptop).await, Ok(Some("add okx".to_owned())), "and nothing of the content");
    assert_eq!(load(&mut laptop).await, Ok(Some(DRAFT.to_owned())));
    save(&mut laptop, Some("a later one")).await.unwrap();
    assert_eq!(load(&mut laptop).await, Ok(Some("a later one".to_owned())));
    assert_eq!(load_form(&mut laptop).await, Ok(None), "one without a first line names no form");
    save(&mut laptop, None).await.unwrap();
    assert_eq!(load(&mut laptop).await, Ok(None));
    assert!(!laptop.profile.disk.snapshot().keys().any(|key| key.ends_with("/draft")));
}

#[tokio::test]
async fn a_draft_of_another_vault_or_one_too_long_is_none() {
    let server = Server::start();
    let mut laptop = Device::new(&server, &Passkeys::default());
    laptop.create("My vault").await.unwrap();
    save(&mut laptop, Some(DRAFT)).await.unwrap();
    assert_eq!(save(&mut laptop, Some(&"a".repeat(24_573))).await, Err(Failure::StorageFailed));
    assert_eq!(load(&mut laptop).await, Ok(Some(DRAFT.to_owned())), "the earlier one stays");

    let stored = laptop.profile.disk.snapshot();
    let (_, foreign) = stored.iter().find(|(key, _)| key.ends_with("/draft")).unwrap();
    let mut other = Device::new(&server, &Passkeys::default());
    other.create("Another vault").await.unwrap();
    save(&mut other, Some("its own")).await.unwrap();
    let own = other.profile.disk.snapshot().into_keys().find(|key| key.ends_with("/draft")).unwrap();
    other.profile.disk.edit(&own, |value| value.clone_from(foreign));
    assert_eq!(load(&mut other).await, Ok(None));
}

#[tokio::test]
async fn a_draft_is_not_kept_of_a_vault_that_another_tab_has_forgotten() {
    let server = Server::start();
    let mut laptop = Device::new(&server, &Passkeys::default());
    laptop.create("My vault").await.unwrap();
    laptop.profile.disk.restore(std::collections::BTreeMap::new());
    assert_eq!(save(&mut laptop, Some(DRAFT)).await, Err(Failure::AnotherTab));
    assert!(laptop.profile.disk.snapshot().is_empty());
}

#[tokio::test]
async fn the_longest_key_fits_into_a_draft() {
    let server = Server::start();
    let mut laptop = Device::new(&server, &Passkeys::default());
    laptop.create("My vault").await.unwrap();
    let longest = "a".repeat(3 * 5_000 + 1_200 + 256 + 200);
    save(&mut laptop, Some(&longest)).await.unwrap();
    assert_eq!(load(&mut laptop).await, Ok(Some(longest)));
}
