//! A good chain, and the same chain with one head that must not be followed.

use serde_json::{Value, json};

use super::json::{hex, said};
use super::{Case, chain_genesis, good, hostile};
use crate::tests::support::{
    DEVICE, PROFILE, RECORD, ROOT_SLOT, SECOND_DEVICE, VAULT, device_leaf, forged, genesis_body,
    genesis_changes, record_leaf, sign, slot_leaf, unlock,
};
use crate::{
    Change, DeviceId, DeviceLeaf, HeadBody, MethodId, Op, RecordId, RecordLeaf, Scope, SignedHead, SlotId,
    VaultId, VaultState,
};

const NEW: RecordId = RecordId::new([0x77; 16]);
const THIRD_DEVICE: DeviceId = DeviceId::new([0xa3; 16]);
const NEW_SLOT: SlotId = SlotId::new([9; 16]);

/// The steps so far and the state after them.
#[derive(Clone)]
pub(super) struct Chain {
    pub(super) steps: Vec<Value>,
    pub(super) state: VaultState,
}

pub(super) fn step(head: SignedHead, changes: &[Change]) -> Value {
    json!({ "head": hex(head.to_bytes()), "changes": changes.iter().map(said).collect::<Vec<_>>() })
}

pub(super) fn input(steps: &[Value]) -> Value {
    json!({ "vault": hex(VAULT.as_bytes()), "steps": steps })
}

impl Chain {
    pub(super) fn begin() -> Self {
        let head = sign(genesis_body(), 0x21);
        let state = VaultState::genesis(VAULT, head, &genesis_changes()).expect("a good genesis");
        Self { steps: vec![step(head, &genesis_changes())], state }
    }

    /// Adds a good step.
    pub(super) fn and(mut self, op: Op, writer: DeviceId, device: u8, changes: &[Change]) -> Self {
        let head = sign(forged(&self.state, op, writer, changes), device);
        self.state.advance(head, changes).expect("a good head");
        self.steps.push(step(head, changes));
        self
    }

    /// Adds a last step, which need not be good.
    pub(super) fn then(&self, head: SignedHead, changes: &[Change]) -> Value {
        let mut steps = self.steps.clone();
        steps.push(step(head, changes));
        input(&steps)
    }

    /// Adds a last step over the right tree, signed by the vault and a device.
    pub(super) fn forge(&self, op: Op, writer: DeviceId, device: u8, changes: &[Change]) -> Value {
        self.then(sign(forged(&self.state, op, writer, changes), device), changes)
    }
}

pub(super) fn cases() -> Vec<Case> {
    let write = |overview, secret| Change::Record(RECORD, record_leaf(overview, secret));
    let join = Change::Device(SECOND_DEVICE, device_leaf(0x22));
    let two = Chain::begin().and(Op::Write, DEVICE, 0x21, &[write(1, 1)]);
    let whole = two
        .clone()
        .and(Op::Write, DEVICE, 0x21, &[write(2, 1), Change::Record(PROFILE, record_leaf(2, 1))])
        .and(Op::Join, SECOND_DEVICE, 0x22, &[join])
        .and(Op::Write, SECOND_DEVICE, 0x22, &[write(2, 2), Change::Record(NEW, record_leaf(1, 1))])
        .and(Op::Write, DEVICE, 0x21, &[Change::Tombstone(RECORD, 3)]);
    let far = two.clone().and(Op::Write, DEVICE, 0x21, &[Change::Tombstone(RECORD, u64::MAX)]);
    let same = two.clone().and(
        Op::Write,
        DEVICE,
        0x21,
        &[Change::Record(RECORD, RecordLeaf { overview_version: 2, ..record_leaf(1, 1) })],
    );
    let same_secret = two.clone().and(
        Op::Write,
        DEVICE,
        0x21,
        &[Change::Record(RECORD, RecordLeaf { secret_version: 2, ..record_leaf(1, 1) })],
    );
    let mut all = vec![
        good("genesis", "a vault's first state", input(&Chain::begin().steps)),
        good("genesis with a code", "a second sign-in method", input(&chain_genesis::with_a_code().steps)),
        good("far tombstone", "a version far above those of the record", input(&far.steps)),
        good("same blob", "the overview goes up and its hash stays", input(&same.steps)),
        good("same secret", "the secret goes up and its hash stays", input(&same_secret.steps)),
        good("two", "genesis and a new record", input(&two.steps)),
        good(
            "whole",
            "genesis, write, write, join, write by the joined device, deletion",
            input(&whole.steps),
        ),
    ];
    all.extend(chain_genesis::cases());
    all.extend(writes(&two));
    all.extend(joins(&two));
    all.extend(bodies(&two));
    all.extend(orders(&whole));
    all.extend(chain_genesis::named_like_the_vault());
    all
}

