//! Lists the share stores, makes lost ones again, and records what the operator has decided about
//! them. The server may run.

mod error;
mod summary;

use std::path::Path;
use std::sync::Arc;

use crystallum_api::Id;
use crystallum_share_store::{self as share_store, Memory, ShareStore, StoreFile};
use sqlx::Connection;

pub use error::StoresError;
pub use summary::{StoreDetails, StoreState, StoreSummary};

use super::files::{Database, open_to_check, read_schema};
use crate::app::clock::Clock;
use crate::shares::lineage::{Fit, Lineage};
use crate::shares::setup;
use crate::store::files::{store_file, store_folder};
use crate::store::server::{self, ServerRow};
use crate::store::{database, stores};

/// Lists the stores of a data folder.
pub async fn list_stores(data: &Path) -> Result<StoreSummary, StoresError> {
    check_version(data).await?;
    let mut conn = open_to_check(&Database::Main.path(data)).await?;
    let known = stores::all(&mut conn).await?;
    let made_again = stores::made_again(&mut conn).await?;
    let lineage = Lineage::read(&mut conn).await?;
    conn.close().await?;
    let mut found = Vec::new();
    for (number, id) in known {
        let state = match read_memory(data, number, id).await {
            Err(state) => state,
            Ok(Some(memory)) if lineage.as_ref().is_some_and(|known| known.compare(&memory) != Fit::Fits) => {
                StoreState::Ahead
            }
            Ok(_) => StoreState::Fits,
        };
        found.push(StoreDetails { number, state, is_made_again: made_again.contains(&number) });
    }
    let is_ahead = lineage.is_some_and(|lineage| lineage.row.ahead);
    Ok(StoreSummary { stores: found, is_ahead })
}

/// Makes stores again whose files are lost, without their shares.
pub async fn create_stores(data: &Path, numbers: &[u8]) -> Result<String, StoresError> {
    check_version(data).await?;
    let database = database::Database::open(data, Arc::default()).await?;
    let mut conn = database.writer().await?;
    let known = stores::all(&mut conn).await?;
    let now = Clock::system().unix();
    let ids = ids(&known, numbers)?;
    if let Some((number, _)) = ids.iter().find(|(number, _)| store_file(data, *number).exists()) {
        return Err(StoresError::Exists(store_file(data, *number)));
    }
    for (number, id) in ids {
        // The mark comes first: a store that is there again is not taken for the old one.
        stores::set_made_again(&mut conn, number, Some(now)).await?;
        let made = if store_folder(data, number).exists() {
            setup::create_in_folder(data, number, id).await
        } else {
            setup::create_store(data, number, id).await
        };
        made.map_err(|error| StoresError::Create(number, error.to_string()))?;
    }
    drop(conn);
    database.close().await;
    Ok(format!(
        "made again, without shares: {}; owners of wallets deal new shares, and 'stores acknowledge' ends the problem",
        summary::list(numbers)
    ))
}

/// Records that the operator knows that stores were made again.
pub async fn acknowledge_stores(data: &Path, numbers: &[u8]) -> Result<String, StoresError> {
    check_version(data).await?;
    let database = database::Database::open(data, Arc::default()).await?;
    let mut conn = database.writer().await?;
    let known = stores::all(&mut conn).await?;
    for (number, _) in ids(&known, numbers)? {
        stores::set_made_again(&mut conn, number, None).await?;
    }
    drop(conn);
    database.close().await;
    Ok(format!("acknowledged: {}", summary::list(numbers)))
}

/// Records that the main database is the right one, whatever the stores remember, and tells them.
pub async fn confirm_database(data: &Path) -> Result<String, StoresError> {
    check_version(data).await?;
    let database = database::Database::open(data, Arc::default()).await?;
    let mut write = database.begin_write().await?;
    let row = server::find(&mut write).await?.ok_or(StoresError::NeverStarted)?;
    let (mut mark, mut open) = (row.mark, Vec::new());
    for (number, id) in stores::all(&mut write).await? {
        let memory =
            read_memory(data, number, id).await.map_err(|state| StoresError::Unusable(number, state))?;
        mark = mark.max(memory.map_or(0, |memory| memory.mark));
        open.push(StoreFile::new(number, id, store_file(data, number)));
    }
    let row = ServerRow { mark: mark + 1, distrusted: None, ahead: false, ..row };
    server::set(&mut write, row).await?;
    for store in open {
        let told = store.remember(row.memory()).await;
        told.map_err(|error| {
            StoresError::Unusable(store.number(), StoreState::Unreadable(error.to_string()))
        })?;
    }
    write.commit().await?;
    database.close().await;
    Ok("confirmed: all stores take this main database for the right one; shares that it does not know are deleted after 90 days"
        .to_owned())
}

/// Returns what a store remembers, or why it cannot be used.
async fn read_memory(data: &Path, number: u8, id: Id) -> Result<Option<Memory>, StoreState> {
    let file = store_file(data, number);
    if !file.exists() {
        return Err(StoreState::Gone(store_folder(data, number)));
    }
    let unreadable = |error: sqlx::Error| StoreState::Unreadable(error.to_string());
    if share_store::read_id(&file).await.map_err(unreadable)? != id {
        return Err(StoreState::OtherStore);
    }
    share_store::read_memory(&file).await.map_err(unreadable)
}

/// Returns the ids of stores with these numbers.
fn ids(known: &[(u8, Id)], numbers: &[u8]) -> Result<Vec<(u8, Id)>, StoresError> {
    let find = |number: &u8| known.iter().find(|(known, _)| known == number).copied();
    numbers.iter().map(|number| find(number).ok_or(StoresError::Unknown(*number))).collect()
}

/// Makes sure that the folder has a main database of this version.
async fn check_version(data: &Path) -> Result<(), StoresError> {
    let file = Database::Main.path(data);
    if !file.is_file() {
        return Err(StoresError::NoData(data.to_owned()));
    }
    let mut conn = open_to_check(&file).await?;
    let (found, expected) = (read_schema(&mut conn, "main").await?, database::schema());
    conn.close().await?;
    if found == expected { Ok(()) } else { Err(StoresError::Version { found, expected }) }
}
