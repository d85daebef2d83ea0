//! Checks the share stores: every live share must be in its store. Shares that no vault has are
//! noted.

use std::collections::HashMap;
use std::path::Path;

use crystallum_api::Id;
use crystallum_format::leaf::ShareLeaf;
use crystallum_share_store::{Memory, memory_of};
use sha2::{Digest, Sha256};
use sqlx::{Connection, SqliteConnection};

use super::report::{Meaning, Report};
use crate::admin::files::{Database, open_to_check};
use crate::admin::format::pluralize;
use crate::admin::manifest::MissingStore;
use crate::shares::lineage::{Fit, Lineage};
use crate::store::columns::decode_id;
use crate::store::server::{self, Restored};
use crate::store::{shares, stores};

/// How many shares are read at a time.
const PAGE: i64 = 500;

/// The stores that can be read.
pub(super) struct OpenStores(HashMap<Id, OpenStore>);

struct OpenStore {
    number: u8,
    conn: SqliteConnection,
}

impl OpenStores {
    /// Opens the undamaged stores and compares them with the stores that the main database knows.
    /// If this is a backup, some may be missing.
    pub(super) async fn open(
        data: &Path,
        (sound, missing): (&[Database], &[MissingStore]),
        main: &mut SqliteConnection,
        report: &mut Report,
    ) -> sqlx::Result<Self> {
        let mut open_stores = HashMap::new();
        note_decisions(main, report).await?;
        for (number, store) in stores::all(main).await? {
            let database = Database::Store(number);
            if !sound.contains(&database) {
                if let Some(store) = missing.iter().find(|store| store.number == number) {
                    let what = format_args!("it is not in this backup: {}", store.why);
                    report.add_problem(database, what, Meaning::Store);
                } else if !database.path(data).is_file() {
                    report.add_problem(database, "the store is not there", Meaning::Store);
                }
                continue;
            }
            let mut conn = open_to_check(&database.path(data)).await?;
            let ids: Vec<Vec<u8>> = sqlx::query_scalar("SELECT id FROM store").fetch_all(&mut conn).await?;
            if ids == [store.0.to_vec()] {
                // In this order, because the server writes to the main database first.
                let memory = memory_of(&mut conn).await?;
                let lineage = Lineage::read(main).await?;
                match memory.map(|memory| compare(memory, lineage.as_ref())) {
                    None | Some(Comparison::Fits) => {}
                    Some(Comparison::Restored) => report.add_note(format!(
                        "the main database is older than {database}; a restore put it there, so the server starts, \
                         and deletes no share that it does not know"
                    )),
                    Some(Comparison::Wrong(what)) => {
                        report.add_problem(Database::Main, format_args!("{what}, {database}"), Meaning::Stale);
                    }
                }
                open_stores.insert(store, OpenStore { number, conn });
            } else {
                report.add_problem(database, "the file is another store's", Meaning::Store);
                conn.close().await?;
            }
        }
        Ok(Self(open_stores))
    }

    /// Checks that the live shares of an account are in the stores that its history names.
    pub(super) async fn check_shares(
        &mut self,
        main: &mut SqliteConnection,
        account: Id,
        live: &HashMap<Id, ShareLeaf>,
        report: &mut Report,
    ) {
        for (share, named) in live {
            let found = match self.0.get_mut(&Id(*named.store.as_bytes())) {
                // The unreadable store itself was reported when the stores were opened.
                None => Ok(Some("its store cannot be read")),
                Some(open_store) => find_problem(open_store, main, account, *share, named).await,
            };
            let place = format_args!("account {account}, share {share}");
            match found {
                Ok(None) => report.shares += 1,
                Ok(Some(what)) => report.add_problem(place, what, Meaning::Share),
                Err(error) => report.add_problem(place, error, Meaning::Unreadable),
            }
        }
    }

    /// Notes how many shares are in a store but in no vault.
    pub(super) async fn note_orphans(&mut self, main: &mut SqliteConnection, report: &mut Report) {
        for (store, open_store) in &mut self.0 {
            let database = Database::Store(open_store.number);
            match count_orphans(open_store, *store, main).await {
                Err(error) => report.add_problem(database, error, Meaning::Unreadable),
                Ok(0) => (),
                Ok(orphans) => report.add_note(format!(
                    "{database} holds {} that no vault has; the server deletes them after a day, and shares that it has forgotten after 90 days",
                    pluralize(orphans, "share")
                )),
            }
        }
    }

