//! Earlier versions of a secret.

use crystallum_api::{Code, KEPT_VERSIONS, Part, Session};
use crystallum_test_support::commits::{
    SMALL_RECORD, big_secret, id, new_record, overview, record, secret, tombstone,
};
use crystallum_test_support::{Dealing, Person, Response};

use crate::fixture::Fixture;

async fn ask(person: &mut Person, name: &str, version: u64) -> Response {
    person.browser.get(&format!("/api/records/{}/secrets/{version}", id(name))).await
}

async fn write_secrets(person: &mut Person, name: &str, versions: std::ops::RangeInclusive<u64>) {
    for version in versions {
        person.write(&format!("{name} {version}"), vec![record(name, None, secret(name, version))]).await;
    }
}

/// Returns the versions that the server still has.
async fn kept(person: &mut Person, name: &str, newest: u64) -> Vec<u64> {
    let mut versions = Vec::new();
    for version in 0..=newest + 1 {
        let reply = ask(person, name, version).await;
        if reply.status == 200 {
            assert_eq!(Some(reply.json::<Part>()), secret(name, version));
            versions.push(version);
        } else {
            assert_eq!(reply.code(), Code::NotFound);
        }
    }
    versions
}

#[tokio::test]
async fn earlier_secrets_are_kept_up_to_a_number() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    person.write("new", vec![new_record("key")]).await;
    assert_eq!(kept(&mut person, "key", 1).await, [1]);
    let newest = u64::try_from(KEPT_VERSIONS).unwrap() + 4;
    write_secrets(&mut person, "key", 2..=newest).await;
    assert_eq!(kept(&mut person, "key", newest).await, (4..=newest).collect::<Vec<_>>());
    // A new overview does not create a version of the secret.
    person.write("label", vec![record("key", overview("key", 2), None)]).await;
    assert_eq!(kept(&mut person, "key", newest).await, (4..=newest).collect::<Vec<_>>());
}

#[tokio::test]
async fn they_go_with_the_record() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    person.write("new", vec![new_record("key"), new_record("other")]).await;
    write_secrets(&mut person, "key", 2..=4).await;
    write_secrets(&mut person, "other", 2..=3).await;
    person.write("delete", vec![tombstone("key", 5)]).await;
    assert_eq!(kept(&mut person, "key", 5).await, Vec::<u64>::new());
    assert_eq!(kept(&mut person, "other", 3).await, [1, 2, 3]);
}

#[tokio::test]
async fn they_are_of_one_account() {
    let fixture = Fixture::start().await;
    let mut anna = Person::new(&fixture, "anna").await;
    let mut otto = Person::new(&fixture, "otto").await;
    anna.write("new", vec![new_record("key")]).await;
    write_secrets(&mut anna, "key", 2..=3).await;
    assert_eq!(kept(&mut otto, "key", 3).await, Vec::<u64>::new());
    let path = format!("/api/records/{}/secrets/1", id("key"));
    assert_eq!(fixture.browser().get(&path).await.code(), Code::SessionExpired);
    assert_eq!(kept(&mut anna, "key", 3).await, [1, 2, 3]);
}

#[tokio::test]
async fn a_question_names_a_record_and_a_version() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    person.write("new", vec![new_record("key")]).await;
    let record = id("key");
    for path in [
        "x/secrets/1".to_owned(),
        format!("{record}/secrets/x"),
        format!("{record}/secrets/-1"),
        format!("{record}/secrets/18446744073709551616"),
    ] {
        let reply = person.browser.get(&format!("/api/records/{path}")).await;
        assert_eq!(reply.code(), Code::BadRequest, "{path}");
    }
    let reply = person.browser.get(&format!("/api/records/{record}/secrets/18446744073709551615")).await;
    assert_eq!(reply.code(), Code::NotFound);
}

/// Earlier secrets use what the quota leaves free.
#[tokio::test]
async fn they_give_way_to_what_is_written() {
    let fixture = Fixture::with(|settings| settings.quota_bytes = 4 * SMALL_RECORD).await;
    let mut person = Person::new(&fixture, "anna").await;
    person.write("new", vec![new_record("key")]).await;
    write_secrets(&mut person, "key", 2..=3).await;
    let room = person.browser.get("/api/session").await.json::<Session>().remaining;
    assert_eq!(room.bytes, u64::from(2 * SMALL_RECORD));
    assert_eq!(kept(&mut person, "key", 3).await, [1, 2, 3]);
    // After one more record, one earlier secret still fits.
    person.write("second", vec![new_record("second")]).await;
    assert_eq!(kept(&mut person, "key", 3).await, [2, 3]);
    person.write("third", vec![new_record("third")]).await;
    assert_eq!(kept(&mut person, "key", 3).await, [3]);
    let bigger = vec![record("key", None, big_secret("key", 4))];
    assert_eq!(person.try_write("bigger", bigger).await.code(), Code::QuotaExceeded);
}

#[tokio::test]
async fn what_was_kept_first_goes_first() {
    let fixture = Fixture::with(|settings| settings.quota_bytes = 5 * SMALL_RECORD).await;
    let mut person = Person::new(&fixture, "anna").await;
    person.write("new", vec![new_record("a"), new_record("b")]).await;
    write_secrets(&mut person, "b", 2..=2).await;
    write_secrets(&mut person, "a", 2..=3).await;
    assert_eq!(kept(&mut person, "a", 3).await, [1, 2, 3]);
    person.write("c", vec![new_record("c")]).await;
    // Of the first versions, which were written together, one was deleted with the next write. The
    // later version is still there.
    let left = [kept(&mut person, "a", 3).await, kept(&mut person, "b", 2).await];
    assert_eq!(left, [vec![2, 3], vec![2]]);
}

/// A phrase sealed before a new dealing must not remain after the shares that open it are deleted.
#[tokio::test]
async fn a_dealing_leaves_no_earlier_secret() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let mut earlier: Option<Dealing> = None;
    for version in 1..=3 {
        let dealing = Dealing::new(&person, "wallet", u32::try_from(version).unwrap()).await;
        dealing.put(&person).await;
        let mut changes = vec![record("wallet", overview("wallet", version), secret("wallet", version))];
        changes.extend(dealing.changes());
        changes.extend(earlier.iter().flat_map(Dealing::removals));
        person.write(&format!("dealing {version}"), changes).await;
        assert_eq!(kept(&mut person, "wallet", version).await, [version]);
        earlier = Some(dealing);
    }
}
