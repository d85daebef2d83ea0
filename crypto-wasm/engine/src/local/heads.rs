//! The device's log of the heads that it has verified: the hash of each by its counter, and the
//! newest heads whole, with what they changed. It begins with the head at which the device got to
//! know the vault, and is written together with the state that it leads to. It is kept apart from
//! the vault's objects, so that unlocking does not read it.

use std::collections::BTreeMap;

use crystallum_core::{DeviceId, History, SignedHead, VaultId, VaultState};

use crate::local::load_error::LoadError;
use crate::local::schema::{LOG, WHOLE, changes_key, head_key, heads_key, log_key, log_start_key};
use crate::ports::{LocalStore, StoreFailed};
use crate::vault::change::SealedChange;
use crate::vault::verified_heads::VerifiedHeads;
use crate::wire::stored::{changes_from_json, changes_to_json};

/// How many hashes are stored under one key, so that a write costs at most 2 kB and a long history
/// has few keys.
const HASHES_IN_BLOCK: usize = 64;

/// The writes that add heads to the log.
pub(crate) struct LogWrites(pub(super) Vec<(String, Option<Vec<u8>>)>);

/// Prepares to begin the log of a vault that is new on this device. `before` is the history log
/// before the first of these heads. The writes belong into the batch that stores the newest of
/// them.
pub(crate) fn begin_log(vault: VaultId, before: &History, heads: &VerifiedHeads) -> LogWrites {
    let at = usize::try_from(before.len()).unwrap_or(usize::MAX);
    let mut log = append(vault, at, Vec::new(), heads);
    log.0.push((log_start_key(vault), Some(before.to_bytes())));
    log
}

/// Prepares to begin the log again with other heads, in place of everything that is stored of the
/// ones that this device has given up.
pub(crate) async fn replace_log(
    store: &impl LocalStore,
    vault: VaultId,
    before: &History,
    heads: &VerifiedHeads,
) -> Result<LogWrites, StoreFailed> {
    let mut log = begin_log(vault, before, heads);
    for (key, _) in store.scan(&heads_key(vault, "")).await? {
        if log.0.iter().all(|(written, _)| *written != key) {
            log.0.push((key, None));
        }
    }
    Ok(log)
}

/// Prepares to add heads to the log, which follow the ones that it has. The writes belong into the
/// batch that stores the newest of them, so that both are written or neither is.
pub(crate) async fn log_heads(
    store: &impl LocalStore,
    vault: VaultId,
    heads: &VerifiedHeads,
) -> Result<LogWrites, StoreFailed> {
    let last = heads.newest().next_back().map_or(0, |head| head.body().counter);
    let at = usize::try_from(last).map_err(|_| StoreFailed)?.saturating_sub(heads.hashes().len());
    let begun = match at % HASHES_IN_BLOCK {
        0 => Vec::new(),
        _ => store.get(&log_key(vault, at / HASHES_IN_BLOCK)).await?.unwrap_or_default(),
    };
    Ok(append(vault, at, begun, heads))
}

/// Adds heads at an index of the log, whose block has `begun`.
fn append(vault: VaultId, mut at: usize, begun: Vec<u8>, heads: &VerifiedHeads) -> LogWrites {
    let mut writes = Vec::new();
    let mut hashes = begun;
    let mut rest = heads.hashes();
    while !rest.is_empty() {
        let (block, offset) = (at / HASHES_IN_BLOCK, at % HASHES_IN_BLOCK);
        // What comes before the log begins is zero. A block of another length is damaged, which is
        // found when the log is used.
        hashes.resize(offset * 32, 0);
        let (now, later) = rest.split_at(rest.len().min(HASHES_IN_BLOCK - offset));
        hashes.extend_from_slice(now.as_flattened());
        writes.push((log_key(vault, block), Some(std::mem::take(&mut hashes))));
        (rest, at) = (later, at + now.len());
    }
    let whole = |head: &SignedHead| (head_key(vault, head.body().counter), Some(head.to_bytes()));
    writes.extend(heads.newest().map(whole));
    writes.extend(heads.newest_changes().map(|(counter, changes)| {
        let value = [counter.to_be_bytes().as_slice(), &changes_to_json(changes)].concat();
        (changes_key(vault, counter), Some(value))
    }));
    LogWrites(writes)
}

