//! Leaves of the tree: the commitments of a state to its live objects, one for each
//! (FORMAT.md, section 6).

mod decode;

use sha2::{Digest, Sha256};

use crate::encoding::Encoder;
use crate::ids::{DeviceId, MethodId, RecordId, ShareId, ShareSetId, SlotId, StoreId};
use crate::keyslot::{Scope, SlotKind};
use crate::labels;

/// Returns the SHA-256 of all bytes of a blob or wrap.
pub fn blob_hash(bytes: &[u8]) -> [u8; 32] {
    Sha256::digest(bytes).into()
}

/// The object that a leaf describes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum LeafId {
    /// A live record.
    Record(RecordId),
    /// A deleted record.
    Tombstone(RecordId),
    /// A keyslot of a sign-in method.
    Keyslot(SlotId),
    /// A device.
    Device(DeviceId),
    /// A share of a wallet's key.
    Share(ShareId),
}

impl LeafId {
    /// Returns the number of the leaf's kind in the format.
    pub const fn kind(&self) -> u8 {
        match self {
            Self::Record(_) => 1,
            Self::Tombstone(_) => 2,
            Self::Keyslot(_) => 3,
            Self::Device(_) => 4,
            Self::Share(_) => 5,
        }
    }

    /// Returns the id of the object.
    pub const fn as_bytes(&self) -> &[u8; 16] {
        match self {
            Self::Record(id) | Self::Tombstone(id) => id.as_bytes(),
            Self::Keyslot(id) => id.as_bytes(),
            Self::Device(id) => id.as_bytes(),
            Self::Share(id) => id.as_bytes(),
        }
    }

    /// Returns the leaf's position in the tree.
    pub fn position(&self) -> [u8; 32] {
        Sha256::new().chain_update([3, self.kind()]).chain_update(self.as_bytes()).finalize().into()
    }
}

/// Returns the id of the copy of a record with these parts, which every device computes alike.
pub fn copy_id(record: RecordId, parts: &RecordLeaf) -> RecordId {
    let hash: [u8; 32] = Sha256::new()
        .chain_update(labels::COPY)
        .chain_update(record.as_bytes())
        .chain_update(parts.overview_hash)
        .chain_update(parts.secret_hash)
        .finalize()
        .into();
    RecordId::new(*hash.first_chunk().expect("a hash has 32 bytes"))
}

/// The leaf of a record: versions and hashes of both parts. They are separate so that changing a
/// label does not require opening the secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct RecordLeaf {
    /// The version of the overview.
    pub overview_version: u64,
    /// SHA-256 of the overview's blob.
    pub overview_hash: [u8; 32],
    /// The version of the secret.
    pub secret_version: u64,
    /// SHA-256 of the secret's blob.
    pub secret_hash: [u8; 32],
}

impl RecordLeaf {
    /// Returns whether both leaves commit to the same overview.
    pub fn has_same_overview(&self, other: &Self) -> bool {
        (self.overview_version, self.overview_hash) == (other.overview_version, other.overview_hash)
    }

    /// Returns whether both leaves commit to the same secret.
    pub fn has_same_secret(&self, other: &Self) -> bool {
        (self.secret_version, self.secret_hash) == (other.secret_version, other.secret_hash)
    }
}

/// The leaf of a keyslot.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct KeyslotLeaf {
    /// The sign-in method. Its two keyslots, one of each scope, have the same.
    pub method: MethodId,
    /// The kind of sign-in method that opens it.
    pub kind: SlotKind,
    /// The root that it wraps.
    pub scope: Scope,
    /// SHA-256 of the wrap.
    pub wrap_hash: [u8; 32],
}

/// The leaf of a device.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct DeviceLeaf {
    /// The P-256 public key, SEC1 uncompressed.
    pub key: [u8; 65],
    /// The highest format version that it reads.
    pub max_format: u16,
    /// The sign-in method with which it joined the vault.
    pub added_by: MethodId,
}

/// The leaf of a share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShareLeaf {
    /// The wallet's record.
    pub record: RecordId,
    /// The wallet's set of shares.
    pub set: ShareSetId,
    /// The number of the dealing, from 1.
    pub epoch: u32,
    /// The threshold: how many shares rebuild the key.
    pub k: u8,
    /// The number of shares in the dealing.
    pub n: u8,
    /// The index of this share, from 1 to `n`.
    pub index: u8,
    /// The store that holds it.
    pub store: StoreId,
    /// SHA-256 of the share as the store holds it.
    pub hash: [u8; 32],
}

/// The value of a leaf.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Leaf {
    /// A live record.
    Record(RecordLeaf),
    /// A deleted record.
    Tombstone {
        /// A number greater than both versions that the record had.
        version: u64,
    },
    /// A keyslot of a sign-in method.
    Keyslot(KeyslotLeaf),
    /// A device.
    Device(DeviceLeaf),
    /// A share of a wallet's key.
    Share(ShareLeaf),
}

impl Leaf {
    /// Returns the hash of the leaf at a position.
    pub fn hash(&self, position: &[u8; 32]) -> [u8; 32] {
        let value = Sha256::digest(self.encode());
        Sha256::new().chain_update([0]).chain_update(position).chain_update(value).finalize().into()
    }

    /// Encodes the value of the leaf.
    pub fn encode(&self) -> Vec<u8> {
        let encoder = match self {
            Self::Record(record) => Encoder::new(labels::LEAF_RECORD)
                .field(1, &record.overview_version.to_be_bytes())
                .field(2, &record.overview_hash)
                .field(3, &record.secret_version.to_be_bytes())
                .field(4, &record.secret_hash),
            Self::Tombstone { version } => {
                Encoder::new(labels::LEAF_TOMBSTONE).field(1, &version.to_be_bytes())
            }
            Self::Keyslot(slot) => Encoder::new(labels::LEAF_KEYSLOT)
                .field(1, slot.method.as_bytes())
                .field(2, &[slot.kind.number()])
                .field(3, &[slot.scope.number()])
                .field(4, &slot.wrap_hash),
            Self::Device(device) => Encoder::new(labels::LEAF_DEVICE)
                .field(1, &device.key)
                .field(2, &device.max_format.to_be_bytes())
                .field(3, device.added_by.as_bytes()),
            Self::Share(share) => Encoder::new(labels::LEAF_SHARE)
                .field(1, share.record.as_bytes())
                .field(2, share.set.as_bytes())
                .field(3, &share.epoch.to_be_bytes())
                .field(4, &[share.k])
                .field(5, &[share.n])
                .field(6, &[share.index])
                .field(7, share.store.as_bytes())
                .field(8, &share.hash),
        };
        encoder.finish().to_vec()
    }
}
