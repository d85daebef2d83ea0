//! All accounts together use no more of the disk than they may, and give back what they no longer
//! need.

use crystallum_api::{Change, ChangeSignInMethods, Code, DeleteAccount, Health, Proof, Session};
use crystallum_test_support::commits::{
    big_secret, device, keyslot, keyslot_gone, new_record, overview, record, tombstone,
};
use crystallum_test_support::{Dealing, Person, Response, Sheet, SoftwareAuthenticator};
use sqlx::Connection;

use crate::fixture::Fixture;
use crate::stores::open;

const QUOTA: u64 = 4 << 20;

/// Returns changes that add large records.
fn large(name: &str) -> Vec<Change> {
    let names = (0..40).map(|number| format!("{name} {number}"));
    names.map(|name| record(&name, overview(&name, 1), big_secret(&name, 1))).collect()
}

/// Writes until the server refuses.
async fn fill(person: &mut Person) {
    for _ in 0..200 {
        let name = format!("fill {}", person.counter());
        let reply = person.try_write(&name, large(&name)[..2].to_vec()).await;
        if reply.status != 200 {
            assert_eq!(reply.code(), Code::Unavailable);
            return;
        }
    }
    panic!("nothing was refused");
}

async fn delete(person: &Person) {
    let request = DeleteAccount { proof: Proof::Passkey(person.assertion().await) };
    assert_eq!(person.browser.post_json("/api/account/delete", &request).await.status, 204);
}

async fn problems(fixture: &Fixture) -> Vec<String> {
    fixture.browser().get("/api/health").await.json::<Health>().problems
}

async fn pages(fixture: &Fixture) -> i64 {
    let mut database = open(&fixture.folder.path().join("data/vault.db")).await;
    let pages = sqlx::query_scalar("PRAGMA page_count").fetch_one(&mut database).await.unwrap();
    database.close().await.unwrap();
    pages
}

#[tokio::test]
async fn a_full_server_refuses_growth_until_there_is_space() {
    let fixture = Fixture::with(|settings| settings.quota_disk = QUOTA).await;
    let mut anna = Person::new(&fixture, "anna").await;
    let mut bernd = Person::new(&fixture, "bernd").await;
    bernd.write("key", vec![new_record("key")]).await;
    fill(&mut anna).await;
    assert_eq!(problems(&fixture).await, ["disk_quota_reached"]);
    let used = u64::try_from(pages(&fixture).await).unwrap() * 4_096;
    assert!(used < QUOTA + (1 << 20), "{used}");
    // Whoever asks first learns that there is no space, and signs nothing.
    let session: Session = bernd.browser.get("/api/session").await.json();
    assert_eq!((session.remaining.bytes, session.remaining.records), (0, 0));
    assert_eq!(bernd.try_write("more", vec![new_record("more")]).await.code(), Code::Unavailable);
    let dealing = Dealing::new(&bernd, "wallet", 1).await;
    assert_eq!(dealing.shares[0].put(&bernd.browser).await.code(), Code::Unavailable);
    let stranger = Person::without_account(&fixture, "clara");
    let request = stranger.sign_up_request().await;
    assert_eq!(stranger.browser.post_json("/api/accounts", &request).await.code(), Code::Unavailable);
    // Deleting works, and makes space.
    bernd.write("delete", vec![tombstone("key", 2)]).await;
    delete(&anna).await;
    fixture.server.deletions_finished().await;
    fixture.server.check().await;
    assert!(problems(&fixture).await.is_empty());
    bernd.write("more", vec![new_record("more")]).await;
    Person::new(&fixture, "clara").await;
}

/// Adds a device, replaces the recovery sheet, and adds a passkey and removes it. Returns the codes
/// of those that are refused.
async fn make_safer(person: &mut Person, round: &str) -> Vec<(&'static str, Code)> {
    let name = |what: &str| format!("{what} {round}");
    let mut refused = Vec::new();
    let mut note = |what, reply: &Response| {
        if reply.status != 200 {
            refused.push((what, reply.code()));
        }
    };
    let reply = person.try_write(&name("join"), vec![device(&name("laptop"))]).await;
    note("join", &reply);
    let slots = |what: &str| {
        vec![keyslot(&format!("{what}-{round} root"), 1), keyslot(&format!("{what}-{round} cold"), 2)]
    };
    let change = async |person: &mut Person, request: &ChangeSignInMethods| -> Response {
        let reply = person.browser.post_json("/api/sign-in-methods", request).await;
        if reply.status == 200 {
            person.acknowledged(&request.commit);
        }
        reply
    };
    let mut sheet = slots("sheet");
    sheet.push(new_record(&name("name of the sheet")));
    let request = ChangeSignInMethods {
        set_recovery: Some(Sheet::new(round).verifier()),
        ..person.change_request(&name("sheet"), sheet).await
    };
    let reply = change(person, &request).await;
    note("sheet", &reply);
    let second = SoftwareAuthenticator::for_origin(person.browser.origin());
    let request = ChangeSignInMethods {
        add_passkey: Some(person.new_passkey(&second).await),
        ..person.change_request(&name("add"), slots("second")).await
    };
    let reply = change(person, &request).await;
    note("add", &reply);
    refused
}

