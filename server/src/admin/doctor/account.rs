//! Checks one account: its writes, and all tables that follow from them.

use crystallum_api::Id;
use sqlx::SqliteConnection;

use super::report::{Meaning, Report};
use super::{history, tables, wraps};
use crate::admin::format::pluralize;
use crate::admin::vault::Vault;
use crate::store::accounts;

/// Checks an account. Returns its vault if its history is valid, or `None` if it is not or the
/// account no longer exists.
pub(super) async fn check(
    conn: &mut SqliteConnection,
    account: Id,
    report: &mut Report,
) -> sqlx::Result<Option<Vault>> {
    let Some(row) = accounts::find(conn, account).await? else { return Ok(None) };
    report.accounts += 1;
    let place = format!("account {account}");
    check_can_sign_in(conn, account, report).await?;
    if row.counter == 0 {
        report.add_problem(&place, "it has no write at all", Meaning::History);
    }
    let beyond = "SELECT count(*) FROM commits WHERE account = $1 AND (counter < 1 OR counter > $2)";
    let beyond: i64 = sqlx::query_scalar(beyond)
        .bind(account.0.as_slice())
        .bind(i64::try_from(row.counter).unwrap_or(i64::MAX))
        .fetch_one(&mut *conn)
        .await?;
    if beyond > 0 {
        let what =
            format!("{} outside 1 to {}, where its counter stands", pluralize(beyond, "write"), row.counter);
        report.add_problem(&place, what, Meaning::History);
    }
    let (vault, history) = history::replay(conn, account, row.counter, report).await?;
    let Some(vault) = vault else { return Ok(None) };
    let found = tables::Usage {
        records: u64::try_from(vault.records().len()).unwrap_or(u64::MAX),
        bytes: tables::check_parts(conn, account, &vault, report).await?,
        history,
        kept: tables::check_versions(conn, account, &vault, report).await?,
    };
    report.records += found.records;
    let stored =
        tables::Usage { records: row.records, bytes: row.bytes, history: row.history, kept: row.kept };
    for (name, found, stored) in found.compare_with(stored) {
        if found != stored {
            report.add_problem(
                &place,
                format_args!("it counts {stored} {name}, there are {found}"),
                Meaning::Counting,
            );
        }
    }
    tables::check_leaves(conn, account, &vault, report).await?;
    wraps::check(conn, account, &vault, report).await?;
    tables::check_shares(conn, account, &vault, report).await?;
    Ok(Some(vault))
}

/// Notes an account in which nobody can sign in with a passkey or a recovery code. Commits that
/// were put back leave it so, until a device has made one again.
async fn check_can_sign_in(
    conn: &mut SqliteConnection,
    account: Id,
    report: &mut Report,
) -> sqlx::Result<()> {
    let sql = "SELECT (SELECT count(*) FROM credentials WHERE account = $1) \
        + (SELECT count(*) FROM recovery WHERE account = $1)";
    let methods: i64 = sqlx::query_scalar(sql).bind(account.0.as_slice()).fetch_one(conn).await?;
    if methods == 0 {
        report.add_note(format!(
            "account {account} has no passkey and no recovery code; a device that has its vault can still sign in and make them again, so keep it"
        ));
    }
    Ok(())
}
