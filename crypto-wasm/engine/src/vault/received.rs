//! Ciphertext that comes with changes, until the state that they lead to is verified.

use std::collections::{BTreeMap, BTreeSet};

use crystallum_core::{Change, HeadBody, Leaf, LeafId, Malformed, RecordId, SlotId, VaultState, blob_hash};

use crate::vault::change::{PartChange, SealedChange, tree_changes};
use crate::vault::history::{self, SecretVersion};
use crate::vault::objects::{Objects, Update};
use crate::vault::part::{Part, Parts};
use crate::vault::wrap_bytes::WrapBytes;

/// Blobs that were received with a sequence of changes. Only the newest of each part is kept.
#[derive(Clone, Debug, Default)]
pub(crate) struct ReceivedBlobs {
    overviews: BTreeMap<RecordId, Part>,
    secrets: BTreeMap<RecordId, Part>,
    /// By slot and hash, since a slot may be added more than once.
    wraps: BTreeMap<(SlotId, [u8; 32]), WrapBytes>,
    secret_versions: BTreeMap<RecordId, Vec<SecretVersion>>,
}

impl ReceivedBlobs {
    /// Takes the changes of one signed head and returns the tree changes. `state` is the one before
    /// the head.
    pub(crate) fn take_signed(
        &mut self,
        changes: Vec<SealedChange>,
        head: &HeadBody,
        state: &VaultState,
    ) -> Result<Vec<Change>, Malformed> {
        let versions: Vec<_> = history::secret_versions(&changes, head).collect();
        let read = self.take(changes, Some(state))?;
        for (id, entry) in versions {
            self.secret_versions.entry(id).or_default().push(entry);
        }
        Ok(read)
    }

    /// Takes changes, keeps their blobs after checking them against the stated hashes, and returns
    /// the tree changes. `state` is the one before them.
    pub(crate) fn take(
        &mut self,
        changes: Vec<SealedChange>,
        state: Option<&VaultState>,
    ) -> Result<Vec<Change>, Malformed> {
        let tree_changes = tree_changes(&changes, state)?;
        changes.into_iter().try_for_each(|change| self.keep(change))?;
        Ok(tree_changes)
    }

    /// Keeps the ciphertext of a change after checking it against the stated hashes.
    pub(crate) fn keep(&mut self, change: SealedChange) -> Result<(), Malformed> {
        match change {
            SealedChange::Keyslot(id, leaf, Some(wrap)) => {
                self.wraps.insert((id, leaf.wrap_hash), wrap);
            }
            SealedChange::Record { id, overview, secret } => {
                keep_blob(&mut self.overviews, id, overview)?;
                keep_blob(&mut self.secrets, id, secret)?;
            }
            _ => {}
        }
        Ok(())
    }

    /// Computes how the `known` objects change at the `changed` leaves of `state`. Returns `None`
    /// if a blob that the state commits to is missing.
    pub(crate) fn update(
        mut self,
        state: &VaultState,
        known: &Objects,
        changed: &BTreeSet<LeafId>,
    ) -> Option<Update> {
        let mut update = Update::default();
        for id in changed {
            match (*id, state.leaf(*id)) {
                (LeafId::Record(id), Some(Leaf::Record(leaf))) => {
                    let old = known.records.get(&id);
                    let overview = select_part(
                        self.overviews.remove(&id),
                        old.map(|parts| &parts.overview),
                        leaf.overview_version,
                        &leaf.overview_hash,
                    )?;
                    let secret = select_part(
                        self.secrets.remove(&id),
                        old.map(|parts| &parts.secret),
                        leaf.secret_version,
                        &leaf.secret_hash,
                    )?;
                    update.records.push((id, Some(Parts { overview, secret })));
                    if let Some(new) = self.secret_versions.remove(&id) {
                        let old = known.history.get(&id).map_or(&[][..], Vec::as_slice);
                        update.history.push((id, Some(history::merge_versions(old, &new))));
                    }
                }
                (LeafId::Record(id), _) => {
                    update.records.push((id, None));
                    update.history.push((id, None));
                }
                (LeafId::Keyslot(id), Some(Leaf::Keyslot(leaf))) => {
                    update.wraps.push((id, Some(self.wraps.remove(&(id, leaf.wrap_hash))?)));
                }
                (LeafId::Keyslot(id), _) => update.wraps.push((id, None)),
                _ => {}
            }
        }
        Some(update)
    }
}

/// Keeps the blob of a part, if it came with one.
fn keep_blob(
    parts: &mut BTreeMap<RecordId, Part>,
    id: RecordId,
    part: Option<PartChange>,
) -> Result<(), Malformed> {
    if let Some(PartChange { version, hash, blob: Some(blob) }) = part {
        if blob_hash(blob.as_bytes()) != hash {
            return Err(Malformed);
        }
        parts.insert(id, Part { version, blob });
    }
    Ok(())
}

/// Returns the received or else the known part, whichever has this version and hash.
fn select_part(received: Option<Part>, known: Option<&Part>, version: u64, hash: &[u8; 32]) -> Option<Part> {
    let fits = |part: &Part| part.version == version && part.hash() == *hash;
    received
        .filter(fits)
        .or_else(|| known.filter(|part| part.version == version && part.hash() == *hash).cloned())
}

#[cfg(test)]
mod tests;
