//! The tables beside an account's history: each must hold what follows from it.

use std::collections::{HashMap, HashSet};
use std::hash::Hash;

use crystallum_api::Id;
use sha2::{Digest, Sha256};
use sqlx::SqliteConnection;

use super::report::{Means, Report};
use crate::operate::vault::{Record, Vault, Version};
use crate::operate::words::counted;
use crate::rules::{OVERVIEWS, SECRETS};
use crate::store::id;

/// Ciphertexts that are read at a time.
const PAGE: i64 = 32;

/// What an account uses.
pub(super) struct Used {
    pub(super) records: u64,
    pub(super) bytes: u64,
    pub(super) history: u64,
    pub(super) kept: u64,
}

impl Used {
    /// These numbers by name, each with its like.
    pub(super) fn beside(&self, other: Self) -> [(&'static str, u64, u64); 4] {
        [
            ("records", self.records, other.records),
            ("bytes of ciphertext", self.bytes, other.bytes),
            ("bytes of history", self.history, other.history),
            ("bytes of earlier secrets", self.kept, other.kept),
        ]
    }
}

type Row = (Vec<u8>, i64, i64, i64, Vec<u8>);

/// The newest ciphertexts; returns their bytes.
pub(super) async fn parts(
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
            let record = id(&record)?;
            let live = vault.records().get(&record);
            let (name, newest, classes) = match part {
                1 => ("overview", live.map(|live| live.overview), OVERVIEWS.as_slice()),
                2 => ("secret", live.map(|live| live.secret), SECRETS.as_slice()),
                _ => ("unknown part", None, [].as_slice()),
            };
            bytes += length(&blob);
            found += u64::from(newest.is_some());
            let wrong = ciphertext(newest, classes, (version, counter), &blob);
            tell(report, format_args!("account {account}, record {record}, {name}"), wrong);
        }
    }
    let expected = 2 * u64::try_from(vault.records().len()).unwrap_or(u64::MAX);
    if found < expected {
        let what = format!("its records lack {}", counted(expected - found, "ciphertext"));
        report.wrong(format_args!("account {account}"), what, Means::Ciphertext);
    }
    Ok(bytes)
}

/// Earlier secrets; returns their bytes. They may be fewer than could be kept, never others.
pub(super) async fn versions(
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
            let record = id(&record)?;
            let told = vault.records().get(&record).and_then(|live: &Record| {
                live.earlier.iter().copied().find(|told| i64::try_from(told.number) == Ok(version))
            });
            bytes += length(&blob);
            let wrong = ciphertext(told, &SECRETS, (version, counter), &blob);
            tell(report, format_args!("account {account}, record {record}, earlier secret {version}"), wrong);
        }
    }
}

/// What is wrong with a ciphertext beside the version that the history tells of.
fn ciphertext(
    told: Option<Version>,
    classes: &[usize],
    (version, counter): (i64, i64),
    blob: &[u8],
) -> Option<&'static str> {
    let Some(told) = told else { return Some("the history tells of no such ciphertext") };
    if i64::try_from(told.number) != Ok(version) || i64::try_from(told.counter) != Ok(counter) {
        Some("it is not of the version and write that the history tells of")
    } else if !classes.contains(&blob.len()) {
        Some("its size is none that is allowed")
    } else if Sha256::digest(blob).as_slice() != told.hash {
        Some("its SHA-256 is not the one in the signed history")
    } else {
        None
    }
}

fn tell(report: &mut Report, place: std::fmt::Arguments<'_>, wrong: Option<&'static str>) {
    report.blobs += 1;
    if let Some(wrong) = wrong {
        report.wrong(place, wrong, Means::Ciphertext);
    }
}

fn length(blob: &[u8]) -> u64 {
    u64::try_from(blob.len()).unwrap_or(u64::MAX)
}

/// Deleted records.
pub(super) async fn tombstones(
    conn: &mut SqliteConnection,
    account: Id,
    vault: &Vault,
    report: &mut Report,
) -> sqlx::Result<()> {
    let rows: Vec<(Vec<u8>, i64)> =
        sqlx::query_as("SELECT record, version FROM tombstones WHERE account = $1")
            .bind(account.0.as_slice())
            .fetch_all(conn)
            .await?;
    let there =
        rows.iter().map(|(record, version)| Ok((id(record)?, *version))).collect::<sqlx::Result<_>>()?;
    let expected = vault.deleted().iter();
    let expected = expected.map(|(record, version)| (*record, i64::try_from(*version).unwrap_or(i64::MAX)));
    compare(report, account, "deleted records", &expected.collect(), &there);
    Ok(())
}

/// Keyslots and devices.
pub(super) async fn members(
    conn: &mut SqliteConnection,
    account: Id,
    vault: &Vault,
    report: &mut Report,
) -> sqlx::Result<()> {
    let sql = "SELECT kind, id, gone IS NOT NULL FROM members WHERE account = $1";
    let rows: Vec<(i64, Vec<u8>, bool)> =
        sqlx::query_as(sql).bind(account.0.as_slice()).fetch_all(conn).await?;
    let there = rows.iter().map(|(kind, member, gone)| Ok(((*kind, id(member)?), *gone)));
    let there = there.collect::<sqlx::Result<_>>()?;
    let expected = vault.members().iter();
    let expected =
        expected.map(|(kind, id)| ((i64::from(*kind), *id), *kind == 3 && !vault.has_slot(*id))).collect();
    compare(report, account, "keyslots and devices", &expected, &there);
    Ok(())
}

/// Shares that are in the vault.
pub(super) async fn shares(
    conn: &mut SqliteConnection,
    account: Id,
    vault: &Vault,
    report: &mut Report,
) -> sqlx::Result<()> {
    let sql = "SELECT id, store, share_set, epoch, hash FROM shares WHERE account = $1 AND gone IS NULL";
    type Row = (Vec<u8>, Vec<u8>, Vec<u8>, i64, Vec<u8>);
    let rows: Vec<Row> = sqlx::query_as(sql).bind(account.0.as_slice()).fetch_all(conn).await?;
    let there =
        rows.into_iter().map(|(share, store, set, epoch, hash)| Ok((id(&share)?, (store, set, epoch, hash))));
    let there = there.collect::<sqlx::Result<_>>()?;
    let expected = vault.shares().iter().map(|(id, share)| {
        let epoch = i64::from(share.epoch);
        (*id, (share.store.0.to_vec(), share.set.0.to_vec(), epoch, share.hash.to_vec()))
    });
    compare(report, account, "shares", &expected.collect(), &there);
    Ok(())
}

/// A table must be what the history says, no more and no less.
fn compare<K: Eq + Hash, V: PartialEq>(
    report: &mut Report,
    account: Id,
    name: &str,
    expected: &HashMap<K, V>,
    there: &HashMap<K, V>,
) {
    let keys: HashSet<&K> = expected.keys().chain(there.keys()).collect();
    let other = keys.into_iter().filter(|key| expected.get(*key) != there.get(*key)).count();
    if other > 0 {
        let what = format_args!("{other} of its {name} are not as its history says");
        report.wrong(format_args!("account {account}"), what, Means::Index);
    }
}
