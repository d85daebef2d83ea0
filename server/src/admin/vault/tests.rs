//! Checks this implementation against the recorded vectors of the core.

mod faults;

use std::collections::VecDeque;

use crystallum_api::{Bytes, Part};
use crystallum_format::ids::RecordId;
use data_encoding::HEXLOWER;
use serde_json::Value;

use super::*;

fn vectors(text: &str) -> Vec<Value> {
    serde_json::from_str::<Value>(text).unwrap()["vectors"].as_array().unwrap().clone()
}

fn bytes(value: &Value) -> Vec<u8> {
    HEXLOWER.decode(value.as_str().unwrap().as_bytes()).unwrap()
}

fn id(value: &Value) -> Id {
    Id(bytes(value).try_into().unwrap())
}

fn small<T: TryFrom<u64>>(value: &Value) -> T {
    T::try_from(value.as_u64().unwrap()).ok().unwrap()
}

/// Converts a change of a vector to its wire form. The vectors contain complete leaves, whereas
/// unchanged parts are not sent.
fn change(value: &Value, before: &Vault) -> Change {
    let part = |name: &str, before: Option<Version>| {
        let version = value[format!("{name}_version")].as_u64().unwrap();
        let hash = bytes(&value[format!("{name}_hash")]);
        let stays = before.is_some_and(|before| before.number == version && before.hash == hash[..]);
        (!stays).then_some(Part { version, hash: Bytes(hash), blob: None })
    };
    let id_of = |name: &str| id(&value[name]);
    let own_id = id_of("id");
    match value["kind"].as_str().unwrap() {
        "device" => Change::Device {
            id: own_id,
            key: Bytes(bytes(&value["key"])),
            max_format: small(&value["max_format"]),
            added_by: id_of("added_by"),
        },
        "device_gone" => Change::DeviceGone { id: own_id },
        "keyslot" => Change::Keyslot {
            id: own_id,
            method: id_of("method"),
            slot_kind: small(&value["slot_kind"]),
            scope: small(&value["scope"]),
            hash: Bytes(bytes(&value["wrap_hash"])),
            wrap: None,
        },
        "keyslot_gone" => Change::KeyslotGone { id: own_id },
        "record" => {
            let record = before.records.get(&own_id);
            Change::Record {
                id: own_id,
                overview: part("overview", record.map(|record| record.overview)),
                secret: part("secret", record.map(|record| record.secret)),
            }
        }
        "tombstone" => Change::Tombstone { id: own_id, version: small(&value["version"]) },
        "share" => Change::Share {
            id: own_id,
            record: id_of("record"),
            set: id_of("set"),
            epoch: small(&value["epoch"]),
            k: small(&value["k"]),
            n: small(&value["n"]),
            index: small(&value["index"]),
            store: id_of("store"),
            hash: Bytes(bytes(&value["hash"])),
        },
        "share_gone" => Change::ShareGone { id: own_id },
        other => panic!("no such change: {other}"),
    }
}

#[test]
fn every_recorded_chain_is_judged_as_the_core_judges_it() {
    let (mut accepted, mut refused) = (0, 0);
    let files = [
        include_str!("../../../../crypto-wasm/vectors/chain.json"),
        include_str!("../../../../crypto-wasm/vectors/methods_chain.json"),
        include_str!("../../../../crypto-wasm/vectors/wallet_chain.json"),
        include_str!("../../../../crypto-wasm/vectors/devices_chain.json"),
    ];
    for vector in files.into_iter().flat_map(vectors) {
        let name = vector["name"].as_str().unwrap();
        let mut vault = Vault::new(id(&vector["input"]["vault"]));
        let mut found = Ok(());
        for step in vector["input"]["steps"].as_array().unwrap() {
            let changes: Vec<Change> =
                step["changes"].as_array().unwrap().iter().map(|value| change(value, &vault)).collect();
            found = vault.apply_commit(&bytes(&step["head"]), &changes);
            if found.is_err() {
                break;
            }
        }
        if vector["expect"] == "accepted" {
            assert_eq!(found, Ok(()), "{name}");
            let head = *vault.state.unwrap().head().body();
            assert_eq!(head.hash().to_vec(), bytes(&vector["output"]["hash"]), "{name}");
            assert_eq!(head.counter, vector["output"]["counter"].as_u64().unwrap(), "{name}");
            accepted += 1;
        } else {
            assert!(found.is_err(), "{name}: {}", vector["comment"]);
            refused += 1;
        }
    }
    assert!(accepted >= 12 && refused >= 168, "{accepted} accepted, {refused} refused");
}

#[test]
fn every_recorded_head_is_judged_as_the_core_judges_it() {
    for vector in vectors(include_str!("../../../../crypto-wasm/vectors/head.json")) {
        let key: Option<[u8; 65]> = bytes(&vector["input"]["device_key"]).try_into().ok();
        let head = SignedHead::parse(&bytes(&vector["input"]["head"]))
            .ok()
            .filter(|head| key.is_some_and(|key| head.verify(&key).is_ok()))
            .map(|head| *head.body());
        let name = &vector["name"];
        assert_eq!(head.is_some(), vector["expect"] == "accepted", "{name}");
        if let Some(head) = head {
            assert_eq!(head.hash().to_vec(), bytes(&vector["output"]["hash"]), "{name}");
            assert_eq!(head.counter, vector["output"]["counter"].as_u64().unwrap(), "{name}");
            assert_eq!(head.root.to_vec(), bytes(&vector["output"]["root"]), "{name}");
        }
    }
}

#[test]
fn every_recorded_leaf_has_its_position_and_hash() {
    let mut leaves = 0;
    let files = [
        include_str!("../../../../crypto-wasm/vectors/leaf.json"),
        include_str!("../../../../crypto-wasm/vectors/leaves.json"),
    ];
    for vector in files.into_iter().flat_map(vectors) {
        if vector["expect"] != "accepted" {
            continue;
        }
        let input = &vector["input"];
        let version = |name: &str| Version {
            number: input[format!("{name}_version")].as_u64().unwrap(),
            hash: bytes(&input[format!("{name}_hash")]).try_into().unwrap(),
            counter: 1,
        };
        let record = (input["kind"] == "record").then(|| Record {
            overview: version("overview"),
            secret: version("secret"),
            earlier: VecDeque::new(),
        });
        let (leaf_id, leaf) = if input["kind"] == "tombstone" {
            let version = input["version"].as_u64().unwrap();
            (LeafId::Tombstone(RecordId::new(id(&input["id"]).0)), Some(Leaf::Tombstone { version }))
        } else {
            let change = change(input, &Vault::new(Id([0; 16])));
            to_format(&change, None, record.as_ref()).unwrap().leaf()
        };
        let position = leaf_id.position();
        assert_eq!(position.to_vec(), bytes(&vector["output"]["position"]), "{}", vector["name"]);
        let hash = leaf.unwrap().hash(&position);
        assert_eq!(hash.to_vec(), bytes(&vector["output"]["leaf"]), "{}", vector["name"]);
        leaves += 1;
    }
    assert!(leaves >= 6);
}
