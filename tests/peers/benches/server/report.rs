//! The table of results.

use std::fmt;
use std::time::Duration;

use crate::client::CONNECTIONS;
use crate::memory::megabytes;
use crate::work::Round;

/// A line of the table.
pub(crate) struct Row {
    pub(crate) accounts: usize,
    pub(crate) what: &'static str,
    pub(crate) rounds: Vec<Round>,
    pub(crate) memory: u64,
}

pub(crate) fn heading() -> String {
    let columns = format!(
        "{:>8}  {:<18} {:>10} {:>9} {:>9} {:>8}",
        "accounts", "what", "per second", "median", "99 of 100", "memory"
    );
    let how = "a login is two requests, commits of one account wait for each other";
    format!("{CONNECTIONS} connections, sender and server on one machine; {how}\n{columns}")
}

impl fmt::Display for Row {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let rate = |round: &Round| {
            let count = u32::try_from(round.each.len()).expect("a round is short");
            f64::from(count) / round.took.as_secs_f64()
        };
        let mut rates: Vec<f64> = self.rounds.iter().map(rate).collect();
        rates.sort_by(f64::total_cmp);
        let mut each: Vec<Duration> = self.rounds.iter().flat_map(|round| &round.each).copied().collect();
        each.sort_unstable();
        let at = |hundredths: usize| each.get(each.len() * hundredths / 100).copied().unwrap_or_default();
        write!(
            f,
            "{:>8}  {:<18} {:>10.0} {:>6.2} ms {:>6.2} ms {:>8}",
            self.accounts,
            self.what,
            rates.get(rates.len() / 2).copied().unwrap_or_default(),
            at(50).as_secs_f64() * 1e3,
            at(99).as_secs_f64() * 1e3,
            megabytes(self.memory),
        )
    }
}
