//! What devices would refuse is not stored, and a head on another state is a conflict (FORMAT.md,
//! section 7.5).

use crystallum_api::{Bytes, Change, Code, Commit, Committed, Failure};
use crystallum_test_support::commits::{
    device, device_gone, device_key, genesis_changes, id, new_record, overview, record, secret, sign,
    tombstone, vault_key,
};
use crystallum_test_support::format::{sign_as_device, sign_as_vault};
use crystallum_test_support::signer::{DEVICES, GENESIS, JOIN, WALLET, WRITE};
use crystallum_test_support::{Dealing, Person};

use crate::fixture::Fixture;

/// Where the fields of a head with a parent begin.
const MIN_FORMAT: usize = 2;
const EPOCH: usize = 21;
const PARENT: usize = 34;
const HISTORY: usize = 66;
const ROOT: usize = 98;
const LEAVES: usize = 130;
const VAULT_KEY: usize = 162;

/// Returns a commit with another byte in its head, signed anew.
fn altered(good: &Commit, at: usize) -> Commit {
    let mut commit = good.clone();
    commit.head.0[at] ^= 1;
    sign(&mut commit.head);
    commit
}

/// Asserts that a commit is refused for good and that nothing of it is stored.
async fn assert_refused(person: &mut Person, what: &str, commit: &Commit) {
    let response = person.send(commit).await;
    assert_eq!(response.status, 400, "{what}: {}", String::from_utf8_lossy(&response.body));
    assert_eq!(response.code(), Code::BadRequest, "{what}");
    assert_eq!(person.delta(0).await.counter, person.counter(), "{what}");
}

async fn assert_conflict(person: &mut Person, what: &str, commit: &Commit) {
    let counter = Some(person.counter());
    let response = person.send(commit).await;
    assert_eq!(response.status, 409, "{what}: {}", String::from_utf8_lossy(&response.body));
    assert_eq!(response.failure(), Failure { counter, ..Failure::from(Code::Conflict) }, "{what}");
    assert_eq!(person.delta(0).await.counter, person.counter(), "{what}");
}

/// A data folder was set back, and two devices went on from different heads of the same counter.
#[tokio::test]
async fn a_head_on_another_state_is_a_conflict() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let lost = person.state.commit("3a", vec![new_record("a")]);
    let laptop = person.state.after(&lost);
    person.write("3b", vec![new_record("b")]).await;
    for changes in [vec![new_record("c")], vec![record("a", overview("a", 2), None)], vec![device("phone")]] {
        let stale = laptop.commit("4 on 3a", changes);
        assert_eq!(stale.expected_counter, person.counter());
        assert_conflict(&mut person, "on a lost head", &stale).await;
    }
    let good = person.state.commit("next", vec![new_record("c")]);
    for (what, at) in [("another parent", PARENT + 31), ("another epoch", EPOCH + 3)] {
        assert_conflict(&mut person, what, &altered(&good, at)).await;
    }
    // Methods are changed on the newest state only, too, and the proof is not used up.
    let mut methods = person.change_request("methods", replacement()).await;
    let right = methods.commit.clone();
    methods.commit = laptop.commit("methods", replacement());
    assert_eq!(person.browser.post_json("/api/sign-in-methods", &methods).await.code(), Code::Conflict);
    person.send(&good).await.json::<Committed>();
    assert_eq!(person.browser.post_json("/api/sign-in-methods", &methods).await.code(), Code::Conflict);
    assert_eq!(right.expected_counter + 1, person.counter());
}

fn replacement() -> Vec<Change> {
    use crystallum_test_support::commits::keyslot;
    vec![keyslot("new root", 1), keyslot("new cold", 2)]
}

#[tokio::test]
async fn a_head_names_its_history_tree_and_vault() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    person.write("first", vec![new_record("key")]).await;
    let good = person.state.commit("good", vec![new_record("other")]);
    for (what, at) in [
        ("a format below the parent's", MIN_FORMAT + 1),
        ("a later format", MIN_FORMAT),
        ("another history", HISTORY),
        ("another root", ROOT + 31),
        ("another number of leaves", LEAVES + 7),
    ] {
        assert_refused(&mut person, what, &altered(&good, at)).await;
    }
    let mut other_key = good.clone();
    let key = vault_key(id("somebody else"));
    other_key.head.0[VAULT_KEY..VAULT_KEY + 32].copy_from_slice(key.verifying_key().as_bytes());
    sign_as_vault(&mut other_key.head.0, &key);
    sign_as_device(&mut other_key.head.0, &device_key(id("device")));
    assert_refused(&mut person, "another vault key", &other_key).await;
    // The head is of other changes than those that come with it.
    let other = Commit { changes: vec![new_record("third")], ..good.clone() };
    assert_refused(&mut person, "other changes", &other).await;
    let more = Commit { changes: [good.changes.clone(), other.changes].concat(), ..good.clone() };
    assert_refused(&mut person, "more changes", &more).await;
    person.send(&good).await.json::<Committed>();
}

