//! Replays the writes of an account one by one.

use crystallum_api::{Change, Id};
use sqlx::SqliteConnection;

use super::report::{Meaning, Report};
use crate::admin::vault::Vault;
use crate::store::commits;

/// How many writes are read at a time.
const PAGE: u64 = 64;

/// Replays the writes up to `counter`. Returns the resulting vault, or `None` if a write is missing
/// or invalid, and the size of the history in bytes.
pub(super) async fn replay(
    conn: &mut SqliteConnection,
    account: Id,
    counter: u64,
    report: &mut Report,
) -> sqlx::Result<(Option<Vault>, u64)> {
    let mut vault = Vault::new(account);
    let mut history = 0;
    while vault.counter() < counter {
        let since = vault.counter();
        let page = commits::between(conn, account, since, since.saturating_add(PAGE).min(counter)).await?;
        if page.is_empty() {
            let what = format_args!("its write {} is missing, of {counter}", since + 1);
            report.add_problem(format_args!("account {account}"), what, Meaning::History);
            return Ok((None, history));
        }
        for stored in page {
            history += size(stored.head.len()) + size(stored.changes.len());
            let expected = vault.counter() + 1;
            let place = format_args!("account {account}, write {}", stored.counter);
            if stored.counter != expected {
                report.add_problem(
                    place,
                    format_args!("write {expected} is missing before it"),
                    Meaning::History,
                );
                return Ok((None, history));
            }
            let Ok(changes) = serde_json::from_str::<Vec<Change>>(&stored.changes) else {
                report.add_problem(place, "its changes cannot be read", Meaning::History);
                return Ok((None, history));
            };
            if let Err(error) = vault.apply_commit(&stored.head, &changes) {
                report.add_problem(
                    place,
                    format_args!("{error}; the writes after it were not checked"),
                    Meaning::History,
                );
                return Ok((None, history));
            }
            if vault.history_subtrees() != stored.subtrees {
                report.add_problem(
                    place,
                    "the hashes of the history up to it are not those of its writes",
                    Meaning::History,
                );
                return Ok((None, history));
            }
            report.writes += 1;
            report.signatures += 2;
        }
    }
    Ok((Some(vault), history))
}

fn size(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}
