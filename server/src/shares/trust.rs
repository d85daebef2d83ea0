//! Finds out whether shares may be deleted on the word of the main database.

use std::fmt;

use crate::app::problems::{Problem, Problems};
use crate::shares::lineage::{Fit, Lineage};
use crate::shares::stores::{StoreEntry, Stores};
use crate::store::database::Database;
use crate::store::server::{self, Restored, ServerRow};
use crate::store::stores as known_stores;

/// What the stores say about the main database.
#[derive(Debug)]
pub(crate) struct Trust {
    pub(super) row: ServerRow,
    /// The stores that know of something that the database has lost.
    pub(super) ahead: Vec<u8>,
    /// The stores that cannot be read. They may know something, too.
    pub(super) unread: Vec<u8>,
}

impl Trust {
    /// Returns whether shares may be deleted. Otherwise none is, in any store: what one store knows
    /// is about all of them.
    pub(crate) fn is_whole(&self) -> bool {
        self.ahead.is_empty() && self.unread.is_empty() && !self.row.ahead
    }
}

/// Says why nothing is swept.
impl fmt::Display for Trust {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { row, ahead, unread } = self;
        match (ahead.as_slice(), unread.as_slice()) {
            ([], []) if row.ahead => f.write_str("a store was ahead of the main database"),
            ([], unread) => write!(f, "stores {unread:?} cannot be read"),
            (ahead, []) => write!(f, "stores {ahead:?} are ahead of the main database"),
            (ahead, unread) => {
                write!(f, "stores {ahead:?} are ahead of the main database, and {unread:?} cannot be read")
            }
        }
    }
}

/// Compares the main database with all stores, records what is wrong, and tells the stores that fit
/// of this run. The first store that does not fit is remembered in the database, until the operator
/// restores or confirms.
pub(crate) async fn check(
    stores: &Stores,
    database: &Database,
    problems: &Problems,
    now: i64,
) -> sqlx::Result<Trust> {
    let mut found = compare(stores, database).await?;
    if !found.trust.ahead.is_empty() && !found.trust.row.ahead {
        // The operator may have confirmed between the look at a store and that at the database.
        found = compare(stores, database).await?;
    }
    let Compared { mut trust, made_again, untold, permitted } = found;
    if let Some(mark) = permitted {
        trust.row = distrust(database, mark, now).await?;
    }
    report(&trust, &made_again, problems);
    if !trust.ahead.is_empty() && !trust.row.ahead {
        note_ahead(database, now).await?;
    }
    let mut all_are_told = true;
    for entry in untold {
        all_are_told &= tell(entry, trust.row).await;
    }
    if trust.row.restored == Restored::Begun && all_are_told {
        server::end_restore(&mut *database.writer().await?).await?;
        trust.row.restored = Restored::No;
    }
    Ok(trust)
}

/// All stores, compared with the main database.
struct Compared<'a> {
    trust: Trust,
    made_again: Vec<u8>,
    /// The stores that fit, or are ahead as they may be after a restore, and were not told of this
    /// run.
    untold: Vec<&'a StoreEntry>,
    /// The largest mark of those that are ahead and may be.
    permitted: Option<u64>,
}

async fn compare<'a>(stores: &'a Stores, database: &Database) -> sqlx::Result<Compared<'a>> {
    // In this order, because a commit may advance both in the meantime, the main database first.
    let mut memories = Vec::new();
    let mut unread = stores.unknown.clone();
    for entry in &stores.entries {
        match entry.store.memory().await {
            Ok(memory) => memories.push((entry, memory)),
            Err(_) => unread.push(entry.number),
        }
    }
    unread.sort_unstable();
    let mut reader = database.reader().await?;
    let lineage = Lineage::read(&mut reader).await?.ok_or(sqlx::Error::RowNotFound)?;
    let made_again = known_stores::made_again(&mut reader).await?;
    drop(reader);
    let may_be_ahead = lineage.row.restored == Restored::Begun;
    let (mut ahead, mut untold, mut permitted) = (Vec::new(), Vec::new(), None);
    for (entry, memory) in memories {
        let fit = memory.map_or(Fit::Fits, |memory| lineage.compare(&memory));
        if fit == Fit::Ahead && may_be_ahead {
            permitted = permitted.max(memory.map(|memory| memory.mark));
            untold.push(entry);
        } else if fit != Fit::Fits {
            ahead.push(entry.number);
        } else if memory.is_none_or(|memory| memory.run != lineage.row.run) {
            untold.push(entry);
        }
    }
    Ok(Compared { trust: Trust { row: lineage.row, ahead, unread }, made_again, untold, permitted })
}

fn report(trust: &Trust, made_again: &[u8], problems: &Problems) {
    let is_ahead = trust.row.ahead || !trust.ahead.is_empty();
    problems.set(Problem::StoreAhead, is_ahead, trust);
    let is_restored = trust.row.distrusted.is_some() && !is_ahead;
    let detail = "shares from before the restore are kept in any case";
    problems.set(Problem::RestoredBehind, is_restored, detail);
    let detail = format_args!("stores {made_again:?}");
    problems.set(Problem::StoreMadeAgain, !made_again.is_empty(), detail);
}

async fn note_ahead(database: &Database, now: i64) -> sqlx::Result<()> {
    let mut write = database.begin_write().await?;
    server::note_ahead(&mut write, now).await?;
    write.commit().await
}

/// Records that shares which the stores have got up to now may have been forgotten, and that the
/// mark is as large as any store knows it.
async fn distrust(database: &Database, mark: u64, now: i64) -> sqlx::Result<ServerRow> {
    let mut write = database.begin_write().await?;
    let row = server::find(&mut write).await?.ok_or(sqlx::Error::RowNotFound)?;
    let row = ServerRow { mark: row.mark.max(mark), distrusted: Some(now), ..row };
    server::set(&mut write, row).await?;
    write.commit().await?;
    Ok(row)
}

/// Tells a store of the main database. Returns whether it was told.
async fn tell(entry: &StoreEntry, row: ServerRow) -> bool {
    let told = entry.store.remember(row.memory()).await;
    if let Err(error) = &told {
        tracing::warn!(store = entry.number, %error, "the store was not told of the main database");
    }
    told.is_ok()
}
