//! Commits that the server has lost are put back whole, or not at all.

use crystallum_api::{Bytes, Change, Code, Commit, Committed, Entry, Failure, Id, MAX_PUT_BACK, PutBack};
use crystallum_test_support::commits::{
    device, device_gone, genesis_changes, id, new_record, overview, record, secret, sign, tombstone,
};
use crystallum_test_support::format::{body_length, head_hash};
use crystallum_test_support::signer::Signer;
use crystallum_test_support::{Person, Response};

use crate::fixture::Fixture;

/// Writes that the server does not get. It is as if it had lost them.
struct Lost {
    state: Signer,
    commits: Vec<Commit>,
}

impl Lost {
    fn after(person: &Person) -> Self {
        Self { state: person.state.clone(), commits: Vec::new() }
    }

    fn write(&mut self, changes: Vec<Change>) {
        let commit = self.state.commit(&format!("lost {}", self.commits.len()), changes);
        self.state = self.state.after(&commit);
        self.commits.push(commit);
    }

    /// Returns the request, without the blobs that are of no use any more.
    fn request(&self) -> PutBack {
        let mut heads: Vec<Entry> = self.commits.iter().map(entry).collect();
        let live = |changes: &mut Vec<Change>| {
            for change in changes {
                let Change::Record { id, overview, secret } = change else { continue };
                let newest = self.state.records.get(id);
                for (part, hash) in [
                    (overview, newest.map(|record| record.overview.1)),
                    (secret, newest.map(|record| record.secret.1)),
                ] {
                    if let Some(part) = part
                        .as_mut()
                        .filter(|part| hash.as_ref().map(<[u8; 32]>::as_slice) != Some(part.hash.as_slice()))
                    {
                        part.blob = None;
                    }
                }
            }
        };
        heads.iter_mut().for_each(|entry| live(&mut entry.changes));
        PutBack { heads }
    }
}

fn entry(commit: &Commit) -> Entry {
    Entry { head: commit.head.clone(), changes: commit.changes.clone() }
}

/// A vault with a record, and writes of all kinds that the server has lost since.
async fn scene(fixture: &Fixture) -> (Person, Lost) {
    let mut person = Person::new(fixture, "anna").await;
    person.write("before", vec![new_record("key")]).await;
    let mut lost = Lost::after(&person);
    lost.write(vec![record("key", overview("key", 2), None)]);
    lost.write(vec![record("key", overview("key", 3), secret("key", 2))]);
    lost.write(vec![new_record("new")]);
    lost.write(vec![record("key", None, secret("key", 3))]);
    lost.write(vec![new_record("gone")]);
    lost.write(vec![device("phone")]);
    lost.write(vec![tombstone("gone", 2)]);
    lost.write(vec![device_gone("phone")]);
    (person, lost)
}

async fn send(person: &Person, request: &PutBack) -> Response {
    person.browser.post_json("/api/put-back", request).await
}

#[tokio::test]
async fn what_was_lost_is_put_back_and_the_vault_goes_on() {
    let fixture = Fixture::start().await;
    let (mut person, lost) = scene(&fixture).await;
    let request = lost.request();
    let bare = request.heads.iter().flat_map(|entry| &entry.changes).filter(|change| {
        matches!(change, Change::Record { overview, secret, .. }
            if [overview, secret].iter().any(|part| part.as_ref().is_some_and(|part| part.blob.is_none())))
    });
    assert_eq!(bare.count(), 3, "two overviews, a secret, and the record that is gone");
    let all = Committed { counter: 10 };
    // A part of them first, as if the rest had not fitted; then everything, some of it once more.
    let first = PutBack { heads: vec![entry(&lost.commits[0])] };
    assert_eq!(send(&person, &first).await.json::<Committed>(), Committed { counter: 3 });
    assert_eq!(send(&person, &request).await.json::<Committed>(), all);
    // Another device puts back the same, or this one did not get the answer.
    for again in [&request, &first] {
        assert_eq!(send(&person, again).await.json::<Committed>(), all);
    }
    let delta = person.delta(2).await;
    let heads = |entries: &[Entry]| entries.iter().map(|entry| entry.head.clone()).collect::<Vec<_>>();
    assert_eq!(heads(&delta.entries), heads(&request.heads));
    let blob = |entry: usize| match &delta.entries[entry].changes[0] {
        Change::Record { overview, secret, .. } => {
            [overview, secret].map(|part| part.as_ref().is_some_and(|part| part.blob.is_some()))
        }
        other => panic!("{other:?}"),
    };
    assert_eq!(
        [blob(0), blob(1), blob(2), blob(3)],
        [[false, false], [true, false], [true, true], [false, true]]
    );
    person.state = lost.state;
    person.write("after", vec![record("new", overview("new", 2), secret("new", 2))]).await;
}

