//! Compares the main database with what the share stores remember of it, before anything is changed
//! on its word.
//!
//! The main database decides which shares are live, and the sweep deletes the others. A database
//! that is empty, another server's, or from before a part of the stores' shares would therefore
//! destroy wallets. Each store remembers the id of its server, in which run of the server it was
//! told last, and the largest mark that it has heard of; the mark in the main database grows with
//! every change of shares.

use std::path::{Path, PathBuf};

use crystallum_api::Id;
use crystallum_share_store::{self as share_store, Memory};
use thiserror::Error;

use crate::shares::lineage::{Fit, Lineage};
use crate::store::database::Database;
use crate::store::failure::disk_fault;
use crate::store::files::{STORES, main_file, store_file};
use crate::store::server::{self, Restored, Run, ServerRow};

/// Why the database is not used together with these stores.
#[derive(Debug, Error)]
pub enum IdentityError {
    /// The database is empty, but the stores are not.
    #[error("it is empty, but there are share stores beside it")]
    Empty,
    /// The stores belong to another server.
    #[error("it belongs to another server than the share stores beside it")]
    OtherServer,
    /// A store has heard of a later state of the database.
    #[error("it is older than the share stores beside it")]
    Behind,
    /// The database cannot be read or written.
    #[error("it cannot be read or written: {0}")]
    Database(#[from] sqlx::Error),
    /// The system provides no randomness.
    #[error("the system gives no random bytes")]
    Randomness,
}

/// Refuses an empty file before it becomes an empty database.
pub(crate) fn check_file(data: &Path) -> Result<(), IdentityError> {
    let is_empty = main_file(data).metadata().is_ok_and(|file| file.len() == 0);
    if is_empty && store_files(data).next().is_some() { Err(IdentityError::Empty) } else { Ok(()) }
}

/// A main database that may be used with the stores of its data folder.
pub(crate) struct Checked {
    pub(crate) row: ServerRow,
    /// The stores that were compared with it, and may be told of this run.
    pub(crate) compared: Vec<u8>,
}

/// Makes sure that the database may decide over the stores of the data folder. A database that is
/// behind them may if a restore has put it there. From then on it decides only over shares that the
/// stores get from now on. Stores that cannot be read now are compared later, before anything is
/// swept. Begins a run.
pub(crate) async fn check(data: &Path, database: &Database, now: i64) -> Result<Checked, IdentityError> {
    let mut reader = database.reader().await?;
    if server::is_new(&mut reader).await? && store_files(data).next().is_some() {
        return Err(IdentityError::Empty);
    }
    let found = Lineage::read(&mut reader).await?;
    drop(reader);
    let (memories, unread) = read_memories(data).await;
    let row = match &found {
        Some(lineage) => compare(lineage, memories.iter().map(|(_, memory)| memory), unread, now)?,
        None if memories.iter().all(|(_, memory)| memory.is_none()) => new_row()?,
        // The database is from before the stores remembered anything.
        None => return Err(IdentityError::Behind),
    };
    let compared = memories.into_iter().map(|(number, _)| number).collect();
    let run = Run { id: new_id()?, first: row.mark + 1 };
    let next = ServerRow { mark: run.first, run: Some(run.id), ..row };
    match begin(database, next, run).await {
        Ok(()) => Ok(Checked { row: next, compared }),
        // A disk that takes no writes is no reason not to start: what only reads works.
        Err(error) if found.is_some_and(|found| found.row == row) && disk_fault(&error).is_some() => {
            database.note_failure(&error);
            Ok(Checked { row, compared })
        }
        Err(error) => Err(error.into()),
    }
}

async fn begin(database: &Database, row: ServerRow, run: Run) -> sqlx::Result<()> {
    let mut write = database.begin_write().await?;
    server::set(&mut write, row).await?;
    server::begin_run(&mut write, run).await?;
    write.commit().await
}

/// Returns the row with which the server starts, given what the stores remember that could be read,
/// and how many could not.
fn compare<'a>(
    lineage: &Lineage,
    memories: impl Iterator<Item = &'a Option<Memory>>,
    unread: usize,
    now: i64,
) -> Result<ServerRow, IdentityError> {
    let row = lineage.row;
    let (mut newest, mut own, mut others) = (None, 0, 0);
    for memory in memories.flatten() {
        match lineage.compare(memory) {
            Fit::Fits => own += 1,
            Fit::Ahead => newest = newest.max(Some(memory.mark)),
            Fit::OtherServer => others += 1,
        }
    }
    match newest {
        Some(newest) if row.restored != Restored::No => {
            let mark = row.mark.max(newest);
            // The permission lasts until the stores were told, so that a start which is interrupted
            // before that does not use it up.
            Ok(ServerRow { mark, restored: Restored::Begun, distrusted: Some(now), ahead: false, ..row })
        }
        Some(_) => Err(IdentityError::Behind),
        None if others > 0 && own == 0 => Err(IdentityError::OtherServer),
        None if row.restored == Restored::Fresh && unread == 0 => {
            // A restore that brought the stores of the same moment ends any distrust.
            Ok(ServerRow { restored: Restored::No, distrusted: None, ahead: false, ..row })
        }
        None => Ok(ServerRow { restored: Restored::No, ..row }),
    }
}

