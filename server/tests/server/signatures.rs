//! Nothing is stored that the vault and the writing device have not both signed.

use crystallum_api::{Bytes, Change, Code, Commit, Committed};
use crystallum_test_support::Person;
use crystallum_test_support::commits::{
    commit, device, device_key, genesis, head_by, id, keyslot, new_record,
};
use crystallum_test_support::format::sign_as_device;
use sqlx::Connection;

use crate::fixture::Fixture;
use crate::stores::open;

/// Returns copies of a commit, each with another fault in a signature.
fn forgeries(good: &Commit) -> Vec<(&'static str, Commit)> {
    let altered = |alter: fn(&mut [u8])| {
        let mut forged = good.clone();
        alter(&mut forged.head.0);
        forged
    };
    vec![
        ("no signature of the vault", altered(|head| vault_part(head).fill(0))),
        ("an altered signature of the vault", altered(|head| vault_part(head)[9] ^= 1)),
        ("no signature of the device", altered(|head| device_part(head).fill(0))),
        ("a random signature of the device", altered(|head| device_part(head).fill(0x5a))),
        ("an altered signature of the device", altered(|head| device_part(head)[9] ^= 1)),
        ("another device's signature", altered(|head| sign_as_device(head, &device_key(id("stranger"))))),
    ]
}

fn vault_part(head: &mut [u8]) -> &mut [u8] {
    let end = head.len();
    &mut head[end - 128..end - 64]
}

fn device_part(head: &mut [u8]) -> &mut [u8] {
    let end = head.len();
    &mut head[end - 64..]
}

#[tokio::test]
async fn a_genesis_has_both_signatures() {
    let fixture = Fixture::with(|settings| settings.rate_scale = 10).await;
    let person = Person::without_account(&fixture, "anna");
    let good = genesis(person.account);
    let mut forged = forgeries(&good);
    let head = head_by(id("stranger"), person.account, 1, &good.changes);
    forged.push(("a writer that is not its device", Commit { head, ..good }));
    let mut changes = genesis(person.account).changes;
    let Some(Change::Device { key: Bytes(key), .. }) = changes.first_mut() else { panic!("a device") };
    key[5] ^= 1;
    forged.push(("a key that is no point of the curve", commit(person.account, "genesis", 0, changes)));
    for (what, forged) in forged {
        let mut request = person.sign_up_request().await;
        request.commit = forged;
        assert_eq!(
            person.browser.post_json("/api/accounts", &request).await.code(),
            Code::BadRequest,
            "{what}"
        );
    }
    let good = person.sign_up_request().await;
    person.browser.post_json("/api/accounts", &good).await.json::<Committed>();
}

#[tokio::test]
async fn every_write_has_both_signatures() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    for changes in [vec![new_record("key")], vec![device("laptop")]] {
        let good = commit(person.account, "good", person.counter, changes);
        let mut forged = forgeries(&good);
        let head = head_by(id("stranger"), person.account, person.counter + 1, &good.changes);
        forged.push(("a writer that is not in the vault", Commit { head, ..good }));
        for (what, forged) in forged {
            let refused = person.browser.post_json("/api/commit", &forged).await;
            assert_eq!(refused.code(), Code::BadRequest, "{what}");
        }
    }
    // A device may not join with another device's signature.
    let head = head_by(id("device"), person.account, person.counter + 1, &[device("laptop")]);
    let join = commit(person.account, "join", person.counter, vec![device("laptop")]);
    let refused = person.browser.post_json("/api/commit", &Commit { head, ..join }).await;
    assert_eq!(refused.code(), Code::BadRequest);
    let mut request = person.change_request("methods", vec![keyslot("slot two", 1)]).await;
    device_part(&mut request.commit.head.0).fill(0x5a);
    assert_eq!(person.browser.post_json("/api/ways", &request).await.code(), Code::BadRequest);
    assert_eq!(person.delta(0).await.counter, 1);
    person.write("good", vec![new_record("key")]).await;
}

#[tokio::test]
async fn a_device_that_joined_writes_and_a_stranger_does_not() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    person.write("join", vec![device("laptop")]).await;
    let write = commit(person.account, "write", person.counter, vec![new_record("key")]);
    let head = head_by(id("laptop"), person.account, person.counter + 1, &write.changes);
    let mut stranger = Commit { head, ..write };
    let good = stranger.clone();
    device_part(&mut stranger.head.0).fill(0x5a);
    assert_eq!(person.browser.post_json("/api/commit", &stranger).await.code(), Code::BadRequest);
    person.browser.post_json("/api/commit", &good).await.json::<Committed>();
}

/// Earlier versions did not remember the keys of devices.
#[tokio::test]
async fn keys_of_devices_that_joined_earlier_are_found() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    person.write("join", vec![device("laptop")]).await;
    let fixture = fixture
        .restart(async |data| {
            let mut database = open(&data.join("vault.db")).await;
            sqlx::query("UPDATE members SET key = NULL").execute(&mut database).await.unwrap();
            database.close().await.unwrap();
        })
        .await;
    person.reconnect(&fixture);
    person.login().await;
    for (name, writer) in [("one", "laptop"), ("two", "device"), ("three", "laptop")] {
        let write = commit(person.account, name, person.counter, vec![new_record(name)]);
        let head = head_by(id(writer), person.account, person.counter + 1, &write.changes);
        let mut forged = Commit { head: head.clone(), ..write.clone() };
        device_part(&mut forged.head.0).fill(0x5a);
        assert_eq!(person.browser.post_json("/api/commit", &forged).await.code(), Code::BadRequest);
        person.browser.post_json("/api/commit", &Commit { head, ..write }).await.json::<Committed>();
        person.counter += 1;
    }
    let mut database = open(&fixture.folder.path().join("data/vault.db")).await;
    let unknown = "SELECT count(*) FROM members WHERE kind = 4 AND key IS NULL";
    let unknown: i64 = sqlx::query_scalar(unknown).fetch_one(&mut database).await.unwrap();
    assert_eq!(unknown, 0);
}
