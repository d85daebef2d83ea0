//! Loading the part of a stored vault that takes no key, so that it can be there before
//! the vault is unlocked.

use crystallum_core::{History, Leaf, LeafId, Malformed, SignedHead, VaultId, VaultState};

use crate::local::load_error::LoadError;
use crate::local::read::{get_value, scan_room};
use crate::local::schema::{parse_record_id, parts_from_bytes};
use crate::ports::{LocalStore, StoreFailed};
use crate::vault::objects::Objects;
use crate::vault::received::{MissingSecrets, ReceivedBlobs};
use crate::vault::verified_vault::VerifiedVault;
use crate::wire::stored::change_from_json;

/// Returns the head of a vault as it is stored. Returns `None` if this device does not know it.
pub(crate) async fn stored_head(
    store: &impl LocalStore,
    vault: VaultId,
) -> Result<Option<Vec<u8>>, StoreFailed> {
    get_value(store, vault, "head").await
}

/// Loads and verifies a vault without what changes beside its state. Returns `None` if this device
/// does not know it.
pub(crate) async fn load_verified(
    store: &impl LocalStore,
    vault: VaultId,
) -> Result<Option<VerifiedVault>, LoadError> {
    let Some(head) = stored_head(store, vault).await? else { return Ok(None) };
    let past = get_value(store, vault, "past").await?;
    let records = scan_room(store, vault, "record/").await?;
    let history = scan_room(store, vault, "history/").await?;
    let others = scan_room(store, vault, "other/").await?;
    let parsed = past.ok_or(Malformed).and_then(|past| parse(&head, &past, records, history, others));
    match parsed {
        Ok(verified) if verified.id() == vault => Ok(Some(verified)),
        // Another tab may have forgotten the vault in the meantime.
        Ok(_) | Err(Malformed) if stored_head(store, vault).await?.is_none() => Ok(None),
        Ok(_) | Err(Malformed) => Err(LoadError::Damaged),
    }
}

/// Values with the last parts of their keys.
type Values = Vec<(String, Vec<u8>)>;

fn parse(
    head: &[u8],
    past: &[u8],
    records: Values,
    history: Values,
    others: Values,
) -> Result<VerifiedVault, Malformed> {
    let (head, past) = (SignedHead::from_bytes(head)?, History::from_bytes(past)?);
    let (mut objects, mut leaves) = (Objects::default(), Vec::new());
    for (id, value) in records {
        let (id, parts) = (parse_record_id(&id)?, parts_from_bytes(&value)?);
        leaves.push((LeafId::Record(id), Leaf::Record(parts.leaf())));
        objects.records.insert(id, parts);
    }
    for (id, value) in history {
        let versions = serde_json::from_slice(&value).map_err(|_| Malformed)?;
        objects.history.insert(parse_record_id(&id)?, versions);
    }
    let others = others.iter().map(|(_, value)| change_from_json(value)).collect::<Result<Vec<_>, _>>()?;
    let mut received = ReceivedBlobs::default();
    for change in received.take(others, None)? {
        let (id, leaf) = change.leaf();
        leaves.push((id, leaf.ok_or(Malformed)?));
    }
    let state = VaultState::restore(head, past, leaves).map_err(|_| Malformed)?;
    let changed = state.leaves().map(|(id, _)| id).filter(|id| !matches!(id, LeafId::Record(_))).collect();
    let update = received.update(&state, &Objects::default(), &changed, MissingSecrets::Refuse);
    objects.apply(update.ok_or(Malformed)?);
    Ok(VerifiedVault { state, objects })
}