fn new_row() -> Result<ServerRow, IdentityError> {
    let restored = Restored::No;
    Ok(ServerRow { id: new_id()?, run: None, mark: 0, restored, distrusted: None, ahead: false })
}

fn new_id() -> Result<Id, IdentityError> {
    let mut id = [0; 16];
    getrandom::fill(&mut id).map_err(|_| IdentityError::Randomness)?;
    Ok(Id(id))
}

fn store_files(data: &Path) -> impl Iterator<Item = PathBuf> {
    (1..=STORES).map(|number| store_file(data, number)).filter(|file| file.exists())
}

/// Returns what each store remembers that can be read, and how many cannot.
async fn read_memories(data: &Path) -> (Vec<(u8, Option<Memory>)>, usize) {
    let mut memories = Vec::new();
    for number in 1..=STORES {
        let file = store_file(data, number);
        let memory = share_store::within_limit(async move { share_store::read_memory(&file).await });
        if let Some(Ok(memory)) = memory.await {
            memories.push((number, memory));
        }
    }
    let unread = usize::from(STORES) - memories.len();
    (memories, unread)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::shares::lineage::tests::{HERE, row};

    const NOW: i64 = 1_800_000_000;

    fn lineage(restored: bool, distrusted: Option<i64>) -> Lineage {
        lineage_of(if restored { Restored::Fresh } else { Restored::No }, distrusted)
    }

    fn lineage_of(restored: Restored, distrusted: Option<i64>) -> Lineage {
        let row = ServerRow { restored, distrusted, ..row(10) };
        Lineage { row, runs: vec![Run { id: Id([12; 16]), first: 1 }] }
    }

    fn memory(server: u8, mark: u64) -> Option<Memory> {
        Some(Memory { server: Id([server; 16]), run: Some(Id([12; 16])), mark })
    }

    fn start(
        lineage: &Lineage,
        memories: &[Option<Memory>],
        unread: usize,
    ) -> Result<ServerRow, IdentityError> {
        compare(lineage, memories.iter(), unread, NOW)
    }

    #[test]
    fn stores_that_are_not_ahead_are_no_reason_to_refuse() {
        assert_eq!(HERE, Id([1; 16]));
        for memories in [
            vec![],
            vec![None, None],
            vec![memory(1, 0)],
            vec![memory(1, 10), memory(1, 3)],
            vec![memory(1, 9), memory(2, 99)],
        ] {
            let first = lineage(false, None);
            assert_eq!(start(&first, &memories, 0).unwrap(), first.row);
            let distrusted = lineage(false, Some(7));
            assert_eq!(start(&distrusted, &memories, 0).unwrap(), distrusted.row);
            assert_eq!(start(&lineage(true, Some(7)), &memories, 0).unwrap(), first.row);
            // A store that cannot be read may be ahead.
            assert_eq!(start(&lineage(true, Some(7)), &memories, 1).unwrap(), distrusted.row);
        }
    }

    /// The stores that the first start had told are not ahead any more, and shares that the
    /// database has forgotten are in them all the same.
    #[test]
    fn a_start_after_an_interrupted_one_goes_on() {
        let begun = lineage_of(Restored::Begun, Some(7));
        let told = start(&begun, &[memory(1, 10), memory(1, 10)], 0).unwrap();
        assert_eq!((told.restored, told.distrusted), (Restored::No, Some(7)));
        let untold = start(&begun, &[memory(1, 10), memory(1, 11)], 0).unwrap();
        assert_eq!((untold.restored, untold.distrusted, untold.mark), (Restored::Begun, Some(NOW), 11));
    }

    #[test]
    fn one_store_that_is_ahead_is_enough() {
        let memories = [memory(1, 3), memory(1, 11), memory(1, 10)];
        assert!(matches!(start(&lineage(false, None), &memories, 0), Err(IdentityError::Behind)));
        let started = start(&lineage(true, None), &memories, 0).unwrap();
        assert_eq!(started, ServerRow { mark: 11, ..lineage_of(Restored::Begun, Some(NOW)).row });
    }

    #[test]
    fn stores_of_another_server_are_refused() {
        for restored in [false, true] {
            let refused = start(&lineage(restored, None), &[memory(2, 1), memory(3, 1)], 0);
            assert!(matches!(refused, Err(IdentityError::OtherServer)));
        }
    }
}
