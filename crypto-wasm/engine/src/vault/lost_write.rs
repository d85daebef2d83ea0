//! Writes that the server has lost, with what this device still has of their ciphertext.

use std::collections::BTreeSet;

use crystallum_core::{RecordId, SignedHead, SlotId};

use crate::vault::change::{PartChange, SealedChange};
use crate::vault::objects::Objects;
use crate::vault::part::Part;

/// A head and its changes. Those parts come with their blob that are still the newest ones, and
/// those keyslots with their wrap that are still part of the vault.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct LostWrite {
    pub(crate) head: SignedHead,
    pub(crate) changes: Vec<SealedChange>,
}

impl LostWrite {
    /// Adds to the changes of a head what is live of their ciphertext.
    pub(crate) fn new(head: SignedHead, changes: Vec<SealedChange>, live: &Objects) -> Self {
        let changes = changes.into_iter().map(|change| with_ciphertext(change, live)).collect();
        Self { head, changes }
    }
}

fn with_ciphertext(change: SealedChange, live: &Objects) -> SealedChange {
    match change {
        SealedChange::Record { id, overview, secret } => {
            let parts = live.records.get(&id);
            let overview = overview.map(|part| with_blob(part, parts.map(|parts| &parts.overview)));
            let secret = secret.map(|part| with_blob(part, parts.and_then(|parts| parts.secret.here())));
            SealedChange::Record { id, overview, secret }
        }
        SealedChange::Keyslot(id, leaf, _) => {
            let wrap = live.wraps.get(&id).filter(|wrap| wrap.hash() == leaf.wrap_hash);
            SealedChange::Keyslot(id, leaf, wrap.cloned())
        }
        other => other,
    }
}

fn with_blob(part: PartChange, live: Option<&Part>) -> PartChange {
    let live = live.filter(|live| (live.version, live.hash()) == (part.version, part.hash));
    PartChange { blob: live.map(|live| live.blob.clone()), ..part }
}

/// Splits writes into batches of at most `max` writes and `max_bytes`, as `size_of` counts them.
/// After each batch the server must have all ciphertext that is live then, so a batch never ends
/// between a part that is lost and what took its place. Returns `None` if that is not possible.
pub(crate) fn split_whole(
    writes: &[LostWrite],
    max: usize,
    (max_bytes, size_of): (usize, impl Fn(&LostWrite) -> usize),
) -> Option<Vec<&[LostWrite]>> {
    let (mut batches, mut rest) = (Vec::new(), writes);
    while !rest.is_empty() {
        let (mut lacking, mut bytes, mut whole) = (Lacking::default(), 0, 0);
        for (index, write) in rest.iter().take(max).enumerate() {
            bytes += size_of(write);
            if bytes > max_bytes {
                break;
            }
            write.changes.iter().for_each(|change| lacking.note(change));
            if lacking == Lacking::default() {
                whole = index + 1;
            }
        }
        let (batch, later) = rest.split_at_checked(whole).filter(|(batch, _)| !batch.is_empty())?;
        batches.push(batch);
        rest = later;
    }
    Some(batches)
}

/// What is live after some writes and came without its ciphertext.
#[derive(Debug, Default, PartialEq, Eq)]
struct Lacking {
    overviews: BTreeSet<RecordId>,
    secrets: BTreeSet<RecordId>,
    wraps: BTreeSet<SlotId>,
}

impl Lacking {
    fn note(&mut self, change: &SealedChange) {
        match change {
            SealedChange::Record { id, overview, secret } => {
                if let Some(part) = overview {
                    set(&mut self.overviews, *id, part.blob.is_none());
                }
                if let Some(part) = secret {
                    set(&mut self.secrets, *id, part.blob.is_none());
                }
            }
            SealedChange::Tombstone(id, _) => {
                set(&mut self.overviews, *id, false);
                set(&mut self.secrets, *id, false);
            }
            SealedChange::Keyslot(id, _, wrap) => set(&mut self.wraps, *id, wrap.is_none()),
            SealedChange::KeyslotRemoved(id) => set(&mut self.wraps, *id, false),
            SealedChange::Device(..)
            | SealedChange::DeviceRemoved(_)
            | SealedChange::Share(..)
            | SealedChange::ShareRemoved(_) => {}
        }
    }
}

fn set<T: Ord>(lacking: &mut BTreeSet<T>, id: T, is_lacking: bool) {
    if is_lacking {
        lacking.insert(id);
    } else {
        lacking.remove(&id);
    }
}

#[cfg(test)]
mod tests {
    use crystallum_core::Blob;
    use crystallum_format::samples;

    use super::*;

    /// Returns a write of the overview of a record, with or without its blob.
    fn write(record: u8, version: u64, has_blob: bool) -> LostWrite {
        let blob = has_blob.then(|| Blob::from_bytes(vec![0; 4]));
        let part = PartChange { version, hash: [record; 32], blob };
        let id = RecordId::new([record; 16]);
        let changes = vec![SealedChange::Record { id, overview: Some(part), secret: None }];
        LostWrite { head: *samples::written().head(), changes }
    }

    /// Returns the sizes of the batches of at most `max` writes and bytes of blobs and heads.
    fn sizes(writes: &[LostWrite], max: usize, max_bytes: usize) -> Option<Vec<usize>> {
        let batches = split_whole(writes, max, (max_bytes, |_| 10))?;
        Some(batches.iter().map(|batch| batch.len()).collect())
    }

    #[test]
    fn a_batch_ends_where_nothing_is_lacking() {
        let each_new: Vec<_> = (0..5).map(|record| write(record, 1, true)).collect();
        assert_eq!(sizes(&each_new, 2, 1_000), Some(vec![2, 2, 1]));
        assert_eq!(sizes(&each_new, 100, 35), Some(vec![3, 2]));
        assert_eq!(sizes(&each_new, 100, 9), None);
        let replaced = [write(1, 1, true), write(2, 1, false), write(1, 2, true), write(2, 2, true)];
        assert_eq!(sizes(&replaced, 3, 1_000), Some(vec![1, 3]));
        assert_eq!(sizes(&replaced, 2, 1_000), None, "the first part of record 2 is nowhere any more");
        assert_eq!(sizes(&[write(1, 1, false)], 10, 1_000), None);
        let mut deleted = write(1, 2, true);
        deleted.changes = vec![SealedChange::Tombstone(RecordId::new([1; 16]), 2)];
        assert_eq!(sizes(&[write(1, 1, false), deleted], 10, 1_000), Some(vec![2]));
        assert_eq!(sizes(&[], 10, 1_000), Some(vec![]));
    }
}
