use crystallum_api::Id;

use super::*;

const ANNA: Payer = Payer::Account(Id([1; 16]));
const OTTO: Payer = Payer::Account(Id([2; 16]));
const EVE: Payer = Payer::Account(Id([3; 16]));
const MAX_WAIT: Duration = Duration::from_secs(10);

fn open(budget: &Arc<Budget>, payer: Payer) -> Reservation {
    budget.open(payer, &Handle::new())
}

/// Somebody who holds bytes on a connection, and lets go of them when it is cut off.
struct Holding {
    handle: Handle,
    task: tokio::task::JoinHandle<()>,
}

impl Holding {
    async fn start(budget: &Arc<Budget>, payer: Payer, bytes: usize) -> Self {
        let handle = Handle::new();
        let mut reservation = budget.open(payer, &handle);
        reservation.grow(bytes).unwrap();
        let task = tokio::spawn({
            let handle = handle.clone();
            async move {
                handle.is_cut().await;
                drop(reservation);
            }
        });
        tokio::time::advance(Duration::from_millis(1)).await;
        Self { handle, task }
    }

    fn is_cut(&self) -> bool {
        self.handle.is_gone()
    }
}

impl Drop for Holding {
    fn drop(&mut self) {
        self.task.abort();
    }
}

#[test]
fn one_payer_cannot_use_everything() {
    let budget = Budget::new(100, 40);
    let (mut anna, mut otto) = (open(&budget, ANNA), open(&budget, OTTO));
    anna.grow(40).unwrap();
    assert_eq!(anna.grow(1), Err(Full::Share));
    assert_eq!(open(&budget, ANNA).grow(1), Err(Full::Share));
    otto.grow(40).unwrap();
    let mut eve = open(&budget, EVE);
    assert_eq!(eve.grow(21), Err(Full::Total));
    eve.grow(20).unwrap();
    assert_eq!(budget.used(), 100);
}

#[test]
fn what_is_dropped_is_given_back() {
    let budget = Budget::new(100, 40);
    let mut anna = open(&budget, ANNA);
    anna.grow(40).unwrap();
    anna.shrink_to(10);
    assert_eq!(budget.used(), 10);
    open(&budget, ANNA).grow(30).unwrap();
    drop(anna);
    assert_eq!(budget.used(), 0);
    assert_eq!(budget.lock().payers(), 0, "payers without a reservation are forgotten");
}

#[tokio::test(start_paused = true)]
async fn waits_for_room_but_not_forever() {
    let budget = Budget::new(100, 100);
    let handle = Handle::new();
    let _running = handle.activity().begin();
    let mut first = budget.open(ANNA, &handle);
    first.grow(100).unwrap();
    let mut second = open(&budget, OTTO);
    let start = Instant::now();
    assert_eq!(second.wait_to_grow(1, MAX_WAIT).await, Err(Full::Total));
    assert_eq!(start.elapsed(), MAX_WAIT);
    let waiting = tokio::spawn(async move { second.wait_to_grow(60, MAX_WAIT).await });
    tokio::task::yield_now().await;
    assert!(!waiting.is_finished());
    assert_eq!(open(&budget, EVE).grow(0), Ok(()));
    drop(first);
    waiting.await.unwrap().unwrap();
}

#[tokio::test(start_paused = true)]
async fn whoever_holds_most_makes_room() {
    let budget = Budget::new(100, 60);
    // An innocent is the oldest of all.
    let innocent = Holding::start(&budget, ANNA, 20).await;
    let greedy = [30, 30].map(|bytes| Holding::start(&budget, EVE, bytes));
    let [older, newer] = greedy;
    let (older, newer) = (older.await, newer.await);
    let last = Holding::start(&budget, OTTO, 20).await;
    tokio::time::advance(Duration::from_secs(1)).await;
    let mut asking = open(&budget, Payer::Account(Id([4; 16])));
    asking.wait_to_grow(25, MAX_WAIT).await.unwrap();
    assert!(older.is_cut() && !newer.is_cut());
    assert!(!innocent.is_cut() && !last.is_cut());
    assert_eq!(budget.used(), 95);
}

