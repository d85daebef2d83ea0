use crystallum_api::{Change, Code, Commit, Committed, Failure};
use crystallum_test_support::Person;
use crystallum_test_support::commits::{
    big_secret, device, genesis_changes, id, new_record, overview, record, secret, tombstone,
};
use crystallum_test_support::signer::Signer;

use crate::fixture::Fixture;

async fn refused(person: &mut Person, changes: Vec<Change>) {
    assert_eq!(person.try_write("refused", changes).await.code(), Code::BadRequest);
    assert_eq!(person.delta(0).await.counter, person.counter());
}

#[tokio::test]
async fn a_repeated_commit_gets_the_first_answer() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let first = person.state.commit("first", vec![new_record("key")]);
    let answer: Committed = person.send(&first).await.json();
    person.write("second", vec![record("key", overview("key", 2), None)]).await;
    for _ in 0..2 {
        let again: Committed = person.browser.post_json("/api/commit", &first).await.json();
        assert_eq!(again, answer);
    }
    // White space and the order of fields do not matter.
    let mut text = serde_json::to_string_pretty(&first).unwrap();
    text.push('\n');
    assert_eq!(person.browser.post_text("/api/commit", text).await.json::<Committed>(), answer);
    assert_eq!(person.delta(0).await.entries.len(), 3);
}

/// Attack T61 of `tests/ATTACKS.md`.
#[tokio::test]
async fn a_commit_id_cannot_be_reused_for_other_content() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let first = person.state.commit("first", vec![new_record("key")]);
    person.send(&first).await.json::<Committed>();
    let reused = person.state.commit("first", vec![new_record("other")]);
    assert_eq!(person.browser.post_json("/api/commit", &reused).await.code(), Code::CommitIdReused);
    let mut other_head = first;
    other_head.head.0[200] ^= 1;
    assert_eq!(person.browser.post_json("/api/commit", &other_head).await.code(), Code::CommitIdReused);
    assert_eq!(person.delta(0).await.counter, 2);
}

#[tokio::test]
async fn a_commit_on_an_old_counter_is_a_conflict() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    person.write("first", vec![new_record("key")]).await;
    for (name, expected) in [("late", 1), ("early", 3), ("far", 1 << 62)] {
        let mut elsewhere = person.state.clone();
        elsewhere.counter = expected;
        let late = elsewhere.commit(name, vec![new_record("other")]);
        let failure = person.browser.post_json("/api/commit", &late).await.failure();
        assert_eq!(failure, Failure { counter: Some(2), ..Failure::from(Code::Conflict) });
    }
    assert_eq!(person.delta(0).await.entries.len(), 2);
}

#[tokio::test]
async fn one_of_two_concurrent_writers_wins() {
    let fixture = Fixture::start().await;
    let person = Person::new(&fixture, "anna").await;
    let other = fixture.browser();
    other.set_cookie(person.browser.cookie());
    let one = person.state.commit("one", vec![new_record("one")]);
    let two = person.state.commit("two", vec![new_record("two")]);
    let (first, second) =
        tokio::join!(person.browser.post_json("/api/commit", &one), other.post_json("/api/commit", &two));
    let mut statuses = [first.status, second.status];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 409]);
    assert_eq!(person.delta(1).await.entries.len(), 1);
}

#[tokio::test]
async fn versions_grow_by_one() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    person.write("new", vec![new_record("key")]).await;
    for version in [0, 1, 3, u64::MAX] {
        refused(&mut person, vec![record("key", overview("key", version), None)]).await;
        refused(&mut person, vec![record("key", None, secret("key", version))]).await;
        refused(&mut person, vec![record("key", overview("key", 2), secret("key", version))]).await;
    }
    person.write("label", vec![record("key", overview("key", 2), None)]).await;
    person.write("both", vec![record("key", overview("key", 3), secret("key", 2))]).await;
    person.write("bigger", vec![record("key", None, big_secret("key", 3))]).await;
}

