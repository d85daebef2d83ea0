//! Leaves of the tree (FORMAT.md, sections 1.1 and 6).

use crystallum_api::Id;
use sha2::{Digest, Sha256};

use super::Hash;
use crate::{encoding, labels};

/// The kind of object that a leaf describes. Its number is part of the leaf's position.
#[derive(Clone, Copy)]
pub(super) enum Kind {
    Record,
    Tombstone,
    Keyslot,
    Device,
    Share,
}

impl Kind {
    fn number(self) -> u8 {
        match self {
            Self::Record => 1,
            Self::Tombstone => 2,
            Self::Keyslot => 3,
            Self::Device => 4,
            Self::Share => 5,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Tombstone => "tombstone",
            Self::Keyslot => "keyslot",
            Self::Device => "device",
            Self::Share => "share",
        }
    }
}

/// Returns the position of an object's leaf in the tree.
pub(super) fn position(kind: Kind, id: Id) -> Hash {
    Sha256::new().chain_update([3, kind.number()]).chain_update(id.0).finalize().into()
}

/// Returns the hash of a leaf whose value has these fields, numbered from 1.
pub(super) fn hash(kind: Kind, position: &Hash, fields: &[&[u8]]) -> Hash {
    let value = Sha256::digest(encode(kind, fields));
    Sha256::new().chain_update([0]).chain_update(position).chain_update(value).finalize().into()
}

fn encode(kind: Kind, fields: &[&[u8]]) -> Vec<u8> {
    let numbered: Vec<(u8, &[u8])> = (1..).zip(fields.iter().copied()).collect();
    encoding::encode(&format!("{}{}", labels::LEAF, kind.name()), &numbered)
}
