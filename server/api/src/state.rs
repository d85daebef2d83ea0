use serde::{Deserialize, Serialize};

use crate::binary::{Bytes, Id};
use crate::vault::Change;

/// The response to `GET /api/state?stage=S&after=ID`: the live objects of the vault in pages, for a
/// device that does not know it. What comes first is what the device needs first.
///
/// The vault may change between two pages. Each names the head at which it was read; a device that
/// has all pages applies the commits since the head of the first one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct State {
    /// The newest signed head.
    pub head: Bytes,
    /// The right edge of the history log over the heads before it (FORMAT.md, "History").
    pub past: Bytes,
    /// Objects, each as the change that would add it, ordered by stage and id. At least one, unless
    /// there are no more.
    pub objects: Vec<Change>,
    /// Whether there is another page: request it with the stage and id of the last object.
    pub more: bool,
}

/// The stages of a [`State`], in their order.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stage {
    /// Keyslots with their wraps.
    Keyslots,
    /// Devices.
    Devices,
    /// Shares.
    Shares,
    /// Tombstones.
    Tombstones,
    /// Records with both parts, the overviews with their blobs.
    Overviews,
    /// Records with only their secrets.
    Secrets,
}

impl Stage {
    /// All stages in their order.
    pub const ALL: [Self; 6] =
        [Self::Keyslots, Self::Devices, Self::Shares, Self::Tombstones, Self::Overviews, Self::Secrets];

    /// Returns the number of the stage in an address.
    pub const fn number(self) -> u8 {
        match self {
            Self::Keyslots => 1,
            Self::Devices => 2,
            Self::Shares => 3,
            Self::Tombstones => 4,
            Self::Overviews => 5,
            Self::Secrets => 6,
        }
    }

    /// Returns the stage with this number.
    pub fn from_number(number: u8) -> Option<Self> {
        Self::ALL.into_iter().find(|stage| stage.number() == number)
    }

    /// Returns the stage and the id of an object in a [`State`], or `None` for a change that is not
    /// the form of an object.
    pub const fn of(object: &Change) -> Option<(Self, Id)> {
        match object {
            Change::Keyslot { id, .. } => Some((Self::Keyslots, *id)),
            Change::Device { id, .. } => Some((Self::Devices, *id)),
            Change::Share { id, .. } => Some((Self::Shares, *id)),
            Change::Tombstone { id, .. } => Some((Self::Tombstones, *id)),
            Change::Record { id, overview: Some(_), secret: Some(_) } => Some((Self::Overviews, *id)),
            Change::Record { id, overview: None, secret: Some(_) } => Some((Self::Secrets, *id)),
            Change::Record { .. } | Change::DeviceGone { .. } | Change::KeyslotGone { .. } => None,
            Change::ShareGone { .. } => None,
        }
    }
}

/// The response to `GET /api/history?counter=N&of=M`: a proof that the head with counter N is one
/// of those that the history of the head with counter M names (RFC 9162, section 2.1.3).
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "openapi", derive(utoipa::ToSchema))]
pub struct HeadProof {
    /// The hashes of the proof, 32 bytes each, from the leaf up.
    pub hashes: Vec<Bytes>,
}