#[tokio::test]
async fn a_reserve_is_kept_for_what_makes_a_vault_safer() {
    let fixture = Fixture::with(|settings| settings.quota_disk = QUOTA).await;
    let (mut anna, _) = Person::with_sheet(&fixture, "anna").await;
    let mut bernd = Person::new(&fixture, "bernd").await;
    bernd.write("key", vec![new_record("key"), new_record("other")]).await;
    fill(&mut anna).await;
    assert_eq!(problems(&fixture).await, ["disk_quota_reached"]);
    let remaining = bernd.browser.get("/api/session").await.json::<Session>().remaining;
    assert_eq!((remaining.records, remaining.bytes), (0, 0));
    assert!(remaining.access > 32 * 1_024, "{remaining:?}");
    assert_eq!(make_safer(&mut bernd, "first").await, []);
    // Records that come with it are no way around the quota.
    let much = [vec![keyslot("more root", 1), keyslot("more cold", 2)], large("more")[..2].to_vec()].concat();
    let request = ChangeSignInMethods {
        set_recovery: Some(Sheet::new("more").verifier()),
        ..bernd.change_request("more", much).await
    };
    assert_eq!(bernd.browser.post_json("/api/sign-in-methods", &request).await.code(), Code::Unavailable);

    // A quota below what is used leaves room for nothing but what takes away.
    let fixture = fixture.with_disk_quota(QUOTA / 2).await;
    bernd.reconnect(&fixture);
    anna.reconnect(&fixture);
    assert_eq!(problems(&fixture).await, ["disk_reserve_used"]);
    let refused = ["join", "sheet", "add"].map(|what| (what, Code::Unavailable));
    assert_eq!(make_safer(&mut bernd, "second").await, refused);
    let stolen = bernd.assertion().await.credential.raw_id;
    let request = ChangeSignInMethods {
        remove_passkey: Some(stolen),
        ..bernd.change_request("remove", vec![keyslot_gone("slot root"), keyslot_gone("slot cold")]).await
    };
    bernd.change_sign_in_methods(&request).await;
    bernd.write("delete", vec![tombstone("key", 2)]).await;
    delete(&anna).await;
    fixture.server.deletions_finished().await;
    fixture.server.check().await;
    assert_eq!(problems(&fixture).await, Vec::<String>::new());
    bernd.write("more", vec![new_record("more")]).await;
}

#[tokio::test]
async fn new_accounts_are_refused_before_the_others_are() {
    let fixture = Fixture::with(|settings| settings.quota_disk = QUOTA).await;
    let mut anna = Person::new(&fixture, "anna").await;
    while problems(&fixture).await.is_empty() {
        let name = format!("fill {}", anna.counter());
        anna.write(&name, large(&name)[..4].to_vec()).await;
    }
    assert_eq!(problems(&fixture).await, ["disk_quota_near"]);
    let stranger = Person::without_account(&fixture, "clara");
    let request = stranger.sign_up_request().await;
    assert_eq!(stranger.browser.post_json("/api/accounts", &request).await.code(), Code::Unavailable);
    anna.write("still", vec![new_record("still")]).await;
}

#[tokio::test]
async fn the_space_of_a_deleted_account_comes_back() {
    let fixture = Fixture::start().await;
    Person::new(&fixture, "bernd").await;
    let before = pages(&fixture).await;
    let mut anna = Person::new(&fixture, "anna").await;
    for number in 0..8 {
        let name = format!("fill {number}");
        anna.write(&name, large(&name)).await;
    }
    let full = pages(&fixture).await;
    assert!(full > before + 1_000, "{before} pages, then {full}");
    delete(&anna).await;
    fixture.server.deletions_finished().await;
    fixture.server.sweep().await;
    // Some free pages are kept for what is written next.
    let after = pages(&fixture).await;
    assert!(after <= before + 300, "{before} pages, then {full}, then {after}");
}

#[tokio::test]
async fn a_database_that_could_not_shrink_learns_it() {
    let fixture = Fixture::start().await;
    let mut anna = Person::new(&fixture, "anna").await;
    anna.write("key", vec![new_record("key")]).await;
    let fixture = fixture
        .restart(async |data| {
            let mut database = open(&data.join("vault.db")).await;
            let old =
                "PRAGMA journal_mode = DELETE; PRAGMA auto_vacuum = 0; VACUUM; PRAGMA journal_mode = WAL";
            sqlx::raw_sql(old).execute(&mut database).await.unwrap();
            let mode: i64 = sqlx::query_scalar("PRAGMA auto_vacuum").fetch_one(&mut database).await.unwrap();
            assert_eq!(mode, 0);
            database.close().await.unwrap();
        })
        .await;
    let mut database = open(&fixture.folder.path().join("data/vault.db")).await;
    let mode: i64 = sqlx::query_scalar("PRAGMA auto_vacuum").fetch_one(&mut database).await.unwrap();
    assert_eq!(mode, 2);
    anna.reconnect(&fixture);
    anna.login().await;
    anna.write("more", vec![new_record("more")]).await;
}