/// A vault of many deleted records costs everybody the memory of its state. Whether the head is
/// right otherwise does not matter.
#[tokio::test]
async fn a_vault_has_at_most_40_000_leaves_by_default() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let good = person.state.commit("good", vec![new_record("key")]);
    let join = person.state.commit("join", vec![device("tablet")]);
    let with_leaves_of = |commit: &Commit, leaves: u64| {
        let mut commit = commit.clone();
        commit.head.0[LEAVES..LEAVES + 8].copy_from_slice(&leaves.to_be_bytes());
        sign(&mut commit.head);
        commit
    };
    let with_leaves = |leaves: u64| with_leaves_of(&good, leaves);
    assert_refused(&mut person, "another number of leaves", &with_leaves(40_000)).await;
    for leaves in [40_001, u64::MAX] {
        assert_eq!(person.send(&with_leaves(leaves)).await.code(), Code::QuotaExceeded, "{leaves}");
    }
    // A full vault keeps nobody out.
    assert_refused(&mut person, "another number of leaves", &with_leaves_of(&join, 40_300)).await;
    let full = person.send(&with_leaves_of(&join, 40_301)).await;
    assert_eq!(full.code(), Code::QuotaExceeded);
    person.send(&good).await.json::<Committed>();
}

#[tokio::test]
async fn a_vault_has_as_many_entries_as_the_setting_says() {
    let fixture = Fixture::with(|settings| settings.vault_entries = 10).await;
    let mut person = Person::new(&fixture, "anna").await;
    let entries = genesis_changes(person.account).len();
    let names: Vec<String> = (entries..10).map(|number| format!("key {number}")).collect();
    for name in &names {
        person.write(name, vec![new_record(name)]).await;
    }
    let more = person.try_write("more", vec![new_record("more")]).await;
    assert_eq!(more.code(), Code::QuotaExceeded);
    // A deleted record is an entry for ever.
    person.write("deleted", vec![tombstone(&names[0], 2)]).await;
    let more = person.try_write("more", vec![new_record("more")]).await;
    assert_eq!(more.code(), Code::QuotaExceeded);
    // What adds none is taken, and so are devices and sign-in methods.
    person.write("edit", vec![record(&names[1], overview(&names[1], 2), None)]).await;
    person.write("join", vec![device("tablet")]).await;
    let methods = person.change_request("methods", replacement()).await;
    person.browser.post_json("/api/sign-in-methods", &methods).await.json::<Committed>();
    person.acknowledged(&methods.commit);
    let more = person.try_write("more", vec![new_record("more")]).await;
    assert_eq!(more.code(), Code::QuotaExceeded);
    // The operator may allow more at any time. The device, its two keyslots and one record follow.
    let fixture = fixture.with_vault_entries(14).await;
    person.reconnect(&fixture);
    person.login().await;
    person.write("more", vec![new_record("more")]).await;
    let more = person.try_write("too many", vec![new_record("too many")]).await;
    assert_eq!(more.code(), Code::QuotaExceeded);
}

#[tokio::test]
async fn devices_follow_the_rules() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    person.write("join", vec![device("laptop")]).await;
    let laptop = person.state.written_by(id("laptop"));
    let changed = |name: &str, change: fn(&mut Bytes, &mut u16, &mut crystallum_api::Id)| {
        let mut device = device(name);
        let Change::Device { key, max_format, added_by, .. } = &mut device else { panic!("a device") };
        change(key, max_format, added_by);
        device
    };
    let raised = changed("device", |_, format, _| *format = 2);
    for (what, op, changes) in [
        ("a device removes itself", DEVICES, vec![device_gone("device")]),
        ("a device that is not there", DEVICES, vec![device_gone("never there")]),
        ("nothing", DEVICES, vec![new_record("key")]),
        ("the format stays", DEVICES, vec![device("device")]),
        ("the format of another", DEVICES, vec![changed("laptop", |_, format, _| *format = 2)]),
        ("another method", DEVICES, vec![changed("device", |_, format, by| (*format, *by) = (2, id("x")))]),
        ("a removal by a write", WRITE, vec![device_gone("laptop")]),
        ("a genesis", GENESIS, genesis_changes(person.account)),
    ] {
        let (_, commit) = person.state.sign_as(op, changes, id("refused"));
        assert_refused(&mut person, what, &commit).await;
    }
    for (what, change) in [
        ("a method that is not there", changed("tablet", |_, _, by| *by = id("no method"))),
        ("no format", changed("tablet", |_, format, _| *format = 0)),
        ("a device that is there", device("laptop")),
    ] {
        let commit = person.state.commit("refused", vec![change]);
        assert_refused(&mut person, what, &commit).await;
    }
    let two = person.state.commit("refused", vec![device("tablet"), device("phone")]);
    assert_refused(&mut person, "two devices", &two).await;
    let with_record = person.state.commit("refused", vec![device("tablet"), new_record("key")]);
    assert_refused(&mut person, "a device and a record", &with_record).await;
    // Another device with the key of the laptop, which signs.
    let Change::Device { key: of_laptop, .. } = device("laptop") else { panic!("a device") };
    let mut twin = device("twin");
    let Change::Device { key, .. } = &mut twin else { panic!("a device") };
    *key = of_laptop;
    let mut commit = person.state.written_by(id("twin")).sign_as(JOIN, vec![twin], id("twin")).1;
    sign_as_device(&mut commit.head.0, &device_key(id("laptop")));
    assert_refused(&mut person, "two devices with one key", &commit).await;

    // The rules allow these, and from then on the laptop writes no more.
    let (_, raise) = person.state.sign_as(DEVICES, vec![raised], id("raise"));
    person.send(&raise).await.json::<Committed>();
    let by_laptop = person.state.written_by(laptop.device()).commit("laptop", vec![new_record("key")]);
    person.send(&by_laptop).await.json::<Committed>();
    person.write("remove", vec![device_gone("laptop"), new_record("other")]).await;
    let late = person.state.written_by(id("laptop")).commit("late", vec![new_record("late")]);
    assert_refused(&mut person, "a removed device", &late).await;
    // Even then, what it had sent before is answered as it was.
    for _ in 0..2 {
        let again = person.browser.post_json("/api/commit", &by_laptop).await;
        assert_eq!(again.json::<Committed>(), Committed { counter: 4 });
    }
}

