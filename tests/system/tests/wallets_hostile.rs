//! Stores that lose, alter, roll back or swap shares, and power cuts in the middle of a split: bad
//! shares are reported and the phrase is not lost.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use crystallum_messages::{Alarm, Failure, RecordId, ShareState, ShareView, StoreView};
use crystallum_system_tests::Device;
use crystallum_test_support::{Fault, PHRASE, Passkeys, Server};
use data_encoding::BASE64URL_NOPAD;
use serde_json::json;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection, SqliteConnection};

struct Scene {
    device: Device,
    stores: Vec<StoreView>,
    id: RecordId,
}

async fn scene(server: &Server) -> Scene {
    let mut device = Device::new(server, &Passkeys::default());
    device.create("My vault").await.unwrap();
    let stores = device.stores().await.unwrap();
    let id = device.add_wallet("Cold storage", PHRASE, 3, 5).await.unwrap().id;
    Scene { device, stores, id }
}

impl Scene {
    /// Makes these stores unreachable, given by their numbers from 1.
    fn cut_off(&self, numbers: &[u8]) {
        for store in self.stores.iter().filter(|store| numbers.contains(&store.number)) {
            let path = format!("/api/stores/{}/", BASE64URL_NOPAD.encode(&store.id.0));
            self.device.network.always(&path, Fault::NotSent);
        }
    }

    async fn rebuilds(&mut self) -> Result<Vec<(u8, ShareState)>, (u8, u8, Vec<(u8, ShareState)>)> {
        match self.device.rebuild(self.id).await {
            Ok(rebuilt) => {
                assert_eq!(rebuilt.phrase.expose(), PHRASE);
                Ok(states(&rebuilt.shares))
            }
            Err(Failure::SharesMissing { have, need, shares }) => Err((have, need, states(&shares))),
            Err(other) => panic!("{other:?}"),
        }
    }
}

fn states(shares: &[ShareView]) -> Vec<(u8, ShareState)> {
    shares.iter().map(|share| (share.index, share.state)).collect()
}

/// Returns the expected states: all good except those at these indices.
fn all_but(bad: &[u8], state: ShareState) -> Vec<(u8, ShareState)> {
    (1..=5).map(|index| (index, if bad.contains(&index) { state } else { ShareState::Good })).collect()
}

async fn store(server: &Server, number: u8) -> SqliteConnection {
    let file = server.data().join(format!("stores/{number}/shares.db"));
    SqliteConnectOptions::new().filename(file).connect().await.unwrap()
}

async fn share(server: &Server, number: u8) -> Vec<u8> {
    let mut store = store(server, number).await;
    let share = sqlx::query_scalar("SELECT share FROM shares").fetch_one(&mut store).await.unwrap();
    store.close().await.unwrap();
    share
}

async fn put(server: &Server, number: u8, share: &[u8]) {
    let mut store = store(server, number).await;
    let done = sqlx::query("UPDATE shares SET share = $1").bind(share).execute(&mut store).await.unwrap();
    assert_eq!(done.rows_affected(), 1);
    store.close().await.unwrap();
}

/// Attack T64 of `tests/ATTACKS.md`.
#[tokio::test]
async fn any_three_stores_rebuild_and_no_two_do() {
    let server = Server::start();
    let mut scene = scene(&server).await;
    for a in 1..=5_u8 {
        for b in a + 1..=5 {
            scene.cut_off(&[a, b]);
            assert_eq!(
                scene.rebuilds().await,
                Ok(all_but(&[a, b], ShareState::Unreachable)),
                "without {a}, {b}"
            );
            let c = (1..=5).find(|c| ![a, b].contains(c)).unwrap();
            scene.cut_off(&[c]);
            let missing = (2, 3, all_but(&[a, b, c], ShareState::Unreachable));
            assert_eq!(scene.rebuilds().await, Err(missing), "without {a}, {b}, {c}");
            scene.device.network.heal();
        }
    }
}

/// Attack T64 of `tests/ATTACKS.md`.
#[tokio::test]
async fn a_bad_share_is_named_and_the_others_rebuild() {
    let server = Server::start();
    let mut scene = scene(&server).await;
    let (whole, other) = (share(&server, 2).await, share(&server, 4).await);
    let mut altered = whole.clone();
    altered[whole.len() / 2] ^= 1;
    let cases: [(&str, Vec<u8>); 6] = [
        ("altered", altered),
        ("truncated", whole[..whole.len() - 1].to_vec()),
        ("empty", Vec::new()),
        ("of another store", other),
        ("with a byte more", [whole.as_slice(), &[0]].concat()),
        ("of zeros", vec![0; whole.len()]),
    ];
    for (what, bytes) in cases {
        put(&server, 2, &bytes).await;
        assert_eq!(scene.rebuilds().await, Ok(all_but(&[2], ShareState::Wrong)), "{what}");
        let health = scene.device.check_wallet(scene.id).await.unwrap();
        assert_eq!(health.shares[1].state, ShareState::Wrong, "{what}: seen without rebuilding");
        assert!(health.shares.iter().filter(|share| share.state == ShareState::Held).count() == 4, "{what}");
    }
    put(&server, 2, &whole).await;
    assert_eq!(scene.rebuilds().await, Ok(all_but(&[], ShareState::Good)));

    let mut third = store(&server, 3).await;
    sqlx::query("DELETE FROM shares").execute(&mut third).await.unwrap();
    assert_eq!(scene.rebuilds().await, Ok(all_but(&[3], ShareState::Missing)));
    put(&server, 1, &[7; 300]).await;
    put(&server, 2, &[7; 300]).await;
    let mut seen = all_but(&[1, 2], ShareState::Wrong);
    seen[2].1 = ShareState::Missing;
    assert_eq!(scene.rebuilds().await, Err((2, 3, seen)), "two are not enough, and every bad one is named");
}

