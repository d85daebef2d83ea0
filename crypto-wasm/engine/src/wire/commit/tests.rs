use crystallum_core::{
    Entropy, FIRST_EPOCH, FIRST_FORMAT, HeadBody, Op, RecoveryCode, Root, SlotContext, VaultId,
};

use super::*;
use crate::wire::answer::Page;
use crate::wire::request::MethodsChange;
use crate::wire::stored::{change_from_json, change_to_json, commit_to_json, signed_write_from_json};

struct Counting(u8);

impl Entropy for Counting {
    fn fill(&mut self, out: &mut [u8]) {
        self.0 += 1;
        out.fill(self.0);
    }
}

fn slot() -> SealedChange {
    let random = &mut Counting(0);
    let (root, code, slot) = (Root::random(random), RecoveryCode::random(random), SlotId::random(random));
    let context = SlotContext { vault: VaultId::new([9; 16]), epoch: FIRST_EPOCH, slot };
    let wrap = WrapBytes::from(&code.kek(Scope::Root).wrap_root(&root, context, random).unwrap());
    let leaf = KeyslotLeaf {
        method: MethodId::new([6; 16]),
        kind: SlotKind::RecoveryCode,
        scope: Scope::Root,
        wrap_hash: wrap.hash(),
    };
    SealedChange::Keyslot(slot, leaf, Some(wrap))
}

/// Returns the change that added a slot which has been removed since.
fn removed_slot() -> SealedChange {
    match slot() {
        SealedChange::Keyslot(id, leaf, _) => SealedChange::Keyslot(id, leaf, None),
        other => other,
    }
}

/// Returns a change of each kind. A record's part comes with its blob, without it, or not at all.
fn changes() -> Vec<SealedChange> {
    let part = |blob: Option<&[u8]>| PartChange {
        version: 2,
        hash: [7; 32],
        blob: blob.map(|blob| Blob::from_bytes(blob.to_vec())),
    };
    let device = DeviceLeaf { key: [4; 65], max_format: 1, added_by: MethodId::new([3; 16]) };
    let share = ShareLeaf {
        record: RecordId::new([7; 16]),
        set: ShareSetId::new([1; 16]),
        epoch: 2,
        k: 2,
        n: 3,
        index: 1,
        store: StoreId::new([2; 16]),
        hash: [5; 32],
    };
    let id = RecordId::new([6; 16]);
    vec![
        SealedChange::Device(DeviceId::new([8; 16]), device),
        slot(),
        removed_slot(),
        SealedChange::DeviceRemoved(DeviceId::new([3; 16])),
        SealedChange::KeyslotRemoved(SlotId::new([3; 16])),
        SealedChange::Record { id, overview: Some(part(Some(b"sealed"))), secret: Some(part(None)) },
        SealedChange::Record { id, overview: None, secret: Some(part(Some(b""))) },
        SealedChange::Share(ShareId::new([8; 16]), share),
        SealedChange::ShareRemoved(ShareId::new([8; 16])),
        SealedChange::Tombstone(id, 9),
    ]
}

fn commit() -> Commit {
    let (_, signer) = Root::random(&mut Counting(0)).unlock(VaultId::new([9; 16]), FIRST_EPOCH);
    let body = HeadBody {
        vault: VaultId::new([9; 16]),
        epoch: FIRST_EPOCH,
        counter: 2,
        prev: Some([1; 32]),
        history: [3; 32],
        root: [2; 32],
        leaves: 3,
        min_format: FIRST_FORMAT,
        writer: DeviceId::new([8; 16]),
        op: Op::Write,
        time: 4,
        vault_key: signer.verifier(),
    };
    Commit { id: [5; 16], expected_counter: 1, changes: changes(), head: signer.sign_head(body, [6; 64]) }
}

#[test]
fn every_change_comes_back_as_it_went() {
    for change in changes() {
        let json = change_to_json(&change);
        assert_eq!(change_from_json(&json).unwrap(), change, "{}", String::from_utf8_lossy(&json));
    }
}

#[test]
fn a_commit_is_stored_and_read_with_the_same_bytes() {
    let json = commit_to_json(&commit());
    let read = signed_write_from_json(&json, None).unwrap();
    assert_eq!(read.commit, commit());
    assert_eq!(commit_to_json(&read.commit), json);
}

#[test]
fn a_request_carries_the_commit_that_it_is_stored_with() {
    let proof = crate::wire::proof::RecoveryProof {
        ceremony: crate::wire::answer::CeremonyId([1; 16]),
        lookup: [2; 16],
        client_nonce: [3; 32],
        device_key_hash: [4; 32],
        signature: [5; 64],
    };
    let body = MethodsChange::new(crate::wire::proof::Proof::Recovery(proof)).body(&commit());
    let json = commit_to_json(&commit());
    assert_eq!(signed_write_from_json(&json, Some(body.clone())).unwrap().request, Some(body.clone()));
    let other = commit_to_json(&Commit { id: [6; 16], ..commit() });
    assert_eq!(signed_write_from_json(&other, Some(body)), Err(Malformed));
}

#[test]
fn a_change_that_cannot_be_read_leaves_the_head_readable() {
    let wire = commit_to_wire(&commit());
    let spoilt = |spoil: fn(&mut api::Change)| {
        let mut changes = wire.changes.clone();
        changes.iter_mut().for_each(spoil);
        let entry = api::Entry { head: wire.head.clone(), changes };
        let page = serde_json::to_vec(&api::Delta { counter: 2, entries: vec![entry] }).unwrap();
        Page::from_wire(serde_json::from_slice(&page).unwrap()).entries.remove(0)
    };
    let spoils: [fn(&mut api::Change); 5] = [
        |change| {
            if let api::Change::Device { key, .. } = change {
                key.0.pop();
            }
        },
        |change| {
            if let api::Change::Keyslot { slot_kind, .. } = change {
                *slot_kind = 99;
            }
        },
        |change| {
            if let api::Change::Keyslot { wrap: Some(wrap), .. } = change {
                wrap.0.push(0);
            }
        },
        |change| {
            if let api::Change::Record { secret: Some(part), .. } = change {
                part.hash.0.push(0);
            }
        },
        |change| {
            if let api::Change::Share { hash, .. } = change {
                hash.0.clear();
            }
        },
    ];
    for spoil in spoils {
        let entry = spoilt(spoil);
        assert_eq!(entry.head, Ok(commit().head));
        assert_eq!(entry.changes, Err(Malformed));
    }
    assert_eq!(spoilt(|_| {}).changes, Ok(changes()));
}
