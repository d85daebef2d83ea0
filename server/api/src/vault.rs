use serde::{Deserialize, Serialize};

use crate::{Bytes, Id};

/// One write: everything in `changes` becomes visible together with `head`, or nothing does.
///
/// `commit_id` makes it repeatable: the same request again answers the same. The same id with other contents is refused.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Commit {
    /// Made by the client, fresh for every new write.
    pub commit_id: Id,
    /// The account's counter that this write builds on; the new one is one more.
    pub expected_counter: u64,
    /// At most [`MAX_CHANGES`](crate::MAX_CHANGES), each object once.
    pub changes: Vec<Change>,
    /// The signed head of the state after this write (FORMAT.md, "Head").
    pub head: Bytes,
}

/// Answer of a commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Committed {
    /// The account's counter after it.
    pub counter: u64,
}

/// What a write does to one object of the vault; each is one leaf of the tree, or two for a deletion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Change {
    /// Adds a device.
    Device {
        /// The device.
        id: Id,
        /// P-256 public key, SEC1 uncompressed, 65 bytes.
        key: Bytes,
        /// Highest format this device reads.
        max_format: u16,
        /// The keyslot by which it came in.
        added_by: Id,
    },
    /// Adds a way in; in the genesis and by `POST /api/ways` only.
    Keyslot {
        /// The slot.
        id: Id,
        /// What opens it (FORMAT.md, "Keyslots").
        slot_kind: u8,
        /// Which root it wraps.
        scope: u8,
        /// The wrap.
        wrap: Bytes,
    },
    /// Removes a way in; by `POST /api/ways` only.
    KeyslotGone {
        /// The slot.
        id: Id,
    },
    /// Adds a record (both parts), or replaces one part or both.
    Record {
        /// The record.
        id: Id,
        /// The new overview, when it changed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        overview: Option<Part>,
        /// The new secret, when it changed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        secret: Option<Part>,
    },
    /// Names a share that a store holds.
    Share {
        /// The share.
        id: Id,
        /// The share set.
        set: Id,
        /// The dealing it is of.
        epoch: u32,
        /// How many shares rebuild.
        k: u8,
        /// How many there are.
        n: u8,
        /// Which one it is, from 1.
        index: u8,
        /// The store that holds it.
        store: Id,
        /// SHA-256 of the share, 32 bytes.
        hash: Bytes,
    },
    /// Takes a share out of the vault; its store may forget it.
    ShareGone {
        /// The share.
        id: Id,
    },
    /// Deletes a record for good.
    Tombstone {
        /// The record.
        id: Id,
        /// Above both parts' last versions.
        version: u64,
    },
}

/// One sealed part of a record at one version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Part {
    /// Counts the writes of this part from 1.
    pub version: u64,
    /// SHA-256 of the blob, 32 bytes.
    pub hash: Bytes,
    /// The blob: always there in a commit; in a delta only for the newest version of the part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blob: Option<Bytes>,
}

/// Answer of `GET /api/delta?since=N`: every commit after counter N, oldest first, in pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Delta {
    /// The account's newest counter. A page that ends below it has a next one, `since` its last entry.
    pub counter: u64,
    /// Consecutive commits, the first with counter N + 1.
    pub entries: Vec<Entry>,
}

/// One commit as it is told to other devices.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Entry {
    /// The signed head.
    pub head: Bytes,
    /// What it changed.
    pub changes: Vec<Change>,
}