fn writes(two: &Chain) -> Vec<Case> {
    let old = record_leaf(1, 1);
    let with = |name, comment, changes: &[Change]| {
        hostile(name, "two", comment, two.forge(Op::Write, DEVICE, 0x21, changes))
    };
    let record = |leaf| Change::Record(RECORD, leaf);
    let slot = Change::Keyslot(NEW_SLOT, slot_leaf(Scope::Root));
    let deleted = two.clone().and(Op::Write, DEVICE, 0x21, &[Change::Tombstone(RECORD, 2)]);
    // A record whose secret is two versions above its overview.
    let uneven = two.clone().and(Op::Write, DEVICE, 0x21, &[record(record_leaf(1, 2))]).and(
        Op::Write,
        DEVICE,
        0x21,
        &[record(record_leaf(1, 3))],
    );
    let low = |name, version| {
        let tombstone = uneven.forge(Op::Write, DEVICE, 0x21, &[Change::Tombstone(RECORD, version)]);
        hostile(name, "whole", "a version of the record, or between them", tombstone)
    };
    let overview_above = two.clone().and(Op::Write, DEVICE, 0x21, &[record(record_leaf(2, 1))]).forge(
        Op::Write,
        DEVICE,
        0x21,
        &[Change::Tombstone(RECORD, 2)],
    );
    vec![
        hostile(
            "tombstone at the overview's version",
            "whole",
            "above the secret's version alone",
            overview_above,
        ),
        low("tombstone between the versions", 2),
        low("tombstone at the secret's version", 3),
        with("tombstone 0", "no version", &[Change::Tombstone(RECORD, 0)]),
        with("profile deleted", "the record with the vault's id", &[Change::Tombstone(PROFILE, 2)]),
        with("device removed by a write", "a device", &[Change::DeviceRemoved(SECOND_DEVICE)]),
        with("secret goes back", "version 0 after 1", &[record(record_leaf(1, 0))]),
        with(
            "secret replaced",
            "another hash at the same version",
            &[record(RecordLeaf { secret_hash: [9; 32], ..old })],
        ),
        with(
            "overview replaced beside",
            "another overview hash at the same version while the secret goes up",
            &[record(RecordLeaf { overview_hash: [9; 32], ..record_leaf(1, 2) })],
        ),
        with("write of nothing", "no change", &[]),
        with("record unchanged", "the leaf that is there", &[record(old)]),
        with("overview skips", "version 3 after 1", &[record(record_leaf(3, 1))]),
        with("secret skips", "version 3 after 1", &[record(record_leaf(1, 3))]),
        with("overview goes back", "version 0 after 1", &[record(record_leaf(0, 1))]),
        with(
            "overview replaced",
            "another hash at the same version",
            &[record(RecordLeaf { overview_hash: [9; 32], ..old })],
        ),
        with(
            "secret replaced beside",
            "another secret hash at the same version while the overview goes up",
            &[record(RecordLeaf { secret_hash: [9; 32], ..record_leaf(2, 1) })],
        ),
        with("new record at version 2", "a new record's overview", &[Change::Record(NEW, record_leaf(2, 1))]),
        with("new record at secret 2", "a new record's secret", &[Change::Record(NEW, record_leaf(1, 2))]),
        with("new record at version 0", "both parts", &[Change::Record(NEW, record_leaf(0, 0))]),
        with("tombstone of nothing", "no such record", &[Change::Tombstone(NEW, 2)]),
        with("tombstone not above", "the version that the record has", &[Change::Tombstone(RECORD, 1)]),
        with(
            "record twice",
            "two changes of one record",
            &[record(record_leaf(2, 1)), record(record_leaf(2, 1))],
        ),
        with(
            "written and deleted",
            "two changes of one record",
            &[record(record_leaf(2, 1)), Change::Tombstone(RECORD, 3)],
        ),
        with("write adds a keyslot", "a keyslot", &[slot]),
        with("write adds a record and a keyslot", "a keyslot beside", &[record(record_leaf(2, 1)), slot]),
        with(
            "write replaces a keyslot",
            "another wrap in a live slot",
            &[Change::Keyslot(ROOT_SLOT, slot_leaf(Scope::Cold))],
        ),
        with("write adds a device", "a device", &[Change::Device(SECOND_DEVICE, device_leaf(0x22))]),
        with("write replaces a device", "another key", &[Change::Device(DEVICE, device_leaf(0x22))]),
        hostile(
            "resurrected",
            "two",
            "a deleted record is written",
            deleted.forge(Op::Write, DEVICE, 0x21, &[record(old)]),
        ),
        hostile(
            "resurrected above",
            "two",
            "a deleted record goes on",
            deleted.forge(Op::Write, DEVICE, 0x21, &[record(record_leaf(2, 1))]),
        ),
        hostile(
            "deleted again",
            "two",
            "a second tombstone",
            deleted.forge(Op::Write, DEVICE, 0x21, &[Change::Tombstone(RECORD, 3)]),
        ),
    ]
}

