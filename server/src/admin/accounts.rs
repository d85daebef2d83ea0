//! Lists, shows and deletes accounts. Nothing here needs a key, and nothing is revealed that is
//! encrypted.

mod error;
mod summary;

use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use crystallum_api::Id;
use crystallum_share_store::{ShareStore, StoreFile};
use sqlx::{Connection, SqliteConnection};

pub use error::AccountError;
pub use summary::{Account, AccountDetails, Accounts, Deleted};

use super::files::{Database, open_to_check, read_schema};
use crate::app::clock::Clock;
use crate::app::lock::DataLock;
use crate::store::columns::decode_id;
use crate::store::files::store_file;
use crate::store::{accounts, database, deletions, stores};

/// How many accounts are read at a time.
const PAGE: i64 = 256;
/// How long a running server has the database to itself between two steps of a deletion. Whoever
/// waits for a lock of another process looks for it again after a tenth of a second at the latest.
const PAUSE: Duration = Duration::from_millis(150);
/// How often emptying the write-ahead log is tried. Each attempt waits a moment for readers.
const LOG_ATTEMPTS: u32 = 20;

/// Lists all accounts of a data folder or a backup.
pub async fn list_accounts(data: &Path) -> Result<Accounts, AccountError> {
    let mut conn = open(data).await?;
    let being_deleted = accounts::being_deleted(&mut conn).await?.len();
    let sql = "SELECT id, created, counter, records, bytes + history + kept FROM accounts \
        WHERE id > $1 AND deleted IS NULL ORDER BY id LIMIT $2";
    let (mut found, mut after) = (Vec::new(), Vec::new());
    loop {
        let page: Vec<(Vec<u8>, i64, i64, i64, i64)> =
            sqlx::query_as(sql).bind(after).bind(PAGE).fetch_all(&mut conn).await?;
        let Some((last, ..)) = page.last() else { break };
        after = last.clone();
        for (id, created, writes, records, bytes) in page {
            found.push(Account { id: decode_id(&id)?, created, writes, records, bytes });
        }
    }
    conn.close().await?;
    Ok(Accounts { accounts: found, being_deleted })
}

/// Shows what a data folder or a backup has of one account.
pub async fn show_account(data: &Path, id: Id) -> Result<AccountDetails, AccountError> {
    let mut conn = open(data).await?;
    let details = summary::read(&mut conn, id).await?.ok_or(AccountError::Unknown(id))?;
    conn.close().await?;
    Ok(details)
}

/// Deletes an account with everything that belongs to it. The server may run: the account does not
/// exist for it from the first step on, and it writes between two steps.
pub async fn delete_account(data: &Path, id: Id) -> Result<Deleted, AccountError> {
    // Deleting in a folder of another version could leave rows in a table that is not known here.
    open(data).await?.close().await?;
    let database = database::Database::open(data, Arc::default()).await?;
    let mut write = database.begin_write().await?;
    let known = stores::all(&mut write).await?;
    if accounts::find(&mut write, id).await?.is_none() && !accounts::is_being_deleted(&mut write, id).await? {
        return Err(AccountError::Unknown(id));
    }
    let mut is_gone = deletions::begin(&mut write, id, Clock::system().unix()).await?;
    write.commit().await?;
    while !is_gone {
        if DataLock::is_held(data) {
            tokio::time::sleep(PAUSE).await;
        }
        let mut write = database.begin_write().await?;
        is_gone = deletions::step(&mut write, id).await?;
        write.commit().await?;
    }
    // A server that runs keeps the log, in which the deleted rows still are.
    let mut attempts = 0;
    let is_cleared = loop {
        attempts += 1;
        match database.clear_log().await {
            false if attempts < LOG_ATTEMPTS => {}
            is_cleared => break is_cleared,
        }
    };
    database.close().await;
    let mut left = Vec::new();
    for (number, store) in known {
        let file = StoreFile::new(number, store, store_file(data, number));
        if file.delete_account(id).await.is_err() {
            left.push(number);
        }
    }
    Ok(Deleted { id, left, is_in_log: !is_cleared && DataLock::is_held(data) })
}

/// Opens the main database for reading. It must be of this version.
async fn open(data: &Path) -> Result<SqliteConnection, AccountError> {
    let file = Database::Main.path(data);
    if !file.is_file() {
        return Err(AccountError::NoData(data.to_owned()));
    }
    let mut conn = open_to_check(&file).await?;
    let (found, expected) = (read_schema(&mut conn, "main").await?, database::schema());
    if found == expected { Ok(conn) } else { Err(AccountError::Version { found, expected }) }
}