#[tokio::test(start_paused = true)]
async fn those_that_move_bytes_have_time() {
    let budget = Budget::new(100, 60);
    let greedy = Holding::start(&budget, EVE, 60).await;
    let honest = Holding::start(&budget, ANNA, 40).await;
    tokio::spawn({
        let handles = [greedy.handle.clone(), honest.handle.clone()];
        async move {
            loop {
                handles.iter().for_each(|handle| handle.activity().note_bytes());
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    });
    // Whoever holds more than others is cut off all the same, but only after half of the time.
    let start = Instant::now();
    open(&budget, OTTO).wait_to_grow(30, MAX_WAIT).await.unwrap();
    assert!(start.elapsed() >= MAX_WAIT / 2 && start.elapsed() < MAX_WAIT);
    assert!(greedy.is_cut() && !honest.is_cut());
}

#[tokio::test(start_paused = true)]
async fn those_that_are_served_or_wait_are_kept() {
    let budget = Budget::new(100, 100);
    let busy = Holding::start(&budget, EVE, 50).await;
    let _running = busy.handle.activity().begin();
    let silent = Holding::start(&budget, OTTO, 10).await;
    let mut first = open(&budget, ANNA);
    first.grow(40).unwrap();
    tokio::time::advance(Duration::from_secs(60)).await;
    assert_eq!(first.wait_to_grow(15, MAX_WAIT).await, Err(Full::Total));
    assert!(!busy.is_cut() && !silent.is_cut(), "one is busy, the other holds less");
    // Somebody who waits is not cut off for somebody else, though it holds most by then.
    let handle = first.handle.clone();
    let first = tokio::spawn(async move { first.wait_to_grow(15, MAX_WAIT).await });
    tokio::time::sleep(Duration::from_secs(1)).await;
    open(&budget, Payer::Account(Id([4; 16]))).wait_to_grow(5, MAX_WAIT).await.unwrap();
    assert!(silent.is_cut() && !handle.is_gone() && !first.is_finished());
}

#[tokio::test(start_paused = true)]
async fn a_payer_replaces_its_own() {
    let budget = Budget::new(100, 40);
    let other = Holding::start(&budget, OTTO, 40).await;
    let own = Holding::start(&budget, ANNA, 40).await;
    open(&budget, ANNA).wait_to_grow(30, MAX_WAIT).await.unwrap();
    assert!(own.is_cut() && !other.is_cut());
}

/// Somebody else may use the same account, and keep its share by reading slowly.
#[tokio::test(start_paused = true)]
async fn a_payer_replaces_its_own_oldest_although_it_moves_bytes() {
    let budget = Budget::new(100, 40);
    let other = Holding::start(&budget, OTTO, 40).await;
    let (older, newer) = (Holding::start(&budget, ANNA, 20).await, Holding::start(&budget, ANNA, 20).await);
    tokio::spawn({
        let handles = [older.handle.clone(), newer.handle.clone()];
        async move {
            loop {
                handles.iter().for_each(|handle| handle.activity().note_bytes());
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    });
    let start = Instant::now();
    open(&budget, ANNA).wait_to_grow(20, MAX_WAIT).await.unwrap();
    assert!(start.elapsed() >= MAX_WAIT / 2 && start.elapsed() < MAX_WAIT);
    assert!(older.is_cut() && !newer.is_cut() && !other.is_cut());
}

#[tokio::test(start_paused = true)]
async fn whoever_holds_least_is_first() {
    let budget = Budget::new(100, 200);
    // Two of one payer hold everything, and wait for more.
    let mut greedy = [(); 2].map(|()| open(&budget, EVE));
    for holder in &mut greedy {
        holder.grow(50).unwrap();
    }
    let waiting =
        greedy.map(|mut holder| tokio::spawn(async move { holder.wait_to_grow(10, MAX_WAIT).await }));
    tokio::time::sleep(Duration::from_secs(1)).await;
    // Neither can be cut off, but as soon as one of them gives up, it is not the other's turn.
    open(&budget, ANNA).wait_to_grow(50, MAX_WAIT).await.unwrap();
    for waiting in waiting {
        assert_eq!(waiting.await.unwrap(), Err(Full::Total));
    }
}

#[tokio::test(start_paused = true)]
async fn whoever_waits_longest_is_first() {
    let budget = Budget::new(100, 100);
    let handle = Handle::new();
    let _running = handle.activity().begin();
    let mut all = budget.open(EVE, &handle);
    all.grow(100).unwrap();
    let (mut first, mut second) = (open(&budget, ANNA), open(&budget, OTTO));
    let waiting = tokio::spawn(async move { first.wait_to_grow(60, MAX_WAIT).await.map(|()| first) });
    tokio::task::yield_now().await;
    all.shrink_to(60);
    // There is room for the second, which the first needs.
    assert_eq!(second.grow(40), Err(Full::Total));
    drop(all);
    let first = waiting.await.unwrap().unwrap();
    second.grow(40).unwrap();
    assert_eq!(budget.used(), 100);
    drop(first);
}
