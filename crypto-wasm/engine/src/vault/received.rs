//! Ciphertext that comes with changes, until the state that they lead to is verified.

use std::collections::{BTreeMap, BTreeSet};

use crystallum_core::{
    Change, HeadBody, Leaf, LeafId, Malformed, RecordId, RecordLeaf, SlotId, VaultState, blob_hash,
};

use crate::vault::change::{PartChange, SealedChange, tree_changes};
use crate::vault::history::{self, SecretVersion};
use crate::vault::objects::{Objects, Update};
use crate::vault::part::{Part, Parts, SecretPart};
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

/// What becomes of a secret that a verified state commits to and that is not there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum MissingSecrets {
    /// The ciphertext is incomplete.
    Refuse,
    /// They are fetched later.
    Await,
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
    /// if a blob that the state commits to is missing, unless it is a secret that may come later.
    pub(crate) fn update(
        mut self,
        state: &VaultState,
        known: &Objects,
        changed: &BTreeSet<LeafId>,
        missing: MissingSecrets,
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
                    let received = self.secrets.remove(&id);
                    let secret = select_secret(received, old.map(|parts| &parts.secret), leaf, missing)?;
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

/// Does the same for a secret. One that this device awaits already is no longer missing.
fn select_secret(
    received: Option<Part>,
    known: Option<&SecretPart>,
    leaf: &RecordLeaf,
    missing: MissingSecrets,
) -> Option<SecretPart> {
    let (version, hash) = (leaf.secret_version, leaf.secret_hash);
    let awaited = SecretPart::Awaited { version, hash };
    if let Some(part) = select_part(received, known.and_then(SecretPart::here), version, &hash) {
        return Some(SecretPart::Here(part));
    }
    (missing == MissingSecrets::Await || known == Some(&awaited)).then_some(awaited)
}

#[cfg(test)]
mod tests;
