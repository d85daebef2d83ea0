//! Leaves of shares, and of the slots of recovery codes.

use super::json::said;
use super::leaf::{check, with};
use super::{Case, File, good, hostile};
use crate::tests::support::{RECORD, ROOT_SLOT, share_id, share_leaf, slot_leaf};
use crate::{Change, KeyslotLeaf, MethodId, Scope, ShareLeaf, SlotKind};

pub(super) const FILE: File = File { name: "leaves", section: "6", check, cases };

fn cases() -> Vec<Case> {
    let share = |leaf: ShareLeaf| said(&Change::Share(share_id(1, 2), leaf));
    let leaf = share_leaf(1, 3, 5, 2);
    let recovery = |scope| KeyslotLeaf { kind: SlotKind::RecoveryCode, ..slot_leaf(scope) };
    let slot = |scope| Change::Keyslot(ROOT_SLOT, recovery(scope));
    vec![
        good("share", "the second of a first dealing, 3 of 5", share(leaf)),
        good("share, far on", "the last dealing, 16 of 16", share(share_leaf(u32::MAX, 16, 16, 16))),
        good("share, other index", "the same but for the index", share(ShareLeaf { index: 3, ..leaf })),
        good(
            "share, other record",
            "the same but for the record",
            share(ShareLeaf { record: RECORD, ..leaf }),
        ),
        good(
            "recovery code, other method",
            "the same but for the method",
            said(&Change::Keyslot(
                ROOT_SLOT,
                KeyslotLeaf { method: MethodId::new([0x35; 16]), ..recovery(Scope::Root) },
            )),
        ),
        good("share, other threshold", "the same but for k", share(ShareLeaf { k: 2, ..leaf })),
        good("recovery code", "the root slot of a recovery code", said(&slot(Scope::Root))),
        good("recovery code, cold", "the cold slot of a recovery code", said(&slot(Scope::Cold))),
        hostile("slot kind 2", "recovery code", "refused for good", with(slot(Scope::Root), "slot_kind", 2)),
        hostile("slot kind 4", "recovery code", "an unknown kind", with(slot(Scope::Root), "slot_kind", 4)),
        hostile("scope 3", "recovery code", "an unknown scope", with(slot(Scope::Root), "scope", 3)),
        hostile("slot kind 5", "recovery code", "for passwords", with(slot(Scope::Root), "slot_kind", 5)),
        hostile("slot kind 6", "recovery code", "reserved", with(slot(Scope::Root), "slot_kind", 6)),
    ]
}

#[test]
fn recorded() {
    FILE.run(8, 5);
}
