//! The live objects of a vault, for a device that does not know it.

use crystallum_api::{Change, Code, Stage, State};
use crystallum_format::head::SignedHead;
use crystallum_format::history::History;
use crystallum_test_support::Person;
use crystallum_test_support::commits::{
    big_secret, device, id, keyslot, keyslot_gone, new_record, overview, record, secret, tombstone,
};

use crate::fixture::Fixture;
use crate::stores::open;

/// Reads every page and checks what holds for each.
async fn read_all(person: &Person) -> (Vec<Change>, usize) {
    let (mut objects, mut pages) = (Vec::new(), 0);
    let mut last = None;
    loop {
        let page: State = person.state(last).await;
        pages += 1;
        assert_eq!(Some(&page.head), person.heads.last());
        assert!(page.more || pages == 1 || !page.objects.is_empty());
        for object in page.objects {
            let place = Stage::of(&object).expect("an object");
            assert!(last < Some(place), "objects come in their order");
            last = Some(place);
            objects.push(object);
        }
        if !page.more {
            return (objects, pages);
        }
    }
}

#[tokio::test]
async fn a_checkpoint_has_what_is_live_and_nothing_else() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let before = read_all(&person).await.0;
    person.write("new", vec![new_record("key"), new_record("other")]).await;
    person.write("edit", vec![record("key", overview("key", 2), None)]).await;
    person.write("delete", vec![tombstone("other", 2)]).await;
    person.write("join", vec![device("phone")]).await;
    for name in ["spare", "gone"] {
        let added = vec![keyslot(&format!("{name} root"), 1), keyslot(&format!("{name} cold"), 2)];
        let request = person.change_request(name, added).await;
        person.change_sign_in_methods(&request).await;
    }
    let removed = vec![keyslot_gone("gone root"), keyslot_gone("gone cold")];
    let request = person.change_request("remove", removed).await;
    person.change_sign_in_methods(&request).await;

    let (objects, pages) = read_all(&person).await;
    assert_eq!(pages, 1);
    let stripped = |part| Option::map(part, |part| crystallum_api::Part { blob: None, ..part });
    for expected in [
        record("key", overview("key", 2), stripped(secret("key", 1))),
        record("key", None, secret("key", 1)),
        tombstone("other", 2),
        device("phone"),
        keyslot("spare root", 1),
        keyslot("spare cold", 2),
    ] {
        assert!(objects.contains(&expected), "{expected:?}");
    }
    assert_eq!(objects.len(), before.len() + 6);
    assert!(before.iter().all(|object| objects.contains(object)), "what was there before is there still");
}

#[tokio::test]
async fn each_page_names_the_head_and_the_history_before_it() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    for number in 0..5 {
        person.write(&format!("new {number}"), vec![new_record(&format!("key {number}"))]).await;
        let page = person.state(None).await;
        let body = *SignedHead::from_bytes(page.head.as_slice()).unwrap().body();
        assert_eq!(History::from_bytes(page.past.as_slice()).unwrap().root(), body.history);
        assert_eq!(u64::try_from(page.objects.len()).unwrap(), body.leaves + records(&page.objects));
    }
}

/// Returns how many records come a second time, with their secrets.
fn records(objects: &[Change]) -> u64 {
    objects.iter().map(|object| u64::from(Stage::of(object).unwrap().0 == Stage::Secrets)).sum()
}

#[tokio::test]
async fn pages_end_at_a_number_of_bytes() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let name = |at: usize| format!("key {at}");
    for batch in 0..4 {
        let keys = (batch * 40..batch * 40 + 40).map(name);
        let changes = keys.map(|key| record(&key, overview(&key, 1), big_secret(&key, 1))).collect();
        person.write(&format!("batch {batch}"), changes).await;
    }
    let first = person.browser.get("/api/state").await;
    assert!(first.body.len() <= 560 * 1_024, "{} bytes", first.body.len());
    let page: State = first.json();
    let overviews = |object: &&Change| Stage::of(object).unwrap().0 == Stage::Overviews;
    assert_eq!(page.objects.iter().filter(overviews).count(), 161, "the list is there with the first page");
    let (objects, pages) = read_all(&person).await;
    assert_eq!((pages, records(&objects)), (7, 161));
}

/// Commits may be large, and every keyslot may have come with another one.
#[tokio::test]
async fn no_commit_is_read_for_a_page() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let slots = vec![keyslot("more root", 1), keyslot("more cold", 2), new_record("name")];
    let request = person.change_request("more", slots).await;
    person.change_sign_in_methods(&request).await;
    let before = read_all(&person).await.0;
    let mut database = open(&fixture.folder.path().join("data/vault.db")).await;
    let sql = "UPDATE commits SET changes = 'not read'";
    assert_eq!(sqlx::query(sql).execute(&mut database).await.unwrap().rows_affected(), 2);
    assert_eq!(read_all(&person).await.0, before);
}

#[tokio::test]
async fn a_query_names_both_or_none() {
    let fixture = Fixture::start().await;
    let person = Person::new(&fixture, "anna").await;
    let id = id("key");
    for query in [
        "?stage=1".to_owned(),
        format!("?after={id}"),
        format!("?stage=0&after={id}"),
        format!("?stage=7&after={id}"),
        format!("?stage=256&after={id}"),
        "?stage=1&after=x".to_owned(),
        format!("?stage=1&after={id}&x=1"),
    ] {
        let reply = person.browser.get(&format!("/api/state{query}")).await;
        assert_eq!(reply.code(), Code::BadRequest, "{query}");
    }
    let end = person.state(Some((Stage::Secrets, crystallum_api::Id([255; 16])))).await;
    assert_eq!((end.objects, end.more), (Vec::new(), false));
    assert_eq!(Some(&end.head), person.heads.last());
}