/// Returns the newest change of each device among the heads that are kept whole, with its time.
pub(crate) async fn newest_by_writer(
    store: &impl LocalStore,
    vault: VaultId,
) -> Result<BTreeMap<DeviceId, (u64, u64)>, StoreFailed> {
    let mut newest = BTreeMap::new();
    for (_, bytes) in store.scan(&heads_key(vault, WHOLE)).await? {
        // One that cannot be read is missing from the list and nothing else.
        let Ok(head) = SignedHead::from_bytes(&bytes) else { continue };
        let body = head.body();
        let known = newest.entry(body.writer).or_insert((body.counter, body.time));
        *known = (*known).max((body.counter, body.time));
    }
    Ok(newest)
}

/// Returns the head with this counter, if it is still kept whole.
pub(crate) async fn whole_head(
    store: &impl LocalStore,
    vault: VaultId,
    counter: u64,
) -> Result<Option<SignedHead>, StoreFailed> {
    let stored = store.get(&head_key(vault, counter)).await?;
    let head = stored.and_then(|bytes| SignedHead::from_bytes(&bytes).ok());
    Ok(head.filter(|head| head.body().counter == counter))
}

/// Returns what the head with this counter changed, without ciphertext, if that is still kept.
pub(crate) async fn kept_changes(
    store: &impl LocalStore,
    vault: VaultId,
    counter: u64,
) -> Result<Option<Vec<SealedChange>>, StoreFailed> {
    let Some(stored) = store.get(&changes_key(vault, counter)).await? else { return Ok(None) };
    let of_this = stored.strip_prefix(&counter.to_be_bytes());
    Ok(of_this.and_then(|changes| changes_from_json(changes).ok()))
}

/// The hashes of the heads that this device has verified, which lead to the history that the newest
/// of them signs.
pub(crate) struct HeadsLog {
    /// How many heads came before.
    before: u64,
    hashes: Vec<[u8; 32]>,
}

impl HeadsLog {
    /// Returns the counter of the first head.
    pub(crate) fn first(&self) -> u64 {
        self.before.saturating_add(1)
    }

    /// Returns the hash of the head with this counter, if this device has verified it.
    pub(crate) fn hash_at(&self, counter: u64) -> Option<&[u8; 32]> {
        let index = counter.checked_sub(1)?.checked_sub(self.before)?;
        self.hashes.get(usize::try_from(index).ok()?)
    }
}

/// Loads the log that leads to a verified state.
pub(crate) async fn load_log(store: &impl LocalStore, state: &VaultState) -> Result<HeadsLog, LoadError> {
    let body = state.head().body();
    let start = store.get(&log_start_key(body.vault)).await?.ok_or(LoadError::Damaged)?;
    let mut past = History::from_bytes(&start).map_err(|_| LoadError::Damaged)?;
    let before = past.len();
    let blocks = store.scan(&heads_key(body.vault, LOG)).await?;
    let bytes: Vec<u8> = blocks.into_iter().flat_map(|(_, hashes)| hashes).collect();
    let (hashes, rest) = bytes.as_chunks::<32>();
    let filler = usize::try_from(before).map_err(|_| LoadError::Damaged)? % HASHES_IN_BLOCK;
    let hashes = hashes.get(filler..).ok_or(LoadError::Damaged)?;
    let (newest, earlier) = hashes.split_last().ok_or(LoadError::Damaged)?;
    earlier.iter().for_each(|hash| past.push(hash));
    if rest.is_empty() && *newest == body.hash() && past == *state.past() {
        Ok(HeadsLog { before, hashes: hashes.to_vec() })
    } else {
        Err(LoadError::Damaged)
    }
}

#[cfg(test)]
mod tests;
