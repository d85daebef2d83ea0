//! Reading leaves that were stored in their encoded form.

use super::{DeviceLeaf, KeyslotLeaf, Leaf, LeafId, RecordLeaf, ShareLeaf};
use crate::encoding::{Decoder, Malformed};
use crate::ids::{DeviceId, MethodId, RecordId, ShareId, ShareSetId, SlotId, StoreId};
use crate::keyslot::{Scope, SlotKind};
use crate::labels;

impl LeafId {
    /// Returns the id of a leaf of this kind, by its number in the format.
    pub fn from_parts(kind: u8, id: [u8; 16]) -> Result<Self, Malformed> {
        Ok(match kind {
            1 => Self::Record(RecordId::new(id)),
            2 => Self::Tombstone(RecordId::new(id)),
            3 => Self::Keyslot(SlotId::new(id)),
            4 => Self::Device(DeviceId::new(id)),
            5 => Self::Share(ShareId::new(id)),
            _ => return Err(Malformed),
        })
    }
}

impl Leaf {
    /// Decodes the value of the leaf with this id.
    pub fn decode(id: LeafId, value: &[u8]) -> Result<Self, Malformed> {
        let fields = |label| Decoder::new(label, value);
        let (leaf, rest) = match id {
            LeafId::Record(_) => {
                let mut fields = fields(labels::LEAF_RECORD)?;
                let record = RecordLeaf {
                    overview_version: fields.u64(1)?,
                    overview_hash: fields.array(2)?,
                    secret_version: fields.u64(3)?,
                    secret_hash: fields.array(4)?,
                };
                (Self::Record(record), fields)
            }
            LeafId::Tombstone(_) => {
                let mut fields = fields(labels::LEAF_TOMBSTONE)?;
                (Self::Tombstone { version: fields.u64(1)? }, fields)
            }
            LeafId::Keyslot(_) => {
                let mut fields = fields(labels::LEAF_KEYSLOT)?;
                let slot = KeyslotLeaf {
                    method: MethodId::new(fields.array(1)?),
                    kind: SlotKind::from_number(fields.u8(2)?)?,
                    scope: Scope::from_number(fields.u8(3)?)?,
                    wrap_hash: fields.array(4)?,
                };
                (Self::Keyslot(slot), fields)
            }
            LeafId::Device(_) => {
                let mut fields = fields(labels::LEAF_DEVICE)?;
                let device = DeviceLeaf {
                    key: fields.array(1)?,
                    max_format: u16::from_be_bytes(fields.array(2)?),
                    added_by: MethodId::new(fields.array(3)?),
                };
                (Self::Device(device), fields)
            }
            LeafId::Share(_) => {
                let mut fields = fields(labels::LEAF_SHARE)?;
                let share = ShareLeaf {
                    record: RecordId::new(fields.array(1)?),
                    set: ShareSetId::new(fields.array(2)?),
                    epoch: fields.u32(3)?,
                    k: fields.u8(4)?,
                    n: fields.u8(5)?,
                    index: fields.u8(6)?,
                    store: StoreId::new(fields.array(7)?),
                    hash: fields.array(8)?,
                };
                (Self::Share(share), fields)
            }
        };
        rest.finish()?;
        Ok(leaf)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::samples::{device_leaf, record_leaf, share_leaf, slot_leaf};

    #[test]
    fn every_leaf_goes_around_and_no_other_bytes_are_one() {
        let leaves = [
            (1, Leaf::Record(record_leaf(2, u64::MAX))),
            (2, Leaf::Tombstone { version: 7 }),
            (3, Leaf::Keyslot(slot_leaf(Scope::Cold))),
            (4, Leaf::Device(device_leaf(0x21))),
            (5, Leaf::Share(share_leaf(9, 3, 5, 4))),
        ];
        for (kind, leaf) in leaves {
            let id = LeafId::from_parts(kind, [9; 16]).expect("a kind");
            assert_eq!((id.kind(), id.as_bytes()), (kind, &[9; 16]));
            let value = leaf.encode();
            assert_eq!(Leaf::decode(id, &value), Ok(leaf));
            assert_eq!(Leaf::decode(id, &[value.as_slice(), &[0]].concat()), Err(Malformed));
            for end in 0..value.len() {
                assert_eq!(Leaf::decode(id, &value[..end]), Err(Malformed), "{kind} cut at {end}");
            }
            for other in (1..=5).filter(|other| *other != kind) {
                let other = LeafId::from_parts(other, [9; 16]).expect("a kind");
                assert_eq!(Leaf::decode(other, &value), Err(Malformed));
            }
        }
        for kind in [0, 6, 255] {
            assert_eq!(LeafId::from_parts(kind, [9; 16]), Err(Malformed));
        }
    }
}
