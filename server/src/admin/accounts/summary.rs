//! What the operator is told about accounts.

use std::fmt;

use crystallum_api::Id;
use sqlx::SqliteConnection;

use crate::admin::format::{pluralize, utc_time};
use crate::store::accounts;

/// All accounts of a server. Formatted, it is one line for each.
#[derive(Debug)]
#[non_exhaustive]
pub struct Accounts {
    /// The accounts.
    pub accounts: Vec<Account>,
    /// How many accounts were deleted of which not everything is gone yet.
    pub being_deleted: usize,
}

/// An account, in short.
#[derive(Clone, Copy, Debug)]
#[non_exhaustive]
pub struct Account {
    /// The account's id.
    pub id: Id,
    /// When it was created, in seconds since the Unix epoch.
    pub created: i64,
    /// The number of its writes.
    pub writes: i64,
    /// The number of its live records.
    pub records: i64,
    /// The size of its ciphertext and history in bytes.
    pub bytes: i64,
}

impl fmt::Display for Accounts {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for Account { id, created, writes, records, bytes } in &self.accounts {
            let created = utc_time(*created);
            let (writes, records) = (pluralize(*writes, "write"), pluralize(*records, "record"));
            writeln!(f, "{id}  created {created}, {writes}, {records}, {}", pluralize(*bytes, "byte"))?;
        }
        f.write_str(&pluralize(self.accounts.len(), "account"))?;
        match self.being_deleted {
            0 => Ok(()),
            1 => f.write_str("; 1 more is being deleted"),
            number => write!(f, "; {number} more are being deleted"),
        }
    }
}

/// Everything that the server knows about one account and that says something to its operator.
#[derive(Debug)]
#[non_exhaustive]
pub struct AccountDetails {
    /// The account's id.
    pub id: Id,
    /// When it was created, in seconds since the Unix epoch.
    pub created: i64,
    /// The number of its writes.
    pub writes: u64,
    /// The number of its live records.
    pub records: u64,
    /// The size of their ciphertext in bytes.
    pub bytes: u64,
    /// The size of its heads and changes in bytes.
    pub history: u64,
    /// The size of the earlier secrets in bytes.
    pub kept: u64,
    /// The number of its passkeys.
    pub passkeys: i64,
    /// Whether it has a recovery code.
    pub recovery: bool,
    /// The number of its devices.
    pub devices: i64,
    /// The number of its shares in the stores.
    pub shares: i64,
    /// The number of sessions that are stored, some of which may have expired.
    pub sessions: i64,
}

impl fmt::Display for AccountDetails {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, writes, records, bytes, history, kept, passkeys, .. } = *self;
        writeln!(f, "account {id}")?;
        writeln!(f, "created {}", utc_time(self.created))?;
        writeln!(f, "{} of {}", pluralize(writes, "write"), pluralize(self.devices, "device"))?;
        writeln!(f, "{} with {} of ciphertext", pluralize(records, "record"), pluralize(bytes, "byte"))?;
        writeln!(
            f,
            "{} of history, {} of earlier secrets",
            pluralize(history, "byte"),
            pluralize(kept, "byte")
        )?;
        let code = if self.recovery { "a recovery code" } else { "no recovery code" };
        writeln!(f, "{} and {code}", pluralize(passkeys, "passkey"))?;
        write!(f, "{}, {}", pluralize(self.shares, "share"), pluralize(self.sessions, "session"))
    }
}

/// Reads what is stored of an account.
pub(super) async fn read(conn: &mut SqliteConnection, id: Id) -> sqlx::Result<Option<AccountDetails>> {
    let Some(account) = accounts::find(conn, id).await? else { return Ok(None) };
    let sql = "SELECT created, \
        (SELECT count(*) FROM credentials WHERE account = $1), \
        (SELECT count(*) FROM recovery WHERE account = $1) > 0, \
        (SELECT count(*) FROM leaves WHERE account = $1 AND kind = 4), \
        (SELECT count(*) FROM shares WHERE account = $1 AND gone IS NULL), \
        (SELECT count(*) FROM sessions WHERE account = $1) FROM accounts WHERE id = $1";
    let (created, passkeys, recovery, devices, shares, sessions) =
        sqlx::query_as(sql).bind(id.0.as_slice()).fetch_one(conn).await?;
    Ok(Some(AccountDetails {
        id,
        created,
        writes: account.counter,
        records: account.records,
        bytes: account.bytes,
        history: account.history,
        kept: account.kept,
        passkeys,
        recovery,
        devices,
        shares,
        sessions,
    }))
}

/// An account that was deleted.
#[derive(Debug)]
#[non_exhaustive]
pub struct Deleted {
    /// The account's id.
    pub id: Id,
    /// The numbers of the stores that could not be used, which still have its shares.
    pub left: Vec<u8>,
    /// Whether the write-ahead log could not be emptied, because somebody goes on reading from it.
    pub is_in_log: bool,
}

impl fmt::Display for Deleted {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "deleted account {}", self.id)?;
        if self.is_in_log {
            f.write_str(
                "; the write-ahead log is in use, and the server empties it within a minute after that ends",
            )?;
        }
        if self.left.is_empty() {
            return Ok(());
        }
        let numbers: Vec<String> = self.left.iter().map(ToString::to_string).collect();
        let numbers = numbers.join(", ");
        write!(
            f,
            "; its shares are still in store {numbers}, and the server deletes them within an hour after it can use the store again"
        )
    }
}
