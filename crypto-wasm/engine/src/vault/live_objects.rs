//! The live objects of a vault as they arrive in pages, until the state that they make is verified.

use std::collections::BTreeMap;

use crystallum_core::{Leaf, LeafId, Malformed, RecordId, RecordLeaf, VaultState};

use crate::vault::change::{PartChange, SealedChange};
use crate::vault::objects::{Objects, Update};
use crate::vault::received::{MissingSecrets, ReceivedBlobs};

/// Objects, and the changes that were made while they arrived.
#[derive(Clone, Debug, Default)]
pub(crate) struct LiveObjects {
    /// The leaves of everything but records.
    leaves: BTreeMap<LeafId, Leaf>,
    records: BTreeMap<RecordId, RecordParts>,
    blobs: ReceivedBlobs,
}

/// Version and hash of each part, as far as they have arrived.
#[derive(Clone, Copy, Debug, Default)]
struct RecordParts {
    overview: Option<(u64, [u8; 32])>,
    secret: Option<(u64, [u8; 32])>,
}

impl LiveObjects {
    /// Takes one object, or one change that was made later than everything before it.
    pub(crate) fn take(&mut self, change: SealedChange) -> Result<(), Malformed> {
        match &change {
            SealedChange::Record { overview: None, secret: None, .. } => return Err(Malformed),
            SealedChange::Record { id, overview, secret } => {
                let record = self.records.entry(*id).or_default();
                let version = |part: &PartChange| (part.version, part.hash);
                record.overview = overview.as_ref().map(version).or(record.overview);
                record.secret = secret.as_ref().map(version).or(record.secret);
            }
            other => {
                // Only a record needs the state before the change.
                let (id, leaf) = other.tree_change(None)?.leaf();
                if let LeafId::Tombstone(record) = id {
                    self.records.remove(&record);
                }
                match leaf {
                    Some(leaf) => self.leaves.insert(id, leaf),
                    None => self.leaves.remove(&id),
                };
            }
        }
        self.blobs.keep(change)
    }

    /// Returns whether the record that an object belongs to has arrived before.
    pub(crate) fn has_record(&self, object: &SealedChange) -> bool {
        matches!(object, SealedChange::Record { id, .. } if self.records.contains_key(id))
    }

    /// Returns the leaves of a state that these may be.
    pub(crate) fn leaves(&self) -> Result<Vec<(LeafId, Leaf)>, Malformed> {
        let mut leaves: Vec<_> = self.leaves.iter().map(|(id, leaf)| (*id, *leaf)).collect();
        for (id, record) in &self.records {
            let ((overview_version, overview_hash), (secret_version, secret_hash)) =
                record.overview.zip(record.secret).ok_or(Malformed)?;
            let leaf = RecordLeaf { overview_version, overview_hash, secret_version, secret_hash };
            leaves.push((LeafId::Record(*id), Leaf::Record(leaf)));
        }
        Ok(leaves)
    }

    /// Returns the ciphertext of a verified state, which these must be. Returns `None` if a blob
    /// that the state commits to is missing, unless it is a secret that may come later.
    pub(crate) fn into_update(self, state: &VaultState, missing: MissingSecrets) -> Option<Update> {
        let every = state.leaves().map(|(id, _)| id).collect();
        self.blobs.update(state, &Objects::default(), &every, missing)
    }
}
