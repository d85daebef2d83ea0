use crystallum_api::{Commit, Id};
use crystallum_core::{
    Change, Entropy, KeyEncryptionKey, KeyslotLeaf, MethodId, Op, PrfOutput, RecordId, Root, Scope,
    SignedHead, SlotContext, SlotId, SlotKind, VaultId, VaultKeys, VaultSigner, VaultState, blob_hash,
};

use crate::writer::device::{Device, RP_ID};
use crate::writer::records::{self, DualChange, TIME};

/// A device with an open vault.
pub struct Writer {
    pub(super) state: VaultState,
    pub(super) keys: VaultKeys,
    pub(super) signer: VaultSigner,
    pub(super) device: Device,
    /// The number of exchange keys added so far.
    pub(super) added: u32,
}

impl Writer {
    /// Creates a vault with one passkey. Returns the device and the genesis commit.
    pub fn create(entropy: &mut impl Entropy) -> (Self, Commit) {
        let vault = VaultId::random(entropy);
        let root = Root::random(entropy);
        let device = Device::random(entropy);
        let (method, slot) = (MethodId::random(entropy), SlotId::random(entropy));
        let mut output = [0; 32];
        entropy.fill(&mut output);
        let output = PrfOutput::parse(&output).expect("randomness is not zero");
        let mut changes = vec![device.add_change(method)];
        // The content of the second slot does not matter here, since only its hash is used.
        for (id, scope) in [(slot, Scope::Root), (SlotId::random(entropy), Scope::Cold)] {
            let kek = KeyEncryptionKey::from_passkey(&output, RP_ID, Scope::Root, id.as_bytes())
                .expect("an id is a credential id");
            let place = SlotContext { vault, epoch: 1, slot: id };
            let wrap = kek.wrap_root(&root, place, entropy).expect("a key for roots").to_bytes();
            let leaf = KeyslotLeaf { method, kind: SlotKind::Passkey, scope, wrap_hash: blob_hash(&wrap) };
            changes.push(DualChange {
                core: Change::Keyslot(id, leaf),
                wire: crystallum_api::Change::Keyslot {
                    id: Id(*id.as_bytes()),
                    method: Id(*method.as_bytes()),
                    slot_kind: SlotKind::Passkey.number(),
                    scope: scope.number(),
                    hash: leaf.wrap_hash.as_slice().into(),
                    wrap: Some(wrap.into()),
                },
            });
        }
        let (keys, signer) = root.unlock(vault, 1);
        changes.push(records::profile(&keys, entropy));
        let (core, wire) = records::split(changes);
        let body = VaultState::genesis_body(vault, signer.verifier(), device.id, &core, TIME)
            .expect("a genesis by the rules");
        let head = device.sign(body, &signer);
        let state = VaultState::genesis(vault, head, &core).expect("our own head");
        let commit = commit(0, wire, &head, entropy);
        (Self { state, keys, signer, device, added: 0 }, commit)
    }

    /// Returns the id of the vault.
    pub fn vault(&self) -> VaultId {
        self.keys.vault()
    }

    /// Returns the number of the last change.
    pub fn counter(&self) -> u64 {
        self.state.head().body().counter
    }

    /// Adds `count` exchange keys with one head, which becomes the current one.
    pub fn add(&mut self, count: u32, entropy: &mut impl Entropy) -> Commit {
        let first = self.added;
        self.added += count;
        let changes = (first..self.added).map(|number| records::key(&self.keys, number, entropy)).collect();
        self.write(Op::Write, changes, entropy)
    }

    /// Gives the vault another name, which changes one record and adds none.
    pub fn rename(&mut self, entropy: &mut impl Entropy) -> Commit {
        let profile = RecordId::new(*self.vault().as_bytes());
        let before = *self.state.record(profile).expect("a vault has a profile");
        let change = records::renamed_profile(&self.keys, &before, entropy);
        self.write(Op::Write, vec![change], entropy)
    }

    /// Adds a record that no device can list: its overview was sealed with associated data that
    /// does not match.
    pub fn add_unreadable(&mut self, entropy: &mut impl Entropy) -> Commit {
        let change = records::unreadable(&self.keys, entropy);
        self.write(Op::Write, vec![change], entropy)
    }

    pub(super) fn write(&mut self, op: Op, changes: Vec<DualChange>, entropy: &mut impl Entropy) -> Commit {
        let before = self.counter();
        let (core, wire) = records::split(changes);
        let body = self.state.next_body(op, self.device.id, &core, TIME).expect("changes by the rules");
        let head = self.device.sign(body, &self.signer);
        self.state.advance(head, &core).expect("our own head");
        commit(before, wire, &head, entropy)
    }
}

fn commit(
    expected_counter: u64,
    changes: Vec<crystallum_api::Change>,
    head: &SignedHead,
    entropy: &mut impl Entropy,
) -> Commit {
    let mut id = [0; 16];
    entropy.fill(&mut id);
    Commit { commit_id: Id(id), expected_counter, changes, head: head.to_bytes().into() }
}