    pub(super) async fn close(self) {
        for open_store in self.0.into_values() {
            // The connection was only used for reading, so an error does not matter.
            drop(open_store.conn.close().await);
        }
    }
}

/// Notes what the operator has not decided yet.
async fn note_decisions(main: &mut SqliteConnection, report: &mut Report) -> sqlx::Result<()> {
    if server::find(main).await?.is_some_and(|row| row.ahead) {
        report.add_note(
            "a store was ahead of the main database, so nothing is swept until a restore or 'stores confirm'"
                .to_owned(),
        );
    }
    for number in stores::made_again(main).await? {
        let database = Database::Store(number);
        report.add_note(format!(
            "{database} was made again, without its shares; 'stores acknowledge' ends this"
        ));
    }
    Ok(())
}

/// Returns what is wrong with a live share, if anything.
async fn find_problem(
    open_store: &mut OpenStore,
    main: &mut SqliteConnection,
    account: Id,
    share: Id,
    named: &ShareLeaf,
) -> sqlx::Result<Option<&'static str>> {
    let sql = "SELECT share FROM shares WHERE account = $1 AND id = $2";
    let found_share: Option<Vec<u8>> = sqlx::query_scalar(sql)
        .bind(account.0.as_slice())
        .bind(share.0.as_slice())
        .fetch_optional(&mut open_store.conn)
        .await?;
    let what = match found_share {
        Some(found_share) if Sha256::digest(&found_share).as_slice() == named.hash => return Ok(None),
        Some(_) => "its SHA-256 is not the one in the signed history",
        None => "it is not in its store",
    };
    // The share may have been removed from the vault since the account was checked.
    let still_live =
        shares::find(main, account, share).await?.is_some_and(|named| named.removed_at.is_none());
    Ok(still_live.then_some(what))
}

/// How a main database compares with what a store remembers of it.
#[derive(Debug, PartialEq, Eq)]
enum Comparison {
    Fits,
    /// It is older, which is allowed after a restore.
    Restored,
    Wrong(&'static str),
}

fn compare(memory: Memory, lineage: Option<&Lineage>) -> Comparison {
    let Some(lineage) = lineage else { return Comparison::Wrong("it is older than a store") };
    match lineage.compare(&memory) {
        Fit::OtherServer => Comparison::Wrong("it is not the one that a store belongs to"),
        Fit::Fits => Comparison::Fits,
        Fit::Ahead if lineage.row.restored != Restored::No => Comparison::Restored,
        Fit::Ahead => Comparison::Wrong("it is older than a store"),
    }
}

/// Counts the shares in a store that are live in no vault.
async fn count_orphans(
    open_store: &mut OpenStore,
    store: Id,
    main: &mut SqliteConnection,
) -> sqlx::Result<u64> {
    let sql = "SELECT account, id FROM shares WHERE (account, id) > ($1, $2) ORDER BY account, id LIMIT $3";
    let (mut after, mut orphans) = ((Vec::new(), Vec::new()), 0);
    loop {
        let (account, share) = after;
        let page: Vec<(Vec<u8>, Vec<u8>)> =
            sqlx::query_as(sql).bind(account).bind(share).bind(PAGE).fetch_all(&mut open_store.conn).await?;
        let Some(last) = page.last() else { return Ok(orphans) };
        after = last.clone();
        for (account, share) in page {
            let named = shares::find(main, decode_id(&account)?, decode_id(&share)?).await?;
            orphans +=
                u64::from(!named.is_some_and(|named| named.removed_at.is_none() && named.store == store));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::server::ServerRow;

    #[test]
    fn only_a_restored_database_may_be_older() {
        let lineage = |restored| Lineage {
            row: ServerRow {
                id: Id([1; 16]),
                run: None,
                mark: 5,
                restored: if restored { Restored::Fresh } else { Restored::No },
                distrusted: None,
                ahead: false,
            },
            runs: Vec::new(),
        };
        let memory = |server, mark| Memory { server: Id([server; 16]), run: None, mark };
        for restored in [false, true] {
            assert_eq!(compare(memory(1, 5), Some(&lineage(restored))), Comparison::Fits);
            assert!(matches!(compare(memory(2, 1), Some(&lineage(restored))), Comparison::Wrong(_)));
        }
        assert_eq!(compare(memory(1, 6), Some(&lineage(true))), Comparison::Restored);
        assert!(matches!(compare(memory(1, 6), Some(&lineage(false))), Comparison::Wrong(_)));
        assert!(matches!(compare(memory(1, 1), None), Comparison::Wrong(_)));
    }
}