fn joins(two: &Chain) -> Vec<Case> {
    let leaf = device_leaf(0x22);
    let join = Change::Device(SECOND_DEVICE, leaf);
    let by = |added_by| Change::Device(SECOND_DEVICE, DeviceLeaf { added_by, ..leaf });
    let with = |name, comment, changes: &[Change]| {
        hostile(name, "two", comment, two.forge(Op::Join, SECOND_DEVICE, 0x22, changes))
    };
    let joined = two.clone().and(Op::Join, SECOND_DEVICE, 0x22, &[join]);
    vec![
        with("join of nothing", "no change", &[]),
        with("join of another", "a device that is not the writer", &[Change::Device(THIRD_DEVICE, leaf)]),
        hostile(
            "join by a live device",
            "two",
            "the first device adds another one",
            two.forge(Op::Join, DEVICE, 0x21, &[join]),
        ),
        with("join of two", "a second device", &[join, Change::Device(THIRD_DEVICE, leaf)]),
        with("join with a record", "a record beside", &[join, Change::Record(NEW, record_leaf(1, 1))]),
        with(
            "join with a keyslot",
            "a keyslot beside",
            &[join, Change::Keyslot(NEW_SLOT, slot_leaf(Scope::Root))],
        ),
        with("join by a slot", "added by the id of a slot", &[by(MethodId::new(*ROOT_SLOT.as_bytes()))]),
        with("join by nothing", "added by no method", &[by(MethodId::new([9; 16]))]),
        with(
            "join of a device that reads nothing",
            "max format 0",
            &[Change::Device(SECOND_DEVICE, DeviceLeaf { max_format: 0, ..leaf })],
        ),
        hostile(
            "join with a live device's key",
            "two",
            "the first device's key under a new id",
            two.forge(Op::Join, SECOND_DEVICE, 0x21, &[Change::Device(SECOND_DEVICE, device_leaf(0x21))]),
        ),
        with(
            "join with a key off the curve",
            "a flipped bit in y",
            &[{
                let mut off = leaf;
                off.key[64] ^= 1;
                Change::Device(SECOND_DEVICE, off)
            }],
        ),
        hostile(
            "join of a live device",
            "two",
            "the first device under a new key",
            two.forge(Op::Join, DEVICE, 0x22, &[Change::Device(DEVICE, leaf)]),
        ),
        hostile(
            "join twice",
            "two",
            "the same device again",
            joined.forge(Op::Join, SECOND_DEVICE, 0x22, &[join]),
        ),
        hostile(
            "join by another key",
            "two",
            "signed by the first device",
            two.forge(Op::Join, SECOND_DEVICE, 0x21, &[join]),
        ),
    ]
}

