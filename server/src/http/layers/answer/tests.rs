use axum::Router;
use axum::middleware::from_fn_with_state;
use axum::routing::get;
use crystallum_api::Id;
use http_body_util::BodyExt;
use tower::ServiceExt;

use super::*;
use crate::app::build::build_app;
use crate::app::clock::Clock;
use crate::app::origin::Origin;
use crate::app::settings::Settings;
use crate::auth::session::OpenedBy;
use crate::http::memory::{ANSWERS, ANSWERS_OF_ACCOUNT};

/// The size of the answers in these tests.
const PAGE: usize = MAX_PAGE_JSON;
/// How many of them one account may have, and how many there may be.
const OF_ACCOUNT: usize = ANSWERS_OF_ACCOUNT / PAGE;
const ALL: usize = ANSWERS / PAGE;

/// Asks for a page of a delta in the name of an account, and returns the status.
async fn ask(router: &Router, account: u8) -> Response {
    let mut request = Request::get(Endpoint::Delta.path()).body(Body::empty()).unwrap();
    request.extensions_mut().insert(Authenticated {
        account: Id([account; 16]),
        token: [0; 32],
        opened_by: OpenedBy::SignInMethod,
    });
    router.clone().oneshot(request).await.unwrap()
}

#[tokio::test]
async fn answers_that_nobody_reads_have_a_budget() {
    let data = tempfile::tempdir().unwrap();
    let origin = Origin::parse("http://localhost:8080", 8080).unwrap();
    let app = build_app(&Settings::local(data.path()), origin, Clock::manual(1_000)).await.unwrap();
    let app = Arc::new(app);
    let router = Router::new()
        .route(Endpoint::Delta.path(), get(|| async { vec![7; PAGE] }))
        .layer(from_fn_with_state(Arc::clone(&app), reserve));
    // The database is idle from here on, so that only the wait for room takes time.
    tokio::time::pause();

    // One account that does not read gets no further page, and others do.
    let mut unread = Vec::new();
    for _ in 0..OF_ACCOUNT {
        unread.push(ask(&router, 1).await);
    }
    assert_eq!(app.memory.answers.used(), OF_ACCOUNT * PAGE);
    assert_eq!(ask(&router, 1).await.status(), 429);
    assert_eq!(app.pressure.present(), [Condition::Answers]);
    assert_eq!(ask(&router, 2).await.status(), 200);

    // The memory is in use as long as the connection keeps bytes of the answer.
    let frame = unread.pop().unwrap().into_body().frame().await.unwrap().unwrap();
    let tail = frame.into_data().unwrap().split_off(PAGE - 10);
    assert_eq!(app.memory.answers.used(), OF_ACCOUNT * PAGE);
    assert_eq!(ask(&router, 1).await.status(), 429);
    drop(tail);
    assert_eq!(ask(&router, 1).await.status(), 200);

    // However many accounts do not read, the whole stays below the limit.
    let mut statuses = Vec::new();
    for account in (10..).take(ALL) {
        unread.push(ask(&router, account).await);
        statuses.push(unread.last().unwrap().status().as_u16());
    }
    assert!(statuses.starts_with(&[200; 20]) && statuses.ends_with(&[503]), "{statuses:?}");
    assert!(app.memory.answers.used() <= ANSWERS);
    drop(unread);
    assert_eq!(app.memory.answers.used(), 0);
}
