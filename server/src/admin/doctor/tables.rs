//! Checks the tables that follow from an account's history.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use crystallum_api::Id;
use crystallum_format::limits::{OVERVIEW_BLOBS, SECRET_BLOBS};
use sha2::{Digest, Sha256};
use sqlx::SqliteConnection;

use super::report::{Meaning, Report};
use crate::admin::format::pluralize;
use crate::admin::vault::{Record, Vault, Version};
use crate::store::columns::decode_id;
use crate::store::leaves;

/// How many ciphertexts are read at a time.
const PAGE: i64 = 32;

/// The usage counters of an account.
pub(super) struct Usage {
    pub(super) records: u64,
    pub(super) bytes: u64,
    pub(super) history: u64,
    pub(super) kept: u64,
}

impl Usage {
    /// Pairs each of these counters with the other's, by name.
    pub(super) fn compare_with(&self, other: Self) -> [(&'static str, u64, u64); 4] {
        [
            ("records", self.records, other.records),
            ("bytes of ciphertext", self.bytes, other.bytes),
            ("bytes of history", self.history, other.history),
            ("bytes of earlier secrets", self.kept, other.kept),
        ]
    }
}

type Row = (Vec<u8>, i64, i64, i64, Vec<u8>);

/// Checks the newest ciphertexts and returns their size in bytes.
pub(super) async fn check_parts(
    conn: &mut SqliteConnection,
    account: Id,
    vault: &Vault,
    report: &mut Report,
) -> sqlx::Result<u64> {
    let sql = "SELECT record, part, version, counter, blob FROM parts \
        WHERE account = $1 AND (record, part) > ($2, $3) ORDER BY record, part LIMIT $4";
    let (mut after, mut bytes, mut found) = ((Vec::new(), 0), 0, 0);
    loop {
        let (record, part) = after;
        let page: Vec<Row> = sqlx::query_as(sql)
            .bind(account.0.as_slice())
            .bind(record)
            .bind(part)
            .bind(PAGE)
            .fetch_all(&mut *conn)
            .await?;
        let Some((record, part, ..)) = page.last() else { break };
        after = (record.clone(), *part);
        for (record, part, version, counter, blob) in page {
            let record = decode_id(&record)?;
            let live = vault.records().get(&record);
            let (name, newest, classes) = match part {
                1 => ("overview", live.map(|live| live.overview), OVERVIEW_BLOBS.as_slice()),
                2 => ("secret", live.map(|live| live.secret), SECRET_BLOBS.as_slice()),
                _ => ("unknown part", None, [].as_slice()),
            };
            bytes += length(&blob);
            found += u64::from(newest.is_some());
            let problem = find_problem(newest, classes, (version, counter), &blob);
            record_check(report, format_args!("account {account}, record {record}, {name}"), problem);
        }
    }
    let expected = 2 * u64::try_from(vault.records().len()).unwrap_or(u64::MAX);
    if found < expected {
        let what = format!("its records lack {}", pluralize(expected - found, "ciphertext"));
        report.add_problem(format_args!("account {account}"), what, Meaning::Ciphertext);
    }
    Ok(bytes)
}

/// Checks the earlier secrets and returns their size in bytes. There may be fewer than the server
/// could keep, but no others.
pub(super) async fn check_versions(
    conn: &mut SqliteConnection,
    account: Id,
    vault: &Vault,
    report: &mut Report,
) -> sqlx::Result<u64> {
    let sql = "SELECT record, version, counter, blob FROM versions \
        WHERE account = $1 AND (record, version) > ($2, $3) ORDER BY record, version LIMIT $4";
    let (mut after, mut bytes) = ((Vec::new(), 0), 0);
    loop {
        let (record, version) = after;
        let page: Vec<(Vec<u8>, i64, i64, Vec<u8>)> = sqlx::query_as(sql)
            .bind(account.0.as_slice())
            .bind(record)
            .bind(version)
            .bind(PAGE)
            .fetch_all(&mut *conn)
            .await?;
        let Some((record, version, ..)) = page.last() else { return Ok(bytes) };
        after = (record.clone(), *version);
        for (record, version, counter, blob) in page {
            let record = decode_id(&record)?;
            let expected = vault.records().get(&record).and_then(|live: &Record| {
                live.earlier.iter().copied().find(|expected| i64::try_from(expected.number) == Ok(version))
            });
            bytes += length(&blob);
            let problem = find_problem(expected, &SECRET_BLOBS, (version, counter), &blob);
            record_check(
                report,
                format_args!("account {account}, record {record}, earlier secret {version}"),
                problem,
            );
        }
    }
}

/// Returns what is wrong with a ciphertext, compared with the version in the history.
fn find_problem(
    expected: Option<Version>,
    classes: &[usize],
    (version, counter): (i64, i64),
    blob: &[u8],
) -> Option<&'static str> {
    let Some(expected) = expected else { return Some("the history tells of no such ciphertext") };
    if i64::try_from(expected.number) != Ok(version) || i64::try_from(expected.counter) != Ok(counter) {
        Some("it is not of the version and write that the history tells of")
    } else if !classes.contains(&blob.len()) {
        Some("its size is none that is allowed")
    } else if Sha256::digest(blob).as_slice() != expected.hash {
        Some("its SHA-256 is not the one in the signed history")
    } else {
        None
    }
}

