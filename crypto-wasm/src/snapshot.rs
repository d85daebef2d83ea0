//! A snapshot of opened overviews, sealed in one piece for the device that opened them, so that the
//! next time it need not open them one by one (FORMAT.md, section 3).

use std::ops::Range;

use crystallum_format::encoding::{Encoder, Malformed};
use crystallum_format::entropy::Entropy;
use crystallum_format::ids::{RecordId, VaultId};
use crystallum_format::labels;
use crystallum_format::leaf::RecordLeaf;
use crystallum_format::limits::SNAPSHOT_CLASSES;
use zeroize::Zeroizing;

use crate::keys::VaultKeys;
use crate::record::content::Overview;
use crate::seal::{AssociatedData, Blob, NotOpened};

/// Overviews of records, each with version and hash of the blob that it was opened from. An
/// overview is given out only for the leaf that commits to that blob, so a snapshot of an earlier
/// state, or of another history of the vault, gives what has not changed and nothing else.
#[derive(Default)]
pub struct OverviewSnapshot {
    /// `record id [16] ‖ version u64 ‖ hash [32] ‖ u16 length ‖ overview`, repeated.
    bytes: Zeroizing<Vec<u8>>,
    /// Ordered by record.
    entries: Vec<Entry>,
}

struct Entry {
    record: RecordId,
    version: u64,
    hash: [u8; 32],
    overview: Range<usize>,
}

impl OverviewSnapshot {
    /// Adds the overview that was opened from the blob to which a leaf commits. Records are added
    /// in the order of their ids.
    pub fn push(
        &mut self,
        record: RecordId,
        leaf: &RecordLeaf,
        overview: &Overview,
    ) -> Result<(), Malformed> {
        if self.entries.last().is_some_and(|last| last.record >= record) {
            return Err(Malformed);
        }
        let overview = overview.encode()?;
        let length = u16::try_from(overview.len()).map_err(|_| Malformed)?;
        self.reserve(16 + 8 + 32 + 2 + overview.len());
        let capacity = self.bytes.capacity();
        self.bytes.extend_from_slice(record.as_bytes());
        self.bytes.extend_from_slice(&leaf.overview_version.to_be_bytes());
        self.bytes.extend_from_slice(&leaf.overview_hash);
        self.bytes.extend_from_slice(&length.to_be_bytes());
        let start = self.bytes.len();
        self.bytes.extend_from_slice(&overview);
        debug_assert_eq!(self.bytes.capacity(), capacity, "no unwiped copy is left behind");
        self.entries.push(Entry {
            record,
            version: leaf.overview_version,
            hash: leaf.overview_hash,
            overview: start..self.bytes.len(),
        });
        Ok(())
    }

    /// Makes room. Grows by hand, because a vector that reallocates leaves an unwiped copy behind.
    fn reserve(&mut self, more: usize) {
        if self.bytes.capacity() - self.bytes.len() < more {
            let mut larger = Zeroizing::new(Vec::with_capacity(2 * self.bytes.len() + more));
            larger.extend_from_slice(&self.bytes);
            self.bytes = larger;
        }
    }

    /// Returns the overview to whose blob this leaf of the verified state commits.
    pub fn overview(&self, record: RecordId, leaf: &RecordLeaf) -> Option<Overview> {
        let found = self.entries.binary_search_by_key(&record, |entry| entry.record).ok()?;
        let entry = self.entries.get(found)?;
        if (entry.version, entry.hash) != (leaf.overview_version, leaf.overview_hash) {
            return None;
        }
        Overview::decode(self.bytes.get(entry.overview.clone())?).ok()
    }

    /// Returns how many overviews there are.
    pub fn len(&self) -> usize {
        self.entries.len()
    }

    /// Returns whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    fn parse(bytes: Zeroizing<Vec<u8>>) -> Option<Self> {
        let mut entries: Vec<Entry> = Vec::new();
        let mut rest = bytes.as_slice();
        while !rest.is_empty() {
            let (record, after) = rest.split_first_chunk()?;
            let (version, after) = after.split_first_chunk()?;
            let (hash, after) = after.split_first_chunk()?;
            let (length, after) = after.split_first_chunk()?;
            let (overview, after) = after.split_at_checked(u16::from_be_bytes(*length).into())?;
            let start = bytes.len() - after.len() - overview.len();
            let record = RecordId::new(*record);
            if entries.last().is_some_and(|last| last.record >= record) {
                return None;
            }
            let overview = start..start + overview.len();
            entries.push(Entry { record, version: u64::from_be_bytes(*version), hash: *hash, overview });
            rest = after;
        }
        Some(Self { bytes, entries })
    }
}

impl VaultKeys {
    /// Seals a snapshot for this device. Returns `None` if it is too long.
    pub fn seal_snapshot(&self, snapshot: &OverviewSnapshot, entropy: &mut impl Entropy) -> Option<Blob> {
        self.local.seal(&self.snapshot_aad(), &snapshot.bytes, entropy)
    }

    /// Opens a snapshot.
    pub fn open_snapshot(&self, blob: &Blob) -> Result<OverviewSnapshot, NotOpened> {
        OverviewSnapshot::parse(self.local.open(&self.snapshot_aad(), blob)?).ok_or(NotOpened)
    }

    fn snapshot_aad(&self) -> SnapshotAad {
        SnapshotAad { vault: self.vault, epoch: self.epoch }
    }
}

struct SnapshotAad {
    vault: VaultId,
    epoch: u32,
}

impl AssociatedData for SnapshotAad {
    const LABEL: &'static str = labels::SEAL_SNAPSHOT;
    const CLASSES: &'static [usize] = &SNAPSHOT_CLASSES;

    fn fields(&self, encoder: Encoder) -> Encoder {
        encoder.field(2, self.vault.as_bytes()).field(3, &self.epoch.to_be_bytes())
    }
}

#[cfg(test)]
mod tests;
