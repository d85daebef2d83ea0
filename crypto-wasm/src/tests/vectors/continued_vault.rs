//! Vaults whose state was not reached by following heads, to be recorded with what follows.

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::chain_cases::step;
use super::json::hex;
use super::state::change;
use super::{Case, good};
use crate::tests::support::{
    COLD_SLOT, DEVICE, RECORD, ROOT_SLOT, forged, record_leaf, sign, slot_leaf, tree, written,
};
use crate::{Change, HeadBody, History, KeyslotLeaf, Leaf, LeafId, MethodId, Op, Scope, SlotId, VaultState};

/// A state and the steps after it.
#[derive(Clone)]
pub(super) struct Continued {
    first: VaultState,
    pub(super) state: VaultState,
    pub(super) steps: Vec<Value>,
}

impl Continued {
    /// The sample vault with these leaves, which replace those with the same id, and another head.
    pub(super) fn from(more: &[(LeafId, Leaf)], edit: impl Fn(HeadBody) -> HeadBody) -> Self {
        Self::after(written().past().clone(), more, edit)
    }

    pub(super) fn with(more: &[(LeafId, Leaf)]) -> Self {
        Self::from(more, |body| body)
    }

    pub(super) fn after(past: History, more: &[(LeafId, Leaf)], edit: impl Fn(HeadBody) -> HeadBody) -> Self {
        let known = written();
        let leaves = known.leaves().map(|(id, leaf)| (id, *leaf)).chain(more.iter().copied());
        Self::of(past, leaves.collect(), edit)
    }

    /// The sample vault without any keyslot but these.
    pub(super) fn with_slots(slots: &[(LeafId, Leaf)]) -> Self {
        let known = written();
        let others = known.leaves().filter(|(id, _)| !matches!(id, LeafId::Keyslot(_)));
        let leaves = others.map(|(id, leaf)| (id, *leaf)).chain(slots.iter().copied()).collect();
        Self::of(known.past().clone(), leaves, |body| body)
    }

    pub(super) fn of(
        past: History,
        leaves: BTreeMap<LeafId, Leaf>,
        edit: impl Fn(HeadBody) -> HeadBody,
    ) -> Self {
        let known = written();
        let tree = tree(&leaves);
        let body = HeadBody { root: tree.root(), leaves: tree.leaves(), ..*known.head().body() };
        let first = VaultState::restore(sign(edit(body), 0x21), past, leaves).expect("signed");
        Self { state: first.clone(), first, steps: Vec::new() }
    }

    /// Adds a good step.
    pub(super) fn and(mut self, op: Op, changes: &[Change]) -> Self {
        let head = sign(forged(&self.state, op, DEVICE, changes), 0x21);
        self.state.advance(head, changes).expect("a good head");
        self.steps.push(step(head, changes));
        self
    }

    pub(super) fn input(&self) -> Value {
        let leaves: Vec<Value> =
            self.first.leaves().map(|(id, leaf)| super::json::said(&change(&(id, *leaf)))).collect();
        json!({
            "head": hex(self.first.head().to_bytes()), "edge": hex(self.first.past().to_bytes()),
            "leaves": leaves, "steps": self.steps,
        })
    }

    pub(super) fn good(&self, name: &'static str, comment: &'static str, op: Op, changes: &[Change]) -> Case {
        good(name, comment, self.clone().and(op, changes).input())
    }

    /// Adds a last step over the right tree that must not be followed.
    pub(super) fn then(&self, op: Op, changes: &[Change]) -> Value {
        self.signed(forged(&self.state, op, DEVICE, changes), changes)
    }

    pub(super) fn signed(&self, body: HeadBody, changes: &[Change]) -> Value {
        let mut all = self.clone();
        all.steps.push(step(sign(body, 0x21), changes));
        all.input()
    }
}

pub(super) const OTHER: MethodId = MethodId::new([0x81; 16]);
pub(super) const REMOVED: [Change; 2] =
    [Change::KeyslotRemoved(ROOT_SLOT), Change::KeyslotRemoved(COLD_SLOT)];

pub(super) fn slot(id: u8, method: MethodId, scope: Scope) -> (LeafId, Leaf) {
    (LeafId::Keyslot(SlotId::new([id; 16])), Leaf::Keyslot(KeyslotLeaf { method, ..slot_leaf(scope) }))
}

pub(super) fn added(id: u8, method: MethodId) -> Vec<Change> {
    [slot(id, method, Scope::Root), slot(id + 1, method, Scope::Cold)].iter().map(change).collect()
}

pub(super) fn write(overview: u64, secret: u64) -> [Change; 1] {
    [Change::Record(RECORD, record_leaf(overview, secret))]
}
