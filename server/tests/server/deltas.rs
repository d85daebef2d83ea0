use crystallum_api::{Change, Code, Entry, Id, PAGE_COMMITS, Part};
use crystallum_test_support::Person;
use crystallum_test_support::commits::{big_secret, id, new_record, overview, record, secret, tombstone};

use crate::fixture::Fixture;

fn stripped(part: Option<Part>) -> Option<Part> {
    part.map(|part| Part { blob: None, ..part })
}

#[tokio::test]
async fn blobs_come_with_the_newest_version_only() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    person.write("new", vec![new_record("key"), new_record("other")]).await;
    person.write("edit", vec![record("key", overview("key", 2), None)]).await;
    person.write("delete", vec![tombstone("other", 2)]).await;
    let delta = person.delta(1).await;
    assert_eq!(delta.counter, 4);
    let expected = [
        vec![
            record("key", stripped(overview("key", 1)), secret("key", 1)),
            record("other", stripped(overview("other", 1)), stripped(secret("other", 1))),
        ],
        vec![record("key", overview("key", 2), None)],
        vec![tombstone("other", 2)],
    ];
    for (counter, (entry, changes)) in (1..).zip(delta.entries.into_iter().zip(expected)) {
        assert_eq!(entry, Entry { head: person.heads[counter].clone(), changes });
    }
}

#[tokio::test]
async fn a_delta_without_changes_is_empty() {
    let fixture = Fixture::start().await;
    let person = Person::new(&fixture, "anna").await;
    for since in [1, 2, 1 << 40, u64::MAX] {
        let delta = person.delta(since).await;
        assert_eq!((delta.counter, delta.entries.len()), (1, 0), "{since}");
    }
}

#[tokio::test]
async fn a_delta_query_is_one_number() {
    let fixture = Fixture::start().await;
    let person = Person::new(&fixture, "anna").await;
    for query in [
        "",
        "?",
        "?since=",
        "?since=-1",
        "?since=x",
        "?since=1&since=1",
        "?since=1&x=1",
        "?since=18446744073709551616",
    ] {
        assert_eq!(
            person.browser.get(&format!("/api/delta{query}")).await.code(),
            Code::BadRequest,
            "{query}"
        );
    }
}

#[tokio::test]
async fn pages_end_at_a_number_of_commits() {
    let fixture = Fixture::with(|settings| settings.rate_scale = 10).await;
    let mut person = Person::new(&fixture, "anna").await;
    person.write("new", vec![new_record("key")]).await;
    let last = u64::try_from(PAGE_COMMITS).unwrap() + 3;
    for version in 2..=last - 1 {
        person.write(&format!("edit {version}"), vec![record("key", overview("key", version), None)]).await;
    }
    let first = person.delta(0).await;
    assert_eq!((first.counter, first.entries.len()), (last, PAGE_COMMITS));
    let second = person.delta(u64::try_from(PAGE_COMMITS).unwrap()).await;
    assert_eq!((second.counter, second.entries.len()), (last, 3));
    assert_eq!(Some(&second.entries[2].head), person.heads.last());
    assert_eq!(second.entries[2].changes, vec![record("key", overview("key", last - 1), None)]);
}

#[tokio::test]
async fn pages_end_at_a_number_of_bytes() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let name = |batch: usize, at: usize| format!("{batch} {at}");
    // The last write is larger than a page.
    let sizes = [10, 10, 10, 10, 10, 10, 44];
    let batch = |batch: usize| -> Vec<Change> {
        (0..sizes[batch])
            .map(|at| name(batch, at))
            .map(|key| record(&key, overview(&key, 1), big_secret(&key, 1)))
            .collect()
    };
    for number in 0..sizes.len() {
        person.write(&format!("batch {number}"), batch(number)).await;
    }
    let (mut since, mut pages, mut records) = (0, 0, Vec::<Id>::new());
    while since < 8 {
        let reply = person.browser.get(&format!("/api/delta?since={since}")).await;
        let delta: crystallum_api::Delta = reply.json();
        assert_eq!(delta.counter, 8);
        let most = if delta.entries.len() > 1 { 512 * 1_024 } else { 1_048_576 };
        assert!(reply.body.len() <= most, "{} bytes", reply.body.len());
        for entry in delta.entries {
            assert_eq!(entry.head, person.heads[since]);
            since += 1;
            for change in entry.changes {
                let Change::Record { id, overview, secret } = change else { continue };
                assert!(overview.unwrap().blob.is_some() && secret.unwrap().blob.is_some());
                records.push(id);
            }
        }
        pages += 1;
    }
    assert_eq!(pages, 4);
    assert_eq!(records.len(), 1 + 6 * 10 + 44);
    assert!(records.contains(&id(&name(6, 43))));
}
