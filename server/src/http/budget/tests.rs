use super::*;

const ANNA: Payer = Payer::Account(Id([1; 16]));
const OTTO: Payer = Payer::Account(Id([2; 16]));
const EVE: Payer = Payer::Account(Id([3; 16]));

#[test]
fn one_payer_cannot_use_everything() {
    let budget = Budget::new(100, 40);
    let (mut anna, mut otto) = (budget.open(ANNA), budget.open(OTTO));
    anna.grow(40).unwrap();
    assert_eq!(anna.grow(1), Err(Full::Share));
    assert_eq!(budget.open(ANNA).grow(1), Err(Full::Share));
    otto.grow(40).unwrap();
    let mut eve = budget.open(EVE);
    assert_eq!(eve.grow(21), Err(Full::Total));
    eve.grow(20).unwrap();
    assert_eq!(budget.used(), 100);
}

#[test]
fn what_is_dropped_is_given_back() {
    let budget = Budget::new(100, 40);
    let mut anna = budget.open(ANNA);
    anna.grow(40).unwrap();
    anna.shrink_to(10);
    assert_eq!(budget.used(), 10);
    budget.open(ANNA).grow(30).unwrap();
    drop(anna);
    assert_eq!(budget.used(), 0);
    assert!(budget.lock().by_payer.is_empty(), "payers without a reservation are forgotten");
}

#[tokio::test(start_paused = true)]
async fn waits_for_room_but_not_forever() {
    let budget = Budget::new(100, 100);
    let patience = Duration::from_secs(10);
    let first = budget.wait_for(ANNA, 100, patience).await.unwrap();
    assert_eq!(budget.wait_for(OTTO, 1, patience).await.err(), Some(Full::Total));
    let waiting = tokio::spawn({
        let budget = Arc::clone(&budget);
        async move { budget.wait_for(OTTO, 60, patience).await.is_ok() }
    });
    tokio::task::yield_now().await;
    assert!(!waiting.is_finished());
    drop(first);
    assert!(waiting.await.unwrap());
}
