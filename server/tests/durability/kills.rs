//! The server is killed at random moments while it works, again and again.

use std::hint;

use crystallum_test_support::{SeededRng, Witness, deep, work};
use tokio::sync::mpsc;
use tokio::task::JoinSet;

use crate::program::{assert_sound, start_server};

const ROUNDS: usize = 20;
/// How many runs the long test makes, each on an empty data folder.
const RUNS: usize = 10;
const PEOPLE: usize = 4;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn acknowledged_writes_survive_every_kill() {
    let runs = if deep() { RUNS } else { 1 };
    let (mut acknowledged, mut in_flight) = (0, 0);
    for run in 0..runs {
        let (written, cut) = run_rounds(run).await;
        acknowledged += written;
        in_flight += cut;
    }
    println!("{} kills, {acknowledged} acknowledged writes, {in_flight} cut off in flight", runs * ROUNDS);
    assert!(acknowledged > runs * ROUNDS, "the server was at work");
    assert!(in_flight > runs * ROUNDS / 2, "the kills came in the middle of it");
}

/// Runs many rounds on one data folder. Returns the numbers of acknowledged and of unanswered
/// writes.
async fn run_rounds(run: usize) -> (usize, usize) {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mut rng = SeededRng::new(&format!("kills {run}"));
    let mut server = start_server(&data, None);
    let address = server.address();
    let mut people = Vec::new();
    for person in 0..PEOPLE {
        people.push(Witness::new(&server, &format!("person {person} of life {run}")).await);
    }
    let mut unanswered = 0;
    for round in 0..ROUNDS {
        let (tell, mut told) = mpsc::unbounded_channel();
        let mut working = JoinSet::new();
        for mut person in people.drain(..) {
            let tell = tell.clone();
            working.spawn(async move {
                while work::random_action(&mut person).await {
                    tell.send(()).unwrap();
                }
                person
            });
        }
        for _ in 0..rng.below(40) {
            told.recv().await.unwrap();
        }
        // Waits a little, so that the kill interrupts whatever is being done.
        for _ in 0..rng.below(2_000_000) {
            hint::spin_loop();
        }
        server.kill();
        people.extend(working.join_all().await);
        assert_sound(&data).await;
        server = start_server(&data, Some(address));
        for person in &mut people {
            unanswered += usize::from(person.unanswered.is_some());
            person.assert_everything_stored().await;
            assert!(person.resend().await, "round {round}");
            person.assert_everything_stored().await;
        }
    }
    assert_sound(&data).await;
    assert!(server.stop().success());
    assert_sound(&data).await;
    (people.iter().map(|person| person.heads.len()).sum(), unanswered)
}
