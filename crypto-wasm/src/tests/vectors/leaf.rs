use serde_json::{Value, json};

use super::json::{hex, leaf, said};
use super::{Case, Checked, File, good, hostile};
use crate::tests::support::{COLD_SLOT, DEVICE, RECORD, ROOT_SLOT, device_leaf, record_leaf, slot_leaf};
use crate::{Change, Scope};

pub(super) const FILE: File = File { name: "leaf", section: "6", check, cases };

pub(super) fn check(input: &Value) -> Checked {
    let (id, leaf) = leaf(input)?;
    let position = id.position();
    Ok(json!({ "value": hex(leaf.encode()), "position": hex(position), "leaf": hex(leaf.hash(&position)) }))
}

pub(super) fn with(change: Change, field: &str, value: u16) -> Value {
    let mut input = said(&change);
    input[field] = json!(value);
    input
}

fn cases() -> Vec<Case> {
    let slot = Change::Keyslot(ROOT_SLOT, slot_leaf(Scope::Root));
    vec![
        good("record", "versions 2 and 1", said(&Change::Record(RECORD, record_leaf(2, 1)))),
        good(
            "record, far on",
            "the largest versions",
            said(&Change::Record(RECORD, record_leaf(u64::MAX, u64::MAX))),
        ),
        good("tombstone", "of the same record, at another position", said(&Change::Tombstone(RECORD, 3))),
        good("keyslot", "the root slot of a passkey", said(&slot)),
        good(
            "keyslot, cold",
            "the cold slot of a passkey",
            said(&Change::Keyslot(COLD_SLOT, slot_leaf(Scope::Cold))),
        ),
        good("device", "the first device", said(&Change::Device(DEVICE, device_leaf(0x21)))),
        good(
            "device, far on",
            "the largest format",
            with(Change::Device(DEVICE, device_leaf(0x21)), "max_format", u16::MAX),
        ),
        hostile("slot kind 0", "keyslot", "no kind", with(slot, "slot_kind", 0)),
        hostile("slot kind 2", "keyslot", "an unknown kind", with(slot, "slot_kind", 2)),
        hostile("scope 0", "keyslot", "no scope", with(slot, "scope", 0)),
        hostile("scope 3", "keyslot", "an unknown scope", with(slot, "scope", 3)),
    ]
}

#[test]
fn recorded() {
    FILE.run(7, 4);
}