/// Attack T64 of `tests/ATTACKS.md`.
#[tokio::test]
async fn shares_of_an_earlier_dealing_never_count() {
    let server = Server::start();
    let mut scene = scene(&server).await;
    let mut old = Vec::new();
    for number in 1..=5 {
        old.push(share(&server, number).await);
    }
    scene.device.refresh(scene.id, 3, 5).await.unwrap();
    for number in 1..=5 {
        let index = usize::from(number) - 1;
        let new = share(&server, number).await;
        assert_ne!(new, old[index]);
        put(&server, number, &old[index]).await;
        assert_eq!(scene.rebuilds().await, Ok(all_but(&[number], ShareState::Wrong)), "a week old: {number}");
        put(&server, number, &new).await;
    }
    // All five shares are of the old dealing: each is valid on its own, and none is used.
    for (number, share) in (1..=5).zip(&old) {
        put(&server, number, share).await;
    }
    assert_eq!(scene.rebuilds().await, Err((0, 3, all_but(&[1, 2, 3, 4, 5], ShareState::Wrong))));
}

/// The server says that new shares are dealt, and stores nothing of it. The old shares are what
/// other devices need, so no store is asked to delete them.
#[tokio::test]
async fn old_shares_are_kept_until_the_server_shows_the_new_dealing() {
    let server = Server::start();
    let mut scene = scene(&server).await;
    let counter = server.rows("commits").await;
    scene.device.network.once("/api/commit", Fault::forge(200, &json!({ "counter": counter + 1 })));
    let alarm = Failure::Alarm(Alarm::Rollback {
        mine: u64::try_from(counter + 1).unwrap(),
        offered: u64::try_from(counter).unwrap(),
    });
    assert_eq!(scene.device.refresh(scene.id, 3, 5).await.err(), Some(alarm));
    let calls = scene.device.network.calls();
    assert!(!calls.iter().any(|call| call.request.path.ends_with("/delete")));
}

#[tokio::test]
async fn swapped_stores_are_detected() {
    let server = Server::start();
    let mut scene = scene(&server).await;
    let (first, second) = (share(&server, 1).await, share(&server, 2).await);
    put(&server, 1, &second).await;
    put(&server, 2, &first).await;
    assert_eq!(scene.rebuilds().await, Ok(all_but(&[1, 2], ShareState::Wrong)));
}

#[tokio::test]
async fn a_store_that_fails_during_a_split_leaves_no_wallet_and_is_named() {
    let server = Server::start();
    let mut device = Device::new(&server, &Passkeys::default());
    device.create("My vault").await.unwrap();
    let stores = device.stores().await.unwrap();
    for (number, fault) in [(1, Fault::NotSent), (3, Fault::Html), (5, Fault::Truncated)] {
        let id = BASE64URL_NOPAD.encode(&stores[number - 1].id.0);
        device.network.always(&format!("/api/stores/{id}/"), fault);
        let failed = device.add_wallet("Cold storage", PHRASE, 3, 5).await;
        assert_eq!(failed, Err(Failure::StoreFailed { number: u8::try_from(number).unwrap() }));
        device.network.heal();
        assert!(device.wallets().await.unwrap().is_empty());
        assert_eq!(server.rows("shares").await, 0);
    }
    let id = device.add_wallet("Cold storage", PHRASE, 3, 5).await.unwrap().id;
    assert_eq!(device.rebuild(id).await.unwrap().phrase.expose(), PHRASE);
}

/// Attack T64 of `tests/ATTACKS.md`.
#[tokio::test]
async fn a_crash_at_any_write_of_a_reshare_leaves_the_old_or_the_new_set_complete() {
    let server = Server::start();
    let mut scene = scene(&server).await;
    // Requests of a resharing: stores, session, five reads, then five times put and read, session,
    // commit, five deletions.
    let mut epochs = Vec::new();
    for at in 1..=26 {
        let before = scene.device.wallet(scene.id).await.unwrap().epoch;
        scene.device.network.cut_after(at);
        let outcome = scene.device.refresh(scene.id, 3, 5).await;
        scene.device.network.set_offline(false);
        scene.device = scene.device.lock().await;
        scene.device.unlock().await.unwrap();
        let after = scene.device.wallet(scene.id).await.unwrap().epoch;
        assert!(after == before || after == before + 1, "cut after {at}");
        assert!(outcome.is_err() || after == before + 1, "cut after {at}: what was confirmed is there");
        assert_eq!(scene.rebuilds().await, Ok(all_but(&[], ShareState::Good)), "cut after {at}");
        epochs.push(after - before);
    }
    assert!(epochs.contains(&0) && epochs.contains(&1), "some were cut before and some after: {epochs:?}");
}
