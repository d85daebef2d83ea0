use serde::de::MapAccess;
use serde::de::value::MapAccessDeserializer;
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::binary::{Bytes, Id};
use crate::object::{FromMembers, from_object};

/// Has a type read from objects alone. `remote = "Self"` makes what is derived for it functions of
/// the type.
macro_rules! object {
    ($name:ident) => {
        impl FromMembers for $name {
            fn from_members<'de, A: MapAccess<'de>>(members: A) -> Result<Self, A::Error> {
                Self::deserialize(MapAccessDeserializer::new(members))
            }
        }

        impl<'de> Deserialize<'de> for $name {
            fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
                from_object(deserializer)
            }
        }

        impl Serialize for $name {
            fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
                Self::serialize(self, serializer)
            }
        }
    };
}

/// One write. Everything in `changes` becomes visible together with `head`, or nothing does.
///
/// The `commit_id` makes the request idempotent: repeating it returns the same result. The same id
/// with different contents is rejected.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Commit {
    /// An id chosen by the client, unique to this write.
    pub commit_id: Id,
    /// The account's counter before this write. The write increments it by one.
    pub expected_counter: u64,
    /// At most [`MAX_CHANGES`](crate::MAX_CHANGES) changes, no two of the same object.
    pub changes: Vec<Change>,
    /// The signed head of the state after this write (FORMAT.md, "Head").
    pub head: Bytes,
}

/// The response to a commit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Committed {
    /// The account's counter after the commit.
    pub counter: u64,
}

/// A change to one object of the vault. Each changes one leaf of the tree, a deletion changes two.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", tag = "kind", rename_all = "snake_case", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub enum Change {
    /// Adds a device, or raises the highest format that it reads.
    Device {
        /// The device's id.
        id: Id,
        /// The P-256 public key, SEC1 uncompressed, 65 bytes.
        key: Bytes,
        /// The highest format that this device can read.
        max_format: u16,
        /// The sign-in method with which the device joined.
        added_by: Id,
    },
    /// Removes a device.
    DeviceGone {
        /// The device's id.
        id: Id,
    },
    /// Adds one of the two keyslots of a sign-in method. Only allowed in the genesis commit and
    /// through `POST /api/sign-in-methods`.
    Keyslot {
        /// The keyslot's id.
        id: Id,
        /// The sign-in method.
        method: Id,
        /// What opens the keyslot (FORMAT.md, "Keyslots").
        slot_kind: u8,
        /// Which root key the keyslot wraps.
        scope: u8,
        /// The SHA-256 of the wrap, 32 bytes.
        hash: Bytes,
        /// The wrapped root key. A commit always includes it, a delta only while the keyslot is
        /// part of the vault.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        wrap: Option<Bytes>,
    },
    /// Removes one of the two keyslots of a sign-in method. Only allowed through `POST
    /// /api/sign-in-methods`.
    KeyslotGone {
        /// The keyslot's id.
        id: Id,
    },
    /// Adds a record with both parts, or replaces one or both parts of a record.
    Record {
        /// The record's id.
        id: Id,
        /// The new overview, if it changed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        overview: Option<Part>,
        /// The new secret, if it changed.
        #[serde(default, skip_serializing_if = "Option::is_none")]
        secret: Option<Part>,
    },
    /// Adds a share that a store already holds.
    Share {
        /// The share's id.
        id: Id,
        /// The wallet's record.
        record: Id,
        /// The share set.
        set: Id,
        /// The number of the dealing that produced the share, counted from 1.
        epoch: u32,
        /// How many shares reconstruct the key.
        k: u8,
        /// How many shares the dealing has.
        n: u8,
        /// The share's index, counted from 1.
        index: u8,
        /// The store that holds it.
        store: Id,
        /// The SHA-256 of the share, 32 bytes.
        hash: Bytes,
    },
    /// Removes a share from the vault. Its store may then delete it.
    ShareGone {
        /// The share's id.
        id: Id,
    },
    /// Permanently deletes a record.
    Tombstone {
        /// The record's id.
        id: Id,
        /// A version above the last versions of both parts.
        version: u64,
    },
}

object!(Change);

/// One sealed part of a record, at one version.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(remote = "Self", deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Part {
    /// The version of this part, counted from 1.
    pub version: u64,
    /// The SHA-256 of the blob, 32 bytes.
    pub hash: Bytes,
    /// The blob. A commit always includes it, a delta only for the newest version of the part.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub blob: Option<Bytes>,
}

object!(Part);

/// The response to `GET /api/delta?since=N`: the commits after counter N, oldest first, in pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Delta {
    /// The account's current counter. If the last entry is below it, there is another page: request
    /// it with that entry's counter as `since`.
    pub counter: u64,
    /// Consecutive commits, the first with counter N + 1.
    pub entries: Vec<Entry>,
}

/// One commit as other devices receive it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct Entry {
    /// The signed head.
    pub head: Bytes,
    /// What the commit changed.
    pub changes: Vec<Change>,
}

/// Commits that this server had and has lost, from a device that still knows them. All of them are
/// stored, or none is. Those that the server has already are skipped.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct PutBack {
    /// At most [`MAX_PUT_BACK`](crate::MAX_PUT_BACK) consecutive commits, oldest first. A part that
    /// a later one replaces or deletes needs no blob, a keyslot that a later one removes no wrap.
    pub heads: Vec<Entry>,
}
