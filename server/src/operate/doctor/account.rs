//! One account: its writes, then everything that follows from them.

use crystallum_api::Id;
use sqlx::SqliteConnection;

use super::report::{Means, Report};
use super::{history, tables};
use crate::operate::vault::Vault;
use crate::operate::words::counted;
use crate::store::accounts;

/// Checks an account; its vault, when its history adds up. None is there when the account is not, or not any more.
pub(super) async fn check(
    conn: &mut SqliteConnection,
    account: Id,
    report: &mut Report,
) -> sqlx::Result<Option<Vault>> {
    let Some(row) = accounts::find(conn, account).await? else { return Ok(None) };
    report.accounts += 1;
    let place = format!("account {account}");
    ways_in(conn, account, report).await?;
    if row.counter == 0 {
        report.wrong(&place, "it has no write at all", Means::History);
    }
    let beyond = "SELECT count(*) FROM commits WHERE account = $1 AND (counter < 1 OR counter > $2)";
    let beyond: i64 = sqlx::query_scalar(beyond)
        .bind(account.0.as_slice())
        .bind(i64::try_from(row.counter).unwrap_or(i64::MAX))
        .fetch_one(&mut *conn)
        .await?;
    if beyond > 0 {
        let what =
            format!("{} outside 1 to {}, where its counter stands", counted(beyond, "write"), row.counter);
        report.wrong(&place, what, Means::History);
    }
    let (vault, history) = history::follow(conn, account, row.counter, report).await?;
    let Some(vault) = vault else { return Ok(None) };
    let found = tables::Used {
        records: u64::try_from(vault.records().len()).unwrap_or(u64::MAX),
        bytes: tables::parts(conn, account, &vault, report).await?,
        history,
        kept: tables::versions(conn, account, &vault, report).await?,
    };
    report.records += found.records;
    let told = tables::Used { records: row.records, bytes: row.bytes, history: row.history, kept: row.kept };
    for (name, found, told) in found.beside(told) {
        if found != told {
            report.wrong(&place, format_args!("it counts {told} {name}, there are {found}"), Means::Counting);
        }
    }
    tables::tombstones(conn, account, &vault, report).await?;
    tables::members(conn, account, &vault, report).await?;
    tables::shares(conn, account, &vault, report).await?;
    Ok(Some(vault))
}

/// Somebody can sign in.
async fn ways_in(conn: &mut SqliteConnection, account: Id, report: &mut Report) -> sqlx::Result<()> {
    let sql = "SELECT (SELECT count(*) FROM credentials WHERE account = $1) \
        + (SELECT count(*) FROM recovery WHERE account = $1)";
    let ways: i64 = sqlx::query_scalar(sql).bind(account.0.as_slice()).fetch_one(conn).await?;
    if ways == 0 {
        let what = "it has no passkey and no recovery code";
        report.wrong(format_args!("account {account}"), what, Means::Locked);
    }
    Ok(())
}