#[tokio::test]
async fn a_new_record_has_both_parts() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    refused(&mut person, vec![record("key", overview("key", 1), None)]).await;
    refused(&mut person, vec![record("key", None, secret("key", 1))]).await;
    refused(&mut person, vec![record("key", overview("key", 1), secret("key", 2))]).await;
    refused(&mut person, vec![record("key", overview("key", 2), secret("key", 2))]).await;
}

#[tokio::test]
async fn a_deleted_record_stays_deleted() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    person.write("new", vec![new_record("key")]).await;
    person.write("edit", vec![record("key", overview("key", 2), None)]).await;
    for version in [0, 1, 2] {
        refused(&mut person, vec![tombstone("key", version)]).await;
    }
    refused(&mut person, vec![tombstone("never there", 5)]).await;
    person.write("delete", vec![tombstone("key", 3)]).await;
    refused(&mut person, vec![tombstone("key", 4)]).await;
    refused(&mut person, vec![new_record("key")]).await;
    refused(&mut person, vec![record("key", overview("key", 3), None)]).await;
    refused(&mut person, vec![record("key", overview("key", 4), secret("key", 4))]).await;
}

#[tokio::test]
async fn a_device_joins_once() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    refused(&mut person, vec![device("device")]).await;
    person.write("join", vec![device("laptop")]).await;
    refused(&mut person, vec![device("laptop")]).await;
}

#[tokio::test]
async fn commits_that_break_the_rules_are_refused() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    refused(&mut person, Vec::new()).await;
    refused(&mut person, vec![new_record("key"), new_record("key")]).await;
    refused(&mut person, vec![new_record("key"), tombstone("key", 2)]).await;
    refused(&mut person, vec![record("key", big_secret("key", 1), secret("key", 1))]).await;
    let good = person.state.commit("good", vec![new_record("key")]);
    let mut later = person.state.after(&good).commit("good", vec![new_record("other")]);
    later.expected_counter = 1;
    let other = Signer::named(id("somebody else"));
    let other = other.after(&other.commit("genesis", genesis_changes(other.vault)));
    let genesis = Commit { head: person.genesis().head, ..good.clone() };
    for wrong in [other.commit("good", good.changes.clone()), genesis, later] {
        assert_eq!(person.browser.post_json("/api/commit", &wrong).await.code(), Code::BadRequest);
    }
    person.browser.post_json("/api/commit", &good).await.json::<Committed>();
}

/// Attack T61 of `tests/ATTACKS.md`.
#[tokio::test]
async fn ids_of_other_people_are_just_other_ids() {
    let fixture = Fixture::start().await;
    let mut anna = Person::new(&fixture, "anna").await;
    let mut otto = Person::new(&fixture, "otto").await;
    anna.write("shared name", vec![new_record("key")]).await;
    // Each account has its own record and commit ids.
    refused(&mut otto, vec![record("key", overview("key", 2), None)]).await;
    refused(&mut otto, vec![tombstone("key", 2)]).await;
    otto.write("shared name", vec![new_record("key")]).await;
    otto.write("delete", vec![tombstone("key", 2)]).await;
    let delta = anna.delta(1).await;
    assert_eq!(delta.entries.len(), 1);
    assert_eq!(delta.entries[0].changes, vec![new_record("key")]);
    // A head of the other account is rejected.
    anna.write("second", vec![new_record("second")]).await;
    let foreign = anna.state.commit("foreign", vec![new_record("new")]);
    assert_eq!(foreign.expected_counter, otto.counter());
    assert_eq!(otto.browser.post_json("/api/commit", &foreign).await.code(), Code::BadRequest);
}

#[tokio::test]
async fn the_largest_commit_fits() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    person.write("new", (0..300).map(|at| new_record(&format!("key {at}"))).collect()).await;
    person.write("delete", (0..300).map(|at| tombstone(&format!("key {at}"), 2)).collect()).await;
}
