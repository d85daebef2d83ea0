//! Removes the wrap of a removed keyslot from the commit that added it. Only its hash stays, which
//! is all that a device needs to follow the chain. Whoever has the removed passkey or sheet and
//! takes a copy of the database later finds nothing in it that the passkey or sheet opens.

use crystallum_api::{Change, Id};
use crystallum_format::ids::SlotId;
use crystallum_format::leaf::LeafId;
use sqlx::SqliteConnection;

use crate::http::error::ApiResult;
use crate::store::{commits, leaves};
use crate::vault::quota::length;

/// Blanks the wrap of a keyslot that is about to be removed. Returns by how many bytes the history
/// shrinks.
pub(super) async fn blank_wrap(conn: &mut SqliteConnection, account: Id, slot: Id) -> ApiResult<u64> {
    let leaf = LeafId::Keyslot(SlotId::new(slot.0));
    let Some(counter) = leaves::counter(conn, account, leaf).await? else { return Ok(0) };
    let Some(before) = commits::changes(conn, account, counter).await? else { return Ok(0) };
    let mut changes: Vec<Change> =
        serde_json::from_str(&before).map_err(|error| sqlx::Error::Decode(error.into()))?;
    for change in &mut changes {
        if let Change::Keyslot { id, wrap, .. } = change
            && *id == slot
        {
            *wrap = None;
        }
    }
    let after = serde_json::to_string(&changes).map_err(|error| sqlx::Error::Encode(error.into()))?;
    commits::set_changes(conn, account, counter, &after).await?;
    Ok(length(before.len()).saturating_sub(length(after.len())))
}