fn record_check(report: &mut Report, place: std::fmt::Arguments<'_>, problem: Option<&'static str>) {
    report.blobs += 1;
    if let Some(problem) = problem {
        report.add_problem(place, problem, Meaning::Ciphertext);
    }
}

fn length(blob: &[u8]) -> u64 {
    u64::try_from(blob.len()).unwrap_or(u64::MAX)
}

/// Checks the live leaves, and the history log before the newest head.
pub(super) async fn check_leaves(
    conn: &mut SqliteConnection,
    account: Id,
    vault: &Vault,
    report: &mut Report,
) -> sqlx::Result<()> {
    let Some(state) = vault.state() else { return Ok(()) };
    let sql = "SELECT kind, id, value FROM leaves WHERE account = $1";
    let rows: Vec<(i64, Vec<u8>, Vec<u8>)> =
        sqlx::query_as(sql).bind(account.0.as_slice()).fetch_all(&mut *conn).await?;
    let found = rows.into_iter().map(|(kind, id, value)| ((kind, id), value)).collect();
    let expected = state
        .leaves()
        .map(|(id, leaf)| ((i64::from(id.kind()), id.as_bytes().to_vec()), leaf.encode()))
        .collect();
    compare(report, account, "leaves", &expected, &found);
    if leaves::past(conn, account).await?.as_deref() != Some(state.past().to_bytes().as_slice()) {
        let what = "its history log is not that of its writes";
        report.add_problem(format_args!("account {account}"), what, Meaning::Index);
    }
    Ok(())
}

/// Checks the live shares.
pub(super) async fn check_shares(
    conn: &mut SqliteConnection,
    account: Id,
    vault: &Vault,
    report: &mut Report,
) -> sqlx::Result<()> {
    let sql = "SELECT id, store, share_set, epoch, hash FROM shares WHERE account = $1 AND gone IS NULL";
    type Row = (Vec<u8>, Vec<u8>, Vec<u8>, i64, Vec<u8>);
    let rows: Vec<Row> = sqlx::query_as(sql).bind(account.0.as_slice()).fetch_all(conn).await?;
    let found = rows
        .into_iter()
        .map(|(share, store, set, epoch, hash)| Ok((decode_id(&share)?, (store, set, epoch, hash))));
    let found = found.collect::<sqlx::Result<_>>()?;
    let expected = vault.shares().into_iter().map(|(id, share)| {
        let epoch = i64::from(share.epoch);
        (id, (share.store.as_bytes().to_vec(), share.set.as_bytes().to_vec(), epoch, share.hash.to_vec()))
    });
    compare(report, account, "shares", &expected.collect(), &found);
    Ok(())
}

/// Compares a table with the history. They must match exactly.
fn compare<K: Eq + Hash, V: PartialEq>(
    report: &mut Report,
    account: Id,
    name: &str,
    expected: &HashMap<K, V>,
    found: &HashMap<K, V>,
) {
    let keys: HashSet<&K> = expected.keys().chain(found.keys()).collect();
    let differing = keys.into_iter().filter(|key| expected.get(*key) != found.get(*key)).count();
    if differing > 0 {
        let what = format_args!("{differing} of its {name} are not as its history says");
        report.add_problem(format_args!("account {account}"), what, Meaning::Index);
    }
}
