//! Reading the values of one vault.

use crystallum_core::VaultId;

use crate::local::schema::storage_key;
use crate::ports::{LocalStore, StoreFailed};

/// Returns the value of a vault under `name`.
pub(super) async fn get_value(
    store: &impl LocalStore,
    vault: VaultId,
    name: &str,
) -> Result<Option<Vec<u8>>, StoreFailed> {
    store.get(&storage_key(vault, name)).await
}

/// Returns all values of a vault below `room`, such as `record/`, each with the last part of its
/// key.
pub(super) async fn scan_room(
    store: &impl LocalStore,
    vault: VaultId,
    room: &str,
) -> Result<Vec<(String, Vec<u8>)>, StoreFailed> {
    let prefix = storage_key(vault, room);
    let values = store.scan(&prefix).await?.into_iter();
    Ok(values.filter_map(|(key, value)| Some((key.strip_prefix(&prefix)?.to_owned(), value))).collect())
}
