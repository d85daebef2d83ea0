use std::future::poll_fn;

use crystallum_format::head::Op;
use crystallum_format::samples::{DEVICE, RECORD, forged, genesis, record_leaf, sign};

use super::*;
use crate::app::build::build_app;
use crate::app::clock::Clock;
use crate::app::origin::Origin;
use crate::app::settings::Settings;
use crate::store::commits::StoredCommit;
use crate::vault::tree_change::from_tree;
use crate::vault::write::apply_commit;

const ACCOUNT: Id = Id([0x11; 16]);

/// A server with the sample vault, which has its genesis.
async fn app(folder: &tempfile::TempDir) -> App {
    let settings = Settings::local(folder.path().join("data"));
    let origin = Origin::parse("http://localhost:8080", 8080).unwrap();
    let app = build_app(&settings, origin, Clock::manual(1_800_000_000)).await.unwrap();
    let state = genesis();
    let mut write = app.database.begin_write().await.unwrap();
    accounts::insert(&mut write, ACCOUNT, 1).await.unwrap();
    let account = Account { counter: 1, records: 1, bytes: 1, history: 1, kept: 0 };
    assert!(accounts::advance(&mut write, ACCOUNT, account).await.unwrap());
    let commit = StoredCommit {
        counter: 1,
        head: state.head().to_bytes(),
        changes: "[]".to_owned(),
        subtrees: Vec::new(),
    };
    commits::insert(&mut write, ACCOUNT, Id([1; 16]), &[0; 32], &commit).await.unwrap();
    for (id, leaf) in state.leaves() {
        leaves::set(&mut write, ACCOUNT, id, Some(leaf), 1).await.unwrap();
    }
    leaves::set_past(&mut write, ACCOUNT, &Bytes(state.past().to_bytes())).await.unwrap();
    write.commit().await.unwrap();
    app
}

/// Returns a commit that is on another state than the genesis.
fn stale() -> Commit {
    let head = Bytes(genesis().head().to_bytes());
    Commit { commit_id: Id([2; 16]), expected_counter: 1, changes: Vec::new(), head }
}

/// Returns how a commit is refused.
async fn refused(app: &App, prepared: &mut Prepared) -> Code {
    let mut write = app.database.begin_write().await.unwrap();
    let refused = verify(&mut write, ACCOUNT, 1, &stale(), (app.quotas, prepared)).await.err().unwrap();
    write.rollback().await.unwrap();
    refused.code()
}

#[tokio::test]
async fn one_state_is_read_at_a_time() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(&folder).await;
    let (mut reading, mut is_alone) = (Box::pin(prepare(&app, ACCOUNT)), false);
    let mut prepared = poll_fn(|context| {
        let polled = reading.as_mut().poll(context);
        is_alone |= polled.is_pending() && app.states.restoring.try_lock().is_err();
        polled
    })
    .await
    .unwrap();
    assert!(is_alone, "others could read one, too");
    assert!(app.states.restoring.try_lock().is_ok());
    assert_eq!(refused(&app, &mut prepared).await, Code::Conflict);
}

/// Everybody else's writes wait while the database is locked.
#[tokio::test]
async fn no_state_is_read_while_the_database_is_locked() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(&folder).await;
    let mut prepared = prepare(&app, ACCOUNT).await.unwrap();
    // As if others had needed its place.
    app.states.forget(ACCOUNT);
    for _ in 0..2 {
        assert_eq!(refused(&app, &mut prepared).await, Code::Conflict);
    }
    let mut nothing = app.states.nothing(ACCOUNT);
    assert_eq!(refused(&app, &mut nothing).await, Code::Unavailable, "nothing was prepared");
}

/// As when another process has deleted the account and it was made again.
#[tokio::test]
async fn a_state_with_the_same_counter_is_not_the_same() {
    let folder = tempfile::tempdir().unwrap();
    let app = app(&folder).await;
    drop(prepare(&app, ACCOUNT).await.unwrap());
    let mut other = genesis().head().to_bytes();
    // Another time is another hash. The signatures do not matter here.
    let time = other.windows(8).position(|bytes| bytes == crystallum_format::samples::TIME.to_be_bytes());
    other[time.unwrap() + 7] ^= 1;
    let mut conn = app.database.writer().await.unwrap();
    sqlx::query("UPDATE commits SET head = $1").bind(other).execute(&mut *conn).await.unwrap();
    drop(conn);
    let mut prepared = prepare(&app, ACCOUNT).await.unwrap();
    assert_ne!(refused(&app, &mut prepared).await, Code::BadRequest);
    let hash = genesis().head().body().hash();
    assert!(prepared.take(&hash).is_none(), "the old state is still handed out");
    drop(prepared);
    assert!(app.states.lend(ACCOUNT, &hash).is_none());
}

/// Reading and verifying a large vault again takes long, and one is read at a time.
#[tokio::test]
async fn a_commit_that_exceeds_a_quota_leaves_the_state_where_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let mut app = app(&folder).await;
    let state = genesis();
    let changes = [Change::Record(RECORD, record_leaf(1, 1))];
    let head = sign(forged(&state, Op::Write, DEVICE, &changes), 0x21);
    let (id, leaf) = changes[0].leaf();
    let mut change = from_tree(id, &leaf.unwrap()).unwrap();
    let crystallum_api::Change::Record { overview: Some(overview), secret: Some(secret), .. } = &mut change
    else {
        panic!("a record with both parts")
    };
    (overview.blob, secret.blob) = (Some(Bytes(vec![1; 594])), Some(Bytes(vec![2; 1_106])));
    let head = Bytes(head.to_bytes());
    let commit = Commit { commit_id: Id([3; 16]), expected_counter: 1, changes: vec![change], head };
    let parent = state.head().body().hash();
    for (records, refusal) in [(1, Some(Code::QuotaExceeded)), (2, None)] {
        app.quotas.records = records;
        let prepared = prepare(&app, ACCOUNT).await.unwrap();
        let mut write = app.database.begin_write().await.unwrap();
        let applied = apply_commit(&app, &mut write, ACCOUNT, commit.clone(), prepared).await;
        assert_eq!(applied.as_ref().err().map(|refused| refused.code()), refusal);
        write.rollback().await.unwrap();
        drop(applied);
        let is_kept = app.states.lend(ACCOUNT, &parent).is_some();
        assert_eq!(is_kept, refusal.is_some(), "{records}");
    }
}