async fn refused(person: &Person, what: &str, request: &PutBack, code: Code) {
    let delta = person.delta(0).await;
    let response = send(person, request).await;
    assert_eq!(response.code(), code, "{what}");
    assert_eq!(person.delta(0).await, delta, "{what}: nothing is stored");
}

/// Attack T51 of `tests/ATTACKS.md`.
#[tokio::test]
async fn what_devices_would_refuse_is_not_put_back() {
    let fixture = Fixture::start().await;
    let (mut person, lost) = scene(&fixture).await;
    let good = lost.request();
    let with = |change: &dyn Fn(&mut Vec<Entry>)| {
        let mut request = good.clone();
        change(&mut request.heads);
        request
    };
    let part = |entry: &mut Entry| match &mut entry.changes[0] {
        Change::Record { overview: Some(part), .. } => part.clone(),
        other => panic!("{other:?}"),
    };
    let set_blob = |entry: &mut Entry, blob: Option<Bytes>| match &mut entry.changes[0] {
        Change::Record { overview: Some(part), .. } => part.blob = blob,
        other => panic!("{other:?}"),
    };
    for (what, request) in [
        ("nothing", with(&|heads| heads.clear())),
        ("a gap", with(&|heads| drop(heads.remove(3)))),
        ("another order", with(&|heads| heads.swap(3, 4))),
        ("one of them twice", with(&|heads| heads.insert(3, heads[3].clone()))),
        ("no changes", with(&|heads| heads[3].changes.clear())),
        ("another change", with(&|heads| heads[3].changes = heads[2].changes.clone())),
        ("a false signature of the vault", with(&|heads| heads[4].head.0[200] ^= 1)),
        ("a false signature of the device", with(&|heads| *heads[4].head.0.last_mut().unwrap() ^= 1)),
        ("another root", with(&|heads| heads[5].head.0[98] ^= 1)),
        (
            "a head of the vault's keys that follows nothing",
            with(&|heads| {
                heads[5].head.0[66] ^= 1;
                sign(&mut heads[5].head);
            }),
        ),
        (
            "another blob",
            with(&|heads| {
                let mut blob = part(&mut heads[2]).blob.unwrap();
                blob.0[40] ^= 1;
                set_blob(&mut heads[2], Some(blob));
            }),
        ),
        ("a live part without its blob", with(&|heads| set_blob(&mut heads[2], None))),
        ("an empty blob", with(&|heads| set_blob(&mut heads[2], Some(Bytes(Vec::new()))))),
        ("the end of a part without what replaced it", with(&|heads| heads.truncate(1))),
        ("too many", with(&|heads| heads.resize(MAX_PUT_BACK + 1, heads[0].clone()))),
        (
            "the genesis",
            PutBack {
                heads: vec![entry(
                    &person.state.before_genesis().commit("genesis", genesis_changes(person.account)),
                )],
            },
        ),
    ] {
        refused(&person, what, &request, Code::BadRequest).await;
    }
    // Somebody else's, and what begins too late.
    let stranger = Person::new(&fixture, "boris").await;
    refused(&stranger, "another vault", &good, Code::BadRequest).await;
    let late = with(&|heads| drop(heads.drain(..2)));
    refused(&person, "what begins too late", &late, Code::Conflict).await;
    // The vault has gone on from the older state in the meantime.
    person.write("another", vec![new_record("other")]).await;
    refused(&person, "another history", &good, Code::Conflict).await;
    let failure = send(&person, &good).await.failure();
    assert_eq!(failure, Failure { counter: Some(3), ..Failure::from(Code::Conflict) });
    person.write("on", vec![new_record("on")]).await;
}

/// The id under which a commit is put back was used before, for another one.
#[tokio::test]
async fn an_id_that_was_used_is_no_fault_of_the_server() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let first = person.state.commit("first", vec![new_record("a")]);
    let second = person.state.after(&first).commit("second", vec![new_record("b")]);
    let hash = head_hash(&second.head.as_slice()[..body_length(second.head.as_slice())]);
    let taken = Commit { commit_id: Id(hash[..16].try_into().unwrap()), ..first };
    person.send(&taken).await.json::<Committed>();
    let request = PutBack { heads: vec![entry(&second)] };
    refused(&person, "the id of another commit", &request, Code::CommitIdReused).await;
    assert_ne!(id("second"), taken.commit_id);
}