fn bodies(two: &Chain) -> Vec<Case> {
    let changes = [Change::Record(NEW, record_leaf(1, 1))];
    let good = forged(&two.state, Op::Write, DEVICE, &changes);
    let mine = *two.state.head().body();
    let with = |name, comment, body| hostile(name, "two", comment, two.then(sign(body, 0x21), &changes));
    let other_hash = [Change::Record(NEW, RecordLeaf { secret_hash: [9; 32], ..record_leaf(1, 1) })];
    vec![
        with("other vault", "another vault id", HeadBody { vault: VaultId::new([0x12; 16]), ..good }),
        with("next epoch", "the key epoch goes up", HeadBody { epoch: 2, ..good }),
        hostile("other vault key", "two", "names and is signed by another vault key", {
            let body = HeadBody { vault_key: unlock(2).1.verifier(), ..good };
            let device = crate::tests::support::device_signature(&body, 0x21);
            two.then(unlock(2).1.sign_head(body, device), &changes)
        }),
        with("counter skips", "4 after 2", HeadBody { counter: 4, ..good }),
        with("counter stays", "2 after 2", HeadBody { counter: 2, ..good }),
        with("no parent", "prev left out", HeadBody { prev: None, ..good }),
        with("parent's parent", "prev is the genesis", HeadBody { prev: mine.prev, ..good }),
        with("min format lowered", "0 after 1", HeadBody { min_format: 0, ..good }),
        with("min format raised", "2 after 1", HeadBody { min_format: 2, ..good }),
        with("min format raised far", "65535 after 1", HeadBody { min_format: u16::MAX, ..good }),
        with("leaf less", "the number of leaves", HeadBody { leaves: good.leaves - 1, ..good }),
        with("other history", "a root that no history has", HeadBody { history: [9; 32], ..good }),
        with("parent's history", "the parent left out", HeadBody { history: mine.history, ..good }),
        with("other tree", "a root that the changes do not make", HeadBody { root: [9; 32], ..good }),
        with(
            "parent's tree",
            "the root and leaves before the changes",
            HeadBody { root: mine.root, leaves: mine.leaves, ..good },
        ),
        with("leaf more", "the number of leaves", HeadBody { leaves: good.leaves + 1, ..good }),
        with("write named genesis", "the operation", HeadBody { op: Op::Genesis, ..good }),
        hostile(
            "second genesis",
            "two",
            "a genesis that follows the rules, as the next head",
            two.forge(Op::Genesis, DEVICE, 0x21, &genesis_changes()),
        ),
        with("write named join", "the operation", HeadBody { op: Op::Join, ..good }),
        with("writer unknown", "a writer that is no device", HeadBody { writer: SECOND_DEVICE, ..good }),
        hostile(
            "writer's key",
            "two",
            "signed by another device's key",
            two.then(sign(good, 0x22), &changes),
        ),
        hostile(
            "other changes",
            "two",
            "the changes of another head",
            two.then(sign(good, 0x21), &[Change::Record(PROFILE, record_leaf(2, 1))]),
        ),
        hostile(
            "swapped blob",
            "two",
            "another hash in the changes",
            two.then(sign(good, 0x21), &other_hash),
        ),
    ]
}

fn orders(whole: &Chain) -> Vec<Case> {
    let pick = |order: &[usize]| input(&order.iter().map(|at| whole.steps[*at].clone()).collect::<Vec<_>>());
    vec![
        hostile("no genesis", "whole", "begins with the first write", pick(&[1, 2, 3])),
        hostile("gap", "whole", "the second write left out", pick(&[0, 1, 3])),
        hostile("repeated", "whole", "the first write twice", pick(&[0, 1, 1])),
        hostile("swapped", "whole", "two heads in the other order", pick(&[0, 2, 1])),
        hostile("genesis again", "whole", "the genesis after a write", pick(&[0, 1, 0])),
    ]
}