#[tokio::test]
async fn the_profile_and_wallets_follow_the_rules() {
    let fixture = Fixture::start().await;
    let mut person = Person::new(&fixture, "anna").await;
    let profile = Change::Tombstone { id: person.account, version: 9 };
    let commit = person.state.commit("refused", vec![profile]);
    assert_refused(&mut person, "the profile", &commit).await;
    let first = Dealing::new(&person, "wallet", 1).await;
    let second = Dealing::new(&person, "wallet", 2).await;
    first.put(&person).await;
    second.put(&person).await;
    let split = [vec![new_record("wallet")], first.changes()].concat();
    person.write("split", split).await;
    let both = record("wallet", overview("wallet", 2), secret("wallet", 2));
    let label = record("wallet", overview("wallet", 2), None);
    let with = |change: &Change, more: [Vec<Change>; 2]| [vec![change.clone()], more.concat()].concat();
    let gone = tombstone("wallet", 2);
    for (what, op, changes) in [
        ("a wallet without its shares", WRITE, vec![gone.clone()]),
        ("a wallet without its shares", WALLET, vec![gone.clone()]),
        ("a wallet without one of its shares", WALLET, with(&gone, [first.removals()[1..].to_vec(), vec![]])),
        ("a secret outside a refresh", WRITE, vec![both.clone()]),
        ("a second dealing", WALLET, with(&both, [second.changes(), vec![]])),
        ("a refresh of the label", WALLET, with(&label, [second.changes(), first.removals()])),
        (
            "a refresh with four shares",
            WALLET,
            with(&both, [second.changes()[1..].to_vec(), first.removals()]),
        ),
        ("shares that go alone", WALLET, first.removals()),
        (
            "a refresh with another record",
            WALLET,
            with(&new_record("x"), [second.changes(), first.removals()]),
        ),
    ] {
        let (_, commit) = person.state.sign_as(op, changes, id("refused"));
        assert_refused(&mut person, what, &commit).await;
    }
    person.write("label", vec![label]).await;
    let both = record("wallet", overview("wallet", 3), secret("wallet", 2));
    person.write("refresh", with(&both, [second.changes(), first.removals()])).await;
    person.write("removal", with(&tombstone("wallet", 4), [second.removals(), vec![]])).await;
}

/// The states that the server keeps in memory save work and change no answer.
#[tokio::test]
async fn states_are_read_again_when_they_are_not_kept() {
    let fixture = Fixture::with(|settings| settings.quota_records = 12).await;
    let mut anna = Person::new(&fixture, "anna").await;
    let mut bernd = Person::new(&fixture, "bernd").await;
    anna.write("join", vec![device("laptop")]).await;
    anna.write("key", vec![new_record("key"), new_record("other")]).await;
    anna.write("delete", vec![tombstone("other", 2)]).await;
    let fixture = fixture.restart(async |_| ()).await;
    for person in [&mut anna, &mut bernd] {
        person.reconnect(&fixture);
        person.login().await;
    }
    // The first write after the start, then many with room for one account or for none.
    for (round, leaves) in [(0, 1_000), (1, 9), (2, 9), (3, 1)] {
        fixture.server.set_max_kept_leaves(leaves);
        for person in [&mut anna, &mut bernd] {
            let stale = person.state.after(&person.state.commit("lost", vec![new_record("lost")]));
            person.write(&format!("key {round}"), vec![new_record(&format!("key {round}"))]).await;
            assert_conflict(person, "a lost head", &stale.commit("stale", vec![new_record("x")])).await;
            let wrong = altered(&person.state.commit("wrong", vec![new_record("x")]), ROOT);
            assert_refused(person, "another root", &wrong).await;
            let many = (0..20).map(|number| new_record(&format!("many {number}"))).collect();
            assert_eq!(person.try_write("many", many).await.code(), Code::QuotaExceeded);
            let label = vec![record(&format!("key {round}"), overview(&format!("key {round}"), 2), None)];
            person.write(&format!("label {round}"), label).await;
        }
    }
}
