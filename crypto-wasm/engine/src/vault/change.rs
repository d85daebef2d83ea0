//! Changes of a vault with their ciphertext, and commits, which are such changes under one signed
//! head.

use crystallum_core::{
    Blob, Change, DeviceId, DeviceLeaf, KeyslotLeaf, LeafId, Malformed, RecordId, RecordLeaf, ShareId,
    ShareLeaf, SignedHead, SlotId, VaultState, limits,
};

use crate::vault::wrap_bytes::WrapBytes;

/// The change of one object, with its ciphertext.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum SealedChange {
    /// A device joins the vault, or reads a higher format from now on.
    Device(DeviceId, DeviceLeaf),
    /// A device is removed.
    DeviceRemoved(DeviceId),
    /// A keyslot of a sign-in method is added. Its wrap is missing if the keyslot has been removed
    /// since.
    Keyslot(SlotId, KeyslotLeaf, Option<WrapBytes>),
    /// A keyslot of a sign-in method is removed.
    KeyslotRemoved(SlotId),
    /// A record is added, or one or both of its parts change.
    Record {
        /// The record.
        id: RecordId,
        /// The new overview, if it changes.
        overview: Option<PartChange>,
        /// The new secret, if it changes.
        secret: Option<PartChange>,
    },
    /// A share of a wallet's key is added.
    Share(ShareId, ShareLeaf),
    /// A share of a wallet's key is removed.
    ShareRemoved(ShareId),
    /// A record is deleted; the number is the version of its tombstone.
    Tombstone(RecordId, u64),
}

/// The new version of one part of a record. Only the newest version of a part comes with its blob.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct PartChange {
    pub(crate) version: u64,
    pub(crate) hash: [u8; 32],
    pub(crate) blob: Option<Blob>,
}

impl SealedChange {
    /// Returns the change of the tree. `before` is the state before the change; a record that is
    /// not in it must come with both parts.
    pub(crate) fn tree_change(&self, before: Option<&VaultState>) -> Result<Change, Malformed> {
        Ok(match self {
            Self::Device(id, leaf) => Change::Device(*id, *leaf),
            Self::DeviceRemoved(id) => Change::DeviceRemoved(*id),
            Self::Keyslot(id, leaf, _) => Change::Keyslot(*id, *leaf),
            Self::KeyslotRemoved(id) => Change::KeyslotRemoved(*id),
            Self::Record { id, overview, secret } => {
                let before = before.and_then(|state| state.record(*id));
                let part = |new: &Option<PartChange>, old: fn(&RecordLeaf) -> (u64, [u8; 32])| match new {
                    Some(part) => Ok((part.version, part.hash)),
                    None => before.map(old).ok_or(Malformed),
                };
                let (overview_version, overview_hash) =
                    part(overview, |leaf| (leaf.overview_version, leaf.overview_hash))?;
                let (secret_version, secret_hash) =
                    part(secret, |leaf| (leaf.secret_version, leaf.secret_hash))?;
                let leaf = RecordLeaf { overview_version, overview_hash, secret_version, secret_hash };
                Change::Record(*id, leaf)
            }
            Self::Share(id, leaf) => Change::Share(*id, *leaf),
            Self::ShareRemoved(id) => Change::ShareRemoved(*id),
            Self::Tombstone(id, version) => Change::Tombstone(*id, *version),
        })
    }
}

impl SealedChange {
    /// Returns the change without its ciphertext. The hashes stay, which is what a head signs.
    pub(crate) fn without_ciphertext(&self) -> Self {
        let bare = |part: &Option<PartChange>| {
            part.as_ref().map(|PartChange { version, hash, .. }| PartChange {
                version: *version,
                hash: *hash,
                blob: None,
            })
        };
        match self {
            Self::Keyslot(id, leaf, _) => Self::Keyslot(*id, *leaf, None),
            Self::Record { id, overview, secret } => {
                Self::Record { id: *id, overview: bare(overview), secret: bare(secret) }
            }
            Self::Device(..)
            | Self::DeviceRemoved(_)
            | Self::KeyslotRemoved(_)
            | Self::Share(..)
            | Self::ShareRemoved(_)
            | Self::Tombstone(..) => self.clone(),
        }
    }

    /// Returns whether the ciphertext is no longer than the format allows, so that whoever takes a
    /// number of changes knows how much that is at most.
    pub(crate) fn fits_format(&self) -> bool {
        let fits = |part: &Option<PartChange>, longest: usize| {
            let blob = part.as_ref().and_then(|part| part.blob.as_ref());
            blob.is_none_or(|blob| blob.as_bytes().len() <= longest)
        };
        match self {
            Self::Record { overview, secret, .. } => {
                fits(overview, limits::OVERVIEW_BLOBS[1]) && fits(secret, limits::SECRET_BLOBS[2])
            }
            Self::Keyslot(_, _, Some(wrap)) => wrap.as_bytes().len() <= MAX_WRAP,
            _ => true,
        }
    }
}

/// The longest wrap that a server takes, in bytes.
const MAX_WRAP: usize = 2_048;

/// Returns the tree changes of `changes`, which are made together on the state `before`.
pub(crate) fn tree_changes(
    changes: &[SealedChange],
    before: Option<&VaultState>,
) -> Result<Vec<Change>, Malformed> {
    changes.iter().map(|change| change.tree_change(before)).collect()
}

/// Returns the leaves that a change changes.
pub(crate) fn leaves_changed_by(change: &Change) -> [LeafId; 2] {
    match change {
        Change::Device(id, _) | Change::DeviceRemoved(id) => [LeafId::Device(*id); 2],
        Change::Keyslot(id, _) | Change::KeyslotRemoved(id) => [LeafId::Keyslot(*id); 2],
        Change::Record(id, _) => [LeafId::Record(*id); 2],
        Change::Share(id, _) | Change::ShareRemoved(id) => [LeafId::Share(*id); 2],
        Change::Tombstone(id, _) => [LeafId::Record(*id), LeafId::Tombstone(*id)],
    }
}

/// Returns the version of a record's tombstone, which is above those of both parts.
pub(crate) fn tombstone_version(leaf: &RecordLeaf) -> Option<u64> {
    leaf.overview_version.max(leaf.secret_version).checked_add(1)
}

/// A signed head with the changes that lead to it, as it is sent to the server.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Commit {
    /// A random id, by which the server recognises a repeated commit.
    pub(crate) id: [u8; 16],
    /// The counter of the state that the commit was signed on; 0 for the genesis.
    pub(crate) expected_counter: u64,
    pub(crate) changes: Vec<SealedChange>,
    pub(crate) head: SignedHead,
}

/// A signed write that is stored before it is sent.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct SignedWrite {
    pub(crate) commit: Commit,
    /// The body of the request that carries the commit, if it changes sign-in methods. It is sent
    /// as it is stored.
    pub(crate) request: Option<Vec<u8>>,
}
