use std::sync::Arc;

use crystallum_api::Id;

use super::*;
use crate::app::clock::Clock;
use crate::app::handle::Handle;
use crate::http::budget::Budget;

const KIB: usize = 1_024;
const ANNA: Payer = Payer::Account(Id([1; 16]));
const OTTO: Payer = Payer::Account(Id([2; 16]));

fn calm() -> Pressure {
    Pressure::new(Clock::manual(1_000))
}

async fn collected(budget: &Arc<Budget>, bytes: usize, max: usize) -> ApiResult<usize> {
    let mut reservation = budget.open(ANNA, &Handle::new());
    let body = Body::from(vec![7; bytes]);
    collect(body, max, &mut reservation, &calm()).await.map(|kept| kept.len())
}

#[tokio::test]
async fn the_limit_is_exact() {
    let budget = Budget::new(2 * MAX_BODY, 2 * MAX_BODY);
    assert_eq!(collected(&budget, MAX_BODY, MAX_BODY).await.unwrap(), MAX_BODY);
    for (bytes, max, code) in [
        (MAX_BODY + 1, MAX_BODY, Code::TooLarge),
        (100, 99, Code::TooLarge),
        (1, 0, Code::BadRequest),
        (MAX_BODY + 1, 0, Code::TooLarge),
    ] {
        assert_eq!(collected(&budget, bytes, max).await.unwrap_err().code(), code, "{bytes} {max}");
    }
    assert_eq!(collected(&budget, 0, 0).await.unwrap(), 0);
    assert_eq!(budget.used(), 0);
}

#[tokio::test(start_paused = true)]
async fn a_large_body_needs_room_and_a_small_one_does_not() {
    let budget = Budget::new(1_000 * KIB, 600 * KIB);
    let handle = Handle::new();
    let _running = handle.activity().begin();
    let mut other = budget.open(OTTO, &handle);
    assert_eq!(collected(&budget, 620 * KIB, MAX_BODY).await.unwrap_err().code(), Code::RateLimited);
    other.grow(600 * KIB).unwrap();
    assert_eq!(collected(&budget, 420 * KIB, MAX_BODY).await.unwrap_err().code(), Code::Unavailable);
    assert_eq!(collected(&budget, 380 * KIB, MAX_BODY).await.unwrap(), 380 * KIB);
    assert_eq!(budget.used(), 600 * KIB, "what was read is given back");
    let mut rest = budget.open(ANNA, &handle);
    rest.grow(400 * KIB).unwrap();
    assert_eq!(collected(&budget, FREE_OF_BODY, MAX_BODY).await.unwrap(), FREE_OF_BODY);
    assert!(collected(&budget, FREE_OF_BODY + 1, MAX_BODY).await.is_err());
}

#[test]
fn the_memory_of_a_body_is_reserved() {
    for bytes in [1, FREE_OF_BODY, FREE_OF_BODY + 1, STEP, STEP + 1, MAX_BODY - 1, MAX_BODY] {
        let capacity = capacity_for(bytes);
        assert!(capacity >= bytes && capacity <= (2 * bytes).max(STEP), "{bytes} {capacity}");
    }
    assert_eq!(capacity_for(MAX_BODY), MAX_BODY);
}

#[tokio::test(start_paused = true)]
async fn a_silent_body_is_given_up() {
    let pressure = calm();
    let mut reservation = Budget::new(1_000, 1_000).open(ANNA, &Handle::new());
    let silent = Body::from_stream(futures_util::stream::pending::<Result<Bytes, std::io::Error>>());
    let refused = collect(silent, MAX_BODY, &mut reservation, &pressure).await.unwrap_err();
    assert_eq!(refused.code(), Code::Unavailable);
    assert_eq!(pressure.present(), [Condition::Slow]);
}

#[tokio::test(start_paused = true)]
async fn a_body_that_does_not_go_on_makes_room_for_others() {
    let budget = Budget::new(1_000 * KIB, 600 * KIB);
    let pressure = calm();
    // Two others hold everything. One of them sends nothing, the other is being handled.
    let (silent, busy) = (Handle::new(), Handle::new());
    let _running = busy.activity().begin();
    let mut first = budget.open(OTTO, &silent);
    let mut second = budget.open(Payer::Account(Id([3; 16])), &busy);
    first.grow(500 * KIB).unwrap();
    second.grow(500 * KIB).unwrap();
    let cut = tokio::spawn(async move {
        silent.is_cut().await;
        drop(first);
    });
    let mut reservation = budget.open(ANNA, &Handle::new());
    let body = Body::from(vec![7; 400 * KIB]);
    let kept = collect(body, MAX_BODY, &mut reservation, &pressure).await.unwrap();
    cut.await.unwrap();
    assert_eq!(kept.len(), 400 * KIB);
    assert_eq!(budget.used(), 500 * KIB + reservation.bytes());
    assert_eq!(pressure.present(), [Condition::Bodies]);
}
