//! The requests that are measured.

use std::time::Duration;

use crystallum_api::{Delta, Login};
use crystallum_test_support::SeededRng;

use crate::Size;
use crate::account::{Account, post};
use crate::client::{CONNECTIONS, ConnectionPool, Request, Response, distribute, interleave};

/// The duration of one round and of each unit of work in it.
pub(crate) struct Round {
    pub(crate) took: Duration,
    pub(crate) each: Vec<Duration>,
}

/// Returns the accounts of one round, by their index and in turn.
fn accounts_of_round(accounts: &[Account], size: &Size, round: usize) -> impl Iterator<Item = usize> + use<> {
    let (first, count) = (round * size.requests, accounts.len());
    (first..first + size.requests).map(move |at| at % count)
}

fn round(took: Duration, responses: &[Vec<Response>]) -> Round {
    Round { took, each: responses.iter().flatten().map(|response| response.took).collect() }
}

/// Measures pulls: of the complete vault, as a new device does, or only of what is new.
pub(crate) async fn measure_deltas(
    pool: &mut ConnectionPool,
    accounts: &[Account],
    size: &Size,
    whole: bool,
) -> Vec<Round> {
    let mut rounds = Vec::new();
    for number in 0..size.rounds {
        let requests = accounts_of_round(accounts, size, number).map(|at| {
            let account = &accounts[at];
            let since = if whole { 0 } else { account.writer.counter() };
            let path = format!("/api/delta?since={since}");
            Request { method: "GET", path, cookie: account.cookie.clone(), body: None }
        });
        let (took, responses) = pool.send(distribute(requests)).await;
        let delta: Delta = serde_json::from_slice(&responses[0][0].body).expect("a delta");
        let all = accounts[number * size.requests % accounts.len()].writer.counter();
        let expected = if whole { all } else { 0 };
        assert_eq!(u64::try_from(delta.entries.len()), Ok(expected), "the whole vault, or nothing");
        rounds.push(round(took, &responses));
    }
    rounds
}

/// Measures logins, both requests of each. The ceremony between them is not measured.
pub(crate) async fn measure_logins(
    pool: &mut ConnectionPool,
    accounts: &[Account],
    size: &Size,
) -> Vec<Round> {
    let mut rounds = Vec::new();
    for number in 0..size.rounds {
        let challenges = (0..size.requests).map(|_| post("/api/login/challenge", None));
        let (first, responses) = pool.send(distribute(challenges)).await;
        let responses = interleave(responses);
        let mut requests = Vec::new();
        for (at, response) in accounts_of_round(accounts, size, number).zip(&responses) {
            let challenge = serde_json::from_slice(&response.body).expect("a challenge");
            let login: Login = accounts[at].sign(&challenge).await;
            requests.push(post("/api/login", Some(serde_json::to_vec(&login).expect("JSON"))));
        }
        let (second, answers) = pool.send(distribute(requests)).await;
        let each =
            responses.iter().zip(interleave(answers)).map(|(one, other)| one.took + other.took).collect();
        rounds.push(Round { took: first + second, each });
    }
    rounds
}

/// Measures commits of one new exchange key each. The commits of one account use one connection,
/// since each builds on the one before, so one account keeps only one connection busy.
pub(crate) async fn measure_commits(
    pool: &mut ConnectionPool,
    accounts: &mut [Account],
    size: &Size,
    rng: &mut SeededRng,
) -> Vec<Round> {
    let mut rounds = Vec::new();
    for number in 0..size.rounds {
        let mut rows: Vec<Vec<Request>> = (0..CONNECTIONS).map(|_| Vec::new()).collect();
        for at in accounts_of_round(accounts, size, number) {
            let account = &mut accounts[at];
            let commit = account.writer.add(1, rng);
            let body = Some(serde_json::to_vec(&commit).expect("JSON"));
            let cookie = account.cookie.clone();
            rows[at % CONNECTIONS].push(Request {
                method: "POST",
                path: "/api/commit".to_owned(),
                cookie,
                body,
            });
        }
        let (took, responses) = pool.send(rows).await;
        rounds.push(round(took, &responses));
    }
    rounds
}
