//! The device's log of every head that it has verified: the hash of each by its counter, and the
//! newest heads whole. It is written together with the state that it leads to. It is kept apart
//! from the vault's objects, so that unlocking does not read it.

use crystallum_core::{History, SignedHead, VaultId, VaultState};

use crate::local::load_error::LoadError;
use crate::local::schema::{LOG, head_key, heads_key, log_key};
use crate::ports::{LocalStore, StoreFailed};
use crate::vault::verified_heads::VerifiedHeads;

/// How many hashes are stored under one key, so that a write costs at most 2 kB and a long history
/// has few keys.
const HASHES_IN_BLOCK: usize = 64;

/// The writes that add heads to the log.
pub(crate) struct LogWrites(pub(super) Vec<(String, Option<Vec<u8>>)>);

/// Prepares to add heads to the log, which follow the ones that it has. The writes belong into the
/// batch that stores the newest of them, so that both are written or neither is.
pub(crate) async fn log_heads(
    store: &impl LocalStore,
    vault: VaultId,
    heads: &VerifiedHeads,
) -> Result<LogWrites, StoreFailed> {
    let mut writes = Vec::new();
    let mut rest = heads.hashes();
    let last = heads.newest().next_back().map_or(0, |head| head.body().counter);
    let mut at = usize::try_from(last).map_err(|_| StoreFailed)?.saturating_sub(rest.len());
    while !rest.is_empty() {
        let (block, offset) = (at / HASHES_IN_BLOCK, at % HASHES_IN_BLOCK);
        let key = log_key(vault, block);
        let mut hashes = match offset {
            0 => Vec::new(),
            _ => store.get(&key).await?.unwrap_or_default(),
        };
        // A block of another length is damaged, which is found when the log is used.
        hashes.resize(offset * 32, 0);
        let (now, later) = rest.split_at(rest.len().min(HASHES_IN_BLOCK - offset));
        hashes.extend_from_slice(now.as_flattened());
        writes.push((key, Some(hashes)));
        (rest, at) = (later, at + now.len());
    }
    let whole = |head: &SignedHead| (head_key(vault, head.body().counter), Some(head.to_bytes()));
    writes.extend(heads.newest().map(whole));
    Ok(LogWrites(writes))
}

/// The hashes of all heads of a vault, which lead to the history that its newest head signs.
pub(crate) struct HeadsLog(Vec<[u8; 32]>);

impl HeadsLog {
    /// Returns the hash of the head with this counter.
    pub(crate) fn hash_at(&self, counter: u64) -> Option<&[u8; 32]> {
        self.0.get(usize::try_from(counter.checked_sub(1)?).ok()?)
    }
}

/// Loads the log that leads to a verified state.
pub(crate) async fn load_log(store: &impl LocalStore, state: &VaultState) -> Result<HeadsLog, LoadError> {
    let body = state.head().body();
    let blocks = store.scan(&heads_key(body.vault, LOG)).await?;
    let bytes: Vec<u8> = blocks.into_iter().flat_map(|(_, hashes)| hashes).collect();
    let (hashes, rest) = bytes.as_chunks::<32>();
    let (newest, before) = hashes.split_last().ok_or(LoadError::Damaged)?;
    let mut past = History::default();
    before.iter().for_each(|hash| past.push(hash));
    if rest.is_empty() && *newest == body.hash() && past == *state.past() {
        Ok(HeadsLog(hashes.to_vec()))
    } else {
        Err(LoadError::Damaged)
    }
}

#[cfg(test)]
mod tests;
