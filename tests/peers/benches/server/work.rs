//! What is measured.

use std::time::Duration;

use crystallum_api::{Delta, Login};

use crate::account::{Account, ask};
use crate::client::{Ask, CONNECTIONS, Crowd, Told, in_turn, rows};
use crate::{Dice, Size};

/// One round: how long it took, and how long each piece of work did.
pub(crate) struct Round {
    pub(crate) took: Duration,
    pub(crate) each: Vec<Duration>,
}

/// The accounts in turn, for one round.
fn turn(accounts: &[Account], size: &Size, round: usize) -> impl Iterator<Item = usize> + use<> {
    let (first, count) = (round * size.requests, accounts.len());
    (first..first + size.requests).map(move |at| at % count)
}

fn round(took: Duration, told: &[Vec<Told>]) -> Round {
    Round { took, each: told.iter().flatten().map(|told| told.took).collect() }
}

/// Pulls: the whole vault as a new device does, or the question whether there is anything new.
pub(crate) async fn deltas(crowd: &mut Crowd, accounts: &[Account], size: &Size, whole: bool) -> Vec<Round> {
    let mut rounds = Vec::new();
    for number in 0..size.rounds {
        let asks = turn(accounts, size, number).map(|at| {
            let account = &accounts[at];
            let since = if whole { 0 } else { account.writer.counter() };
            let path = format!("/api/delta?since={since}");
            Ask { method: "GET", path, cookie: account.cookie.clone(), body: None }
        });
        let (took, told) = crowd.send(rows(asks)).await;
        let delta: Delta = serde_json::from_slice(&told[0][0].body).expect("a delta");
        assert_eq!(delta.entries.len(), usize::from(whole), "the genesis, or nothing");
        rounds.push(round(took, &told));
    }
    rounds
}

/// Logins, both requests of each; the touch between them is outside the clock.
pub(crate) async fn logins(crowd: &mut Crowd, accounts: &[Account], size: &Size) -> Vec<Round> {
    let mut rounds = Vec::new();
    for number in 0..size.rounds {
        let challenges = (0..size.requests).map(|_| ask("/api/login/challenge", None));
        let (first, told) = crowd.send(rows(challenges)).await;
        let told = in_turn(told);
        let mut asks = Vec::new();
        for (at, told) in turn(accounts, size, number).zip(&told) {
            let challenge = serde_json::from_slice(&told.body).expect("a challenge");
            let login: Login = accounts[at].sign(&challenge).await;
            asks.push(ask("/api/login", Some(serde_json::to_vec(&login).expect("JSON"))));
        }
        let (second, answers) = crowd.send(rows(asks)).await;
        let each = told.iter().zip(in_turn(answers)).map(|(one, other)| one.took + other.took).collect();
        rounds.push(Round { took: first + second, each });
    }
    rounds
}

/// New exchange keys, one for each commit. Commits of one account go by one connection, since each builds on the one before: with one
/// account there is one connection at work.
pub(crate) async fn commits(
    crowd: &mut Crowd,
    accounts: &mut [Account],
    size: &Size,
    dice: &mut Dice,
) -> Vec<Round> {
    let mut rounds = Vec::new();
    for number in 0..size.rounds {
        let mut rows: Vec<Vec<Ask>> = (0..CONNECTIONS).map(|_| Vec::new()).collect();
        for at in turn(accounts, size, number) {
            let account = &mut accounts[at];
            let commit = account.writer.add(1, dice);
            let body = Some(serde_json::to_vec(&commit).expect("JSON"));
            let cookie = account.cookie.clone();
            rows[at % CONNECTIONS].push(Ask { method: "POST", path: "/api/commit".to_owned(), cookie, body });
        }
        let (took, told) = crowd.send(rows).await;
        rounds.push(round(took, &told));
    }
    rounds
}
