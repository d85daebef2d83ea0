use crystallum_api::{Code, Committed, RemainingQuota, Session};
use crystallum_format::ids::RecordId;
use crystallum_format::leaf::LeafId;
use crystallum_test_support::Person;
use crystallum_test_support::commits::{
    SMALL_RECORD, big_secret, id, new_record, overview, profile, record, tombstone,
};

use crate::fixture::Fixture;

#[tokio::test]
async fn records_count_towards_the_quota() {
    let fixture = Fixture::with(|settings| settings.quota_records = 3).await;
    let mut person = Person::new(&fixture, "anna").await;
    person.write("two", vec![new_record("a"), new_record("b")]).await;
    assert_eq!(person.browser.get("/api/session").await.json::<Session>().remaining.records, 0);
    assert_eq!(person.try_write("more", vec![new_record("c")]).await.code(), Code::QuotaExceeded);
    // Changes and deletions are always allowed.
    person.write("edit", vec![record("a", overview("a", 2), None)]).await;
    person.write("swap", vec![tombstone("a", 3), new_record("c")]).await;
}

#[tokio::test]
async fn bytes_count_towards_the_quota() {
    let fixture = Fixture::with(|settings| settings.quota_bytes = 3 * SMALL_RECORD).await;
    let mut person = Person::new(&fixture, "anna").await;
    let room = person.browser.get("/api/session").await.json::<Session>().remaining;
    let bytes = u64::from(2 * SMALL_RECORD);
    assert_eq!(room, RemainingQuota { records: 19_999, bytes, access: bytes });
    person.write("two", vec![new_record("a"), new_record("b")]).await;
    assert_eq!(person.try_write("more", vec![new_record("c")]).await.code(), Code::QuotaExceeded);
    let bigger = vec![record("a", None, big_secret("a", 2))];
    assert_eq!(person.try_write("bigger", bigger).await.code(), Code::QuotaExceeded);
    person.write("delete", vec![tombstone("a", 2)]).await;
    assert_eq!(person.login().await.remaining.bytes, u64::from(SMALL_RECORD));
    person.write("more", vec![new_record("c")]).await;
}

#[tokio::test]
async fn history_counts_towards_the_quota() {
    let fixture = Fixture::with(|settings| settings.quota_bytes = 3 * SMALL_RECORD).await;
    let mut person = Person::new(&fixture, "anna").await;
    let mut version = 1;
    let refused = loop {
        version += 1;
        let reply = person
            .try_write(
                &format!("edit {version}"),
                vec![profile(person.account, overview("profile", version), None)],
            )
            .await;
        if reply.status != 200 {
            break reply;
        }
        assert!(version < 100);
    };
    assert_eq!(refused.code(), Code::QuotaExceeded);
}

#[tokio::test]
async fn a_first_commit_over_the_quota_creates_no_account() {
    let fixture = Fixture::with(|settings| settings.quota_bytes = SMALL_RECORD - 1).await;
    let person = Person::without_account(&fixture, "anna");
    let request = person.sign_up_request().await;
    assert_eq!(person.browser.post_json("/api/accounts", &request).await.code(), Code::QuotaExceeded);
    assert_eq!(person.browser.cookie(), None);
}

#[tokio::test]
async fn a_refused_commit_can_be_sent_again() {
    let fixture = Fixture::with(|settings| settings.quota_records = 2).await;
    let mut person = Person::new(&fixture, "anna").await;
    person.write("a", vec![new_record("a")]).await;
    assert_eq!(person.try_write("b", vec![new_record("b")]).await.code(), Code::QuotaExceeded);
    person.write("delete", vec![tombstone("a", 2)]).await;
    let reply = person.try_write("b", vec![new_record("b")]).await;
    assert_eq!(reply.json::<Committed>(), Committed { counter: 4 });
}

/// Ids are hashed into places of a tree. Whoever chooses ids whose places begin alike could make it
/// as large as memory holds.
#[tokio::test]
async fn ids_whose_places_begin_alike_are_refused() {
    let place = |name: &String| LeafId::Record(RecordId::new(id(name).0)).position();
    let mut names: Vec<String> = (0..1 << 17).map(|number| format!("record {number}")).collect();
    names.sort_by_cached_key(place);
    let begins_alike = |pair: &&[String]| place(&pair[0])[..3] == place(&pair[1])[..3];
    let alike = names.chunks(2).filter(begins_alike).take(100).flatten();
    let alike: Vec<_> = alike.map(|name| new_record(name)).collect();
    assert_eq!(alike.len(), 200);

    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    assert_eq!(person.try_write("alike", alike.clone()).await.code(), Code::QuotaExceeded);
    // Some of them may be so by chance.
    person.write("some", alike[..40].to_vec()).await;
    person.write("others", (0..200).map(|number| new_record(&format!("other {number}"))).collect()).await;
}
