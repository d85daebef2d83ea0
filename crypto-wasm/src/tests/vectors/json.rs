//! Bytes in JSON are lower-case hex.

use data_encoding::HEXLOWER;
use serde_json::{Value, json};

use crate::{
    Change, DeviceId, DeviceLeaf, KeyslotLeaf, Leaf, LeafId, Malformed, MethodId, RecordId, RecordLeaf,
    Scope, ShareId, ShareLeaf, ShareSetId, SlotId, SlotKind, StoreId,
};

pub(super) fn hex(bytes: impl AsRef<[u8]>) -> Value {
    Value::String(HEXLOWER.encode(bytes.as_ref()))
}

pub(super) fn bytes(value: &Value) -> Vec<u8> {
    HEXLOWER.decode(text(value).as_bytes()).expect("hex")
}

pub(super) fn array<const N: usize>(value: &Value) -> [u8; N] {
    bytes(value).try_into().unwrap_or_else(|_| panic!("{value} is {N} bytes"))
}

pub(super) fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_else(|| panic!("{value} is text"))
}

pub(super) fn number<N: TryFrom<u64>>(value: &Value) -> N {
    let number = value.as_u64().and_then(|number| number.try_into().ok());
    number.unwrap_or_else(|| panic!("{value} is a number in range"))
}

pub(super) fn list(value: &Value) -> &[Value] {
    value.as_array().unwrap_or_else(|| panic!("{value} is a list"))
}

/// Returns a change, which is a leaf with its id.
pub(super) fn change(value: &Value) -> Result<Change, Malformed> {
    let id = array(&value["id"]);
    Ok(match text(&value["kind"]) {
        "record" => Change::Record(
            RecordId::new(id),
            RecordLeaf {
                overview_version: number(&value["overview_version"]),
                overview_hash: array(&value["overview_hash"]),
                secret_version: number(&value["secret_version"]),
                secret_hash: array(&value["secret_hash"]),
            },
        ),
        "tombstone" => Change::Tombstone(RecordId::new(id), number(&value["version"])),
        "keyslot" => Change::Keyslot(
            SlotId::new(id),
            KeyslotLeaf {
                method: MethodId::new(array(&value["method"])),
                kind: SlotKind::from_number(number(&value["slot_kind"]))?,
                scope: Scope::from_number(number(&value["scope"]))?,
                wrap_hash: array(&value["wrap_hash"]),
            },
        ),
        "device" => Change::Device(
            DeviceId::new(id),
            DeviceLeaf {
                key: array(&value["key"]),
                max_format: number(&value["max_format"]),
                added_by: MethodId::new(array(&value["added_by"])),
            },
        ),
        "share" => Change::Share(
            ShareId::new(id),
            ShareLeaf {
                record: RecordId::new(array(&value["record"])),
                set: ShareSetId::new(array(&value["set"])),
                epoch: number(&value["epoch"]),
                k: number(&value["k"]),
                n: number(&value["n"]),
                index: number(&value["index"]),
                store: StoreId::new(array(&value["store"])),
                hash: array(&value["hash"]),
            },
        ),
        "device_gone" => Change::DeviceRemoved(DeviceId::new(id)),
        "keyslot_gone" => Change::KeyslotRemoved(SlotId::new(id)),
        "share_gone" => Change::ShareRemoved(ShareId::new(id)),
        other => panic!("{other} is a kind"),
    })
}

pub(super) fn leaf(value: &Value) -> Result<(LeafId, Leaf), Malformed> {
    change(value).map(|change| match change.leaf() {
        (id, Some(leaf)) => (id, leaf),
        (id, None) => panic!("{id:?} has a leaf"),
    })
}

pub(super) fn said(change: &Change) -> Value {
    match change {
        Change::Record(id, leaf) => json!({
            "kind": "record", "id": hex(id.as_bytes()),
            "overview_version": leaf.overview_version, "overview_hash": hex(leaf.overview_hash),
            "secret_version": leaf.secret_version, "secret_hash": hex(leaf.secret_hash),
        }),
        Change::Tombstone(id, version) => {
            json!({ "kind": "tombstone", "id": hex(id.as_bytes()), "version": version })
        }
        Change::Keyslot(id, leaf) => json!({
            "kind": "keyslot", "id": hex(id.as_bytes()), "method": hex(leaf.method.as_bytes()),
            "slot_kind": leaf.kind.number(), "scope": leaf.scope.number(), "wrap_hash": hex(leaf.wrap_hash),
        }),
        Change::Device(id, leaf) => json!({
            "kind": "device", "id": hex(id.as_bytes()), "key": hex(leaf.key),
            "max_format": leaf.max_format, "added_by": hex(leaf.added_by.as_bytes()),
        }),
        Change::Share(id, leaf) => json!({
            "kind": "share", "id": hex(id.as_bytes()), "record": hex(leaf.record.as_bytes()),
            "set": hex(leaf.set.as_bytes()), "epoch": leaf.epoch, "k": leaf.k, "n": leaf.n,
            "index": leaf.index, "store": hex(leaf.store.as_bytes()), "hash": hex(leaf.hash),
        }),
        Change::DeviceRemoved(id) => json!({ "kind": "device_gone", "id": hex(id.as_bytes()) }),
        Change::KeyslotRemoved(id) => json!({ "kind": "keyslot_gone", "id": hex(id.as_bytes()) }),
        Change::ShareRemoved(id) => json!({ "kind": "share_gone", "id": hex(id.as_bytes()) }),
    }
}
