//! Compares the main database with what the share stores remember of it, before anything is changed
//! on its word.
//!
//! The main database decides which shares are live, and the sweep deletes the others. A database
//! that is empty, another server's, or from before a part of the stores' shares would therefore
//! destroy wallets. Each store remembers the id of its server and the largest mark that it has
//! heard of; the mark in the main database grows with every change of shares.

use std::path::{Path, PathBuf};

use crystallum_api::Id;
use crystallum_share_store::{self as share_store, Memory};
use thiserror::Error;

use crate::store::database::Database;
use crate::store::failure::disk_fault;
use crate::store::files::{STORES, main_file, store_file};
use crate::store::server::{self, ServerRow};

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

/// Makes sure that the database may decide over the stores of the data folder. A database that is
/// behind them may if a restore has put it there. From then on it decides only over shares that the
/// stores get from now on. Makes the mark larger, and returns the row with which the server starts.
pub(crate) async fn check(data: &Path, database: &Database, now: i64) -> Result<ServerRow, IdentityError> {
    let mut reader = database.reader().await?;
    if server::is_new(&mut reader).await? && store_files(data).next().is_some() {
        return Err(IdentityError::Empty);
    }
    let found = server::find(&mut reader).await?;
    drop(reader);
    let memories = read_memories(data).await;
    let row = match found {
        Some(row) => compare(row, &memories, now)?,
        None if memories.is_empty() => new_row()?,
        // The database is from before the stores remembered anything.
        None => return Err(IdentityError::Behind),
    };
    let next = ServerRow { mark: row.mark + 1, ..row };
    match set(database, next).await {
        Ok(()) => Ok(next),
        // A disk that takes no writes is no reason not to start: what only reads works.
        Err(error) if found == Some(row) && disk_fault(&error).is_some() => {
            database.note_failure(&error);
            Ok(row)
        }
        Err(error) => Err(error.into()),
    }
}

async fn set(database: &Database, row: ServerRow) -> sqlx::Result<()> {
    let mut write = database.begin_write().await?;
    server::set(&mut write, row).await?;
    write.commit().await
}

/// Returns the row with which the server starts.
fn compare(row: ServerRow, memories: &[Memory], now: i64) -> Result<ServerRow, IdentityError> {
    let newest = memories.iter().filter(|memory| memory.server == row.id).map(|memory| memory.mark).max();
    let Some(newest) = newest else {
        return if memories.is_empty() { Ok(started(row)) } else { Err(IdentityError::OtherServer) };
    };
    if newest <= row.mark {
        return Ok(started(row));
    }
    if !row.restored {
        return Err(IdentityError::Behind);
    }
    Ok(ServerRow { mark: newest, restored: false, distrusted: Some(now), ..row })
}

/// Returns the row of a database that is not behind. A restore that brought the stores of the same
/// moment ends any distrust.
fn started(row: ServerRow) -> ServerRow {
    let distrusted = if row.restored { None } else { row.distrusted };
    ServerRow { restored: false, distrusted, ..row }
}

fn new_row() -> Result<ServerRow, IdentityError> {
    let mut id = [0; 16];
    getrandom::fill(&mut id).map_err(|_| IdentityError::Randomness)?;
    Ok(ServerRow { id: Id(id), mark: 0, restored: false, distrusted: None })
}

fn store_files(data: &Path) -> impl Iterator<Item = PathBuf> {
    (1..=STORES).map(|number| store_file(data, number)).filter(|file| file.exists())
}

/// Returns what the stores remember. A store that cannot be read or has never been told anything
/// does not count.
async fn read_memories(data: &Path) -> Vec<Memory> {
    let mut memories = Vec::new();
    for file in store_files(data) {
        if let Ok(Some(memory)) = share_store::read_memory(&file).await {
            memories.push(memory);
        }
    }
    memories
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: i64 = 1_800_000_000;
    const HERE: Id = Id([1; 16]);

    fn row(restored: bool, distrusted: Option<i64>) -> ServerRow {
        ServerRow { id: HERE, mark: 10, restored, distrusted }
    }

    fn memory(server: u8, mark: u64) -> Memory {
        Memory { server: Id([server; 16]), mark }
    }

    #[test]
    fn stores_that_are_not_ahead_are_no_reason_to_refuse() {
        for memories in
            [vec![], vec![memory(1, 0)], vec![memory(1, 10), memory(1, 3)], vec![memory(1, 9), memory(2, 99)]]
        {
            assert_eq!(compare(row(false, None), &memories, NOW).unwrap(), row(false, None));
            assert_eq!(compare(row(false, Some(7)), &memories, NOW).unwrap(), row(false, Some(7)));
            assert_eq!(compare(row(true, Some(7)), &memories, NOW).unwrap(), row(false, None));
        }
    }

    #[test]
    fn one_store_that_is_ahead_is_enough() {
        let memories = [memory(1, 3), memory(1, 11), memory(1, 10)];
        assert!(matches!(compare(row(false, None), &memories, NOW), Err(IdentityError::Behind)));
        let started = compare(row(true, None), &memories, NOW).unwrap();
        assert_eq!(started, ServerRow { mark: 11, ..row(false, Some(NOW)) });
    }

    #[test]
    fn stores_of_another_server_are_refused() {
        for restored in [false, true] {
            let refused = compare(row(restored, None), &[memory(2, 1), memory(3, 1)], NOW);
            assert!(matches!(refused, Err(IdentityError::OtherServer)));
        }
    }
}
