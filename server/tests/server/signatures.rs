//! Nothing is stored that the vault and the writing device have not both signed.

use crystallum_api::{Bytes, Change, Code, Commit, Committed};
use crystallum_test_support::Person;
use crystallum_test_support::commits::{device, device_key, id, keyslot, new_record};
use crystallum_test_support::format::sign_as_device;
use crystallum_test_support::signer::{GENESIS, JOIN, WRITE};

use crate::fixture::Fixture;

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
    let good = person.genesis();
    let mut forged = forgeries(&good);
    let stranger = person.state.written_by(id("stranger"));
    let (_, by_stranger) = stranger.sign_as(GENESIS, good.changes.clone(), id("genesis"));
    forged.push(("a writer that is not its device", by_stranger));
    let mut changes = good.changes;
    let Some(Change::Device { key: Bytes(key), .. }) = changes.first_mut() else { panic!("a device") };
    key[5] ^= 1;
    forged.push(("a key that is no point of the curve", person.state.commit("genesis", changes)));
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
    for (op, changes) in [(WRITE, vec![new_record("key")]), (JOIN, vec![device("laptop")])] {
        let good = person.state.commit("good", changes.clone());
        let mut forged = forgeries(&good);
        let stranger = person.state.written_by(id("stranger"));
        let (_, by_stranger) = stranger.sign_as(op, changes, id("good"));
        forged.push(("a writer that is not in the vault", by_stranger));
        for (what, forged) in forged {
            let refused = person.browser.post_json("/api/commit", &forged).await;
            assert_eq!(refused.code(), Code::BadRequest, "{what}");
        }
    }
    // A device may not join with another device's signature.
    let (_, join) = person.state.sign_as(JOIN, vec![device("laptop")], id("join"));
    assert_eq!(person.browser.post_json("/api/commit", &join).await.code(), Code::BadRequest);
    let method = vec![keyslot("two root", 1), keyslot("two cold", 2)];
    let mut request = person.change_request("methods", method).await;
    device_part(&mut request.commit.head.0).fill(0x5a);
    assert_eq!(person.browser.post_json("/api/sign-in-methods", &request).await.code(), Code::BadRequest);
    assert_eq!(person.delta(0).await.counter, 1);
    person.write("good", vec![new_record("key")]).await;
}

#[tokio::test]
async fn devices_that_joined_write_and_strangers_do_not() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    person.write("join", vec![device("laptop")]).await;
    for (name, writer) in [("one", "laptop"), ("two", "device"), ("three", "laptop")] {
        let good = person.state.written_by(id(writer)).commit(name, vec![new_record(name)]);
        let mut forged = good.clone();
        device_part(&mut forged.head.0).fill(0x5a);
        assert_eq!(person.browser.post_json("/api/commit", &forged).await.code(), Code::BadRequest);
        person.send(&good).await.json::<Committed>();
    }
}
