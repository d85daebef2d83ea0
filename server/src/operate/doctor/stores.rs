//! The stores beside the main database: every live share is there, and what else is there is told.

use std::collections::HashMap;
use std::path::Path;

use crystallum_api::Id;
use sha2::{Digest, Sha256};
use sqlx::{Connection, SqliteConnection};

use super::report::{Means, Report};
use crate::operate::files::Database;
use crate::operate::vault::Share;
use crate::operate::words::counted;
use crate::store::files::open_read_only;
use crate::store::{id, shares, stores};

/// Shares that are listed at a time.
const PAGE: i64 = 500;

/// The stores that can be read.
pub(super) struct Shelves(HashMap<Id, Shelf>);

struct Shelf {
    number: u8,
    conn: SqliteConnection,
}

impl Shelves {
    /// Opens the stores among the sound files and holds them against the ones that the main database knows.
    pub(super) async fn open(
        data: &Path,
        sound: &[Database],
        main: &mut SqliteConnection,
        report: &mut Report,
    ) -> sqlx::Result<Self> {
        let mut shelves = HashMap::new();
        for (number, store) in stores::all(main).await? {
            let database = Database::Store(number);
            if !sound.contains(&database) {
                if !database.path(data).is_file() {
                    report.wrong(database, "the store is not there", Means::Store);
                }
                continue;
            }
            let mut conn = open_read_only(&database.path(data)).await?;
            let there: Vec<Vec<u8>> = sqlx::query_scalar("SELECT id FROM store").fetch_all(&mut conn).await?;
            if there == [store.0.to_vec()] {
                shelves.insert(store, Shelf { number, conn });
            } else {
                report.wrong(database, "the file is another store's", Means::Store);
                conn.close().await?;
            }
        }
        Ok(Self(shelves))
    }

    /// Checks that the live shares of an account are where its history says.
    pub(super) async fn check(
        &mut self,
        main: &mut SqliteConnection,
        account: Id,
        live: &HashMap<Id, Share>,
        report: &mut Report,
    ) {
        for (share, named) in live {
            let found = match self.0.get_mut(&named.store) {
                // Told once, where the store is opened.
                None => Ok(Some("its store cannot be read")),
                Some(shelf) => wrong(shelf, main, account, *share, named).await,
            };
            let place = format_args!("account {account}, share {share}");
            match found {
                Ok(None) => report.shares += 1,
                Ok(Some(what)) => report.wrong(place, what, Means::Share),
                Err(error) => report.wrong(place, error, Means::Unreadable),
            }
        }
    }

    /// Tells of shares that are in a store and in no vault.
    pub(super) async fn leftovers(&mut self, main: &mut SqliteConnection, report: &mut Report) {
        for (store, shelf) in &mut self.0 {
            let database = Database::Store(shelf.number);
            match leftovers(shelf, *store, main).await {
                Err(error) => report.wrong(database, error, Means::Unreadable),
                Ok(0) => (),
                Ok(others) => report.note(format!(
                    "{database} holds {} that no vault has; the server deletes such shares after a day",
                    counted(others, "share")
                )),
            }
        }
    }

    pub(super) async fn close(self) {
        for shelf in self.0.into_values() {
            // It was only read.
            drop(shelf.conn.close().await);
        }
    }
}

/// What is wrong with a live share.
async fn wrong(
    shelf: &mut Shelf,
    main: &mut SqliteConnection,
    account: Id,
    share: Id,
    named: &Share,
) -> sqlx::Result<Option<&'static str>> {
    let sql = "SELECT share FROM shares WHERE account = $1 AND id = $2";
    let there: Option<Vec<u8>> = sqlx::query_scalar(sql)
        .bind(account.0.as_slice())
        .bind(share.0.as_slice())
        .fetch_optional(&mut shelf.conn)
        .await?;
    let what = match there {
        Some(there) if Sha256::digest(&there).as_slice() == named.hash => return Ok(None),
        Some(_) => "its SHA-256 is not the one in the signed history",
        None => "it is not in its store",
    };
    // It may have been taken out of the vault since the account was looked at.
    let still = shares::find(main, account, share).await?.is_some_and(|named| named.gone.is_none());
    Ok(still.then_some(what))
}

/// How many shares of a store are live in no vault.
async fn leftovers(shelf: &mut Shelf, store: Id, main: &mut SqliteConnection) -> sqlx::Result<u64> {
    let sql = "SELECT account, id FROM shares WHERE (account, id) > ($1, $2) ORDER BY account, id LIMIT $3";
    let (mut after, mut others) = ((Vec::new(), Vec::new()), 0);
    loop {
        let (account, share) = after;
        let page: Vec<(Vec<u8>, Vec<u8>)> =
            sqlx::query_as(sql).bind(account).bind(share).bind(PAGE).fetch_all(&mut shelf.conn).await?;
        let Some(last) = page.last() else { return Ok(others) };
        after = last.clone();
        for (account, share) in page {
            let named = shares::find(main, id(&account)?, id(&share)?).await?;
            others += u64::from(!named.is_some_and(|named| named.gone.is_none() && named.store == store));
        }
    }
}
