//! Wallets: recovery phrases whose key exists only as shares on five stores.

#![expect(clippy::unwrap_used, reason = "a test that cannot go on panics")]

use crystallum_messages::{Failure, PhraseProblem, RecordId, ShareState, wallets};
use crystallum_system_tests::{Device, text};
use crystallum_test_support::{PHRASE, Passkeys, Server};

async fn with_wallet(server: &Server) -> (Device, RecordId) {
    let mut laptop = Device::new(server, &Passkeys::default());
    laptop.create("My vault").await.unwrap();
    let id = laptop.add_wallet("Cold storage", PHRASE, 3, 5).await.unwrap().id;
    (laptop, id)
}

#[tokio::test]
async fn splitting_and_rebuilding_a_phrase_need_one_ceremony_each() {
    let server = Server::start();
    let (mut laptop, id) = with_wallet(&server).await;
    assert_eq!(laptop.authenticator.touches(), 2);
    let told = laptop.share_events();
    assert_eq!(
        told.iter().map(|share| (share.index, share.number)).collect::<Vec<_>>(),
        [(1, 1), (2, 2), (3, 3), (4, 4), (5, 5)]
    );
    assert!(told.iter().all(|share| share.state == ShareState::Good));

    let rows = laptop.wallets().await.unwrap();
    assert_eq!((rows.len(), rows[0].words, rows[0].k, rows[0].n), (1, 12, 3, 5));
    let health = laptop.check_wallet(id).await.unwrap();
    assert!(health.shares.iter().all(|share| share.state == ShareState::Held), "{health:?}");
    assert_eq!(laptop.authenticator.touches(), 2, "asking the stores needs no touch");

    let rebuilt = laptop.rebuild(id).await.unwrap();
    assert_eq!(rebuilt.phrase.expose(), PHRASE);
    assert_eq!(laptop.authenticator.touches(), 3);
    assert!(rebuilt.shares.iter().all(|share| share.state == ShareState::Good));

    let mut laptop = laptop.lock().await;
    assert_eq!(laptop.rebuild(id).await, Err(Failure::Locked));
    laptop.unlock().await.unwrap();
    assert_eq!(laptop.rebuild(id).await.unwrap().phrase.expose(), PHRASE);
}

#[tokio::test]
async fn resharing_can_change_the_threshold() {
    let server = Server::start();
    let (mut laptop, id) = with_wallet(&server).await;
    laptop.refresh(id, 2, 3).await.unwrap();
    let detail = laptop.wallet(id).await.unwrap();
    assert_eq!((detail.row.k, detail.row.n, detail.epoch, detail.shares.len()), (2, 3, 2, 3));
    assert_eq!(laptop.rebuild(id).await.unwrap().phrase.expose(), PHRASE);
}

#[tokio::test]
async fn an_invalid_phrase_is_refused_before_anything_is_sent() {
    let server = Server::start();
    let mut laptop = Device::new(&server, &Passkeys::default());
    laptop.create("My vault").await.unwrap();
    let split = laptop.stores().await.unwrap();
    assert_eq!(split.iter().map(|store| store.number).collect::<Vec<_>>(), [1, 2, 3, 4, 5]);
    let before = laptop.network.count("/api/stores/");
    for (wrong, why) in [
        ("legal winner", PhraseProblem::Count { found: 2 }),
        (&PHRASE.replace("yellow", "year"), PhraseProblem::Checksum),
        (&PHRASE.replace("yellow", "yelow"), PhraseProblem::Word { position: 12 }),
    ] {
        let failed = laptop.add_wallet("Cold storage", wrong, 3, 5).await;
        assert_eq!(failed, Err(Failure::PhraseRejected(why)));
    }
    for (k, n) in [(1, 5), (0, 5), (4, 3), (2, 1)] {
        assert_eq!(
            laptop.add_wallet("Cold storage", PHRASE, k, n).await,
            Err(Failure::SplitRejected),
            "{k} of {n}"
        );
    }
    assert_eq!(laptop.network.count("/api/stores/"), before);
    assert_eq!(laptop.authenticator.touches(), 1);
    let reply = laptop.run(wallets::Command::CheckPhrase { phrase: text(PHRASE) }).await.unwrap();
    assert_eq!(reply, crystallum_messages::Reply::Wallets(wallets::Reply::PhraseChecked(None)));
}
