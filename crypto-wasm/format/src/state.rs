//! Verified states of a vault, and the rules for moving from one to the next
//! (FORMAT.md, section 7).

mod leaves;
mod rules;

use self::leaves::Leaves;
use self::rules::proposal::Proposal;
use crate::change::Change;
use crate::defence::Defence;
use crate::head::{HeadBody, Op, SignedHead};
use crate::history::History;
use crate::ids::{DeviceId, MethodId, RecordId, ShareId, SlotId, VaultId};
use crate::keyslot::SlotKind;
use crate::leaf::{DeviceLeaf, KeyslotLeaf, Leaf, LeafId, RecordLeaf, ShareLeaf};
use crate::tree::BYTES_OF_BRANCH;
use crate::vault_key::VaultVerifier;
use crate::version::{FIRST_EPOCH, FIRST_FORMAT, MAX_FORMAT};

/// Why a head was refused as the next state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum HeadRefused {
    /// The changes break a rule of the operation.
    #[error("the changes do not follow the operation's rules")]
    ForbiddenChanges,
    /// The head names another vault, epoch or vault key.
    #[error("the head is not of this vault and epoch")]
    OtherVault,
    /// The head is not the child of the known state.
    #[error("the head does not follow the known state")]
    NotNext,
    /// A signature does not verify, or the writer is not a device of the vault.
    #[error("the head is not signed by the vault and a device of it")]
    InvalidSignature,
    /// The head names another history than the one that leads to it.
    #[error("the head names another history")]
    OtherHistory,
    /// The signed tree is not the one that the changes produce.
    #[error("the changes do not make the signed tree")]
    OtherTree,
}

/// A verified state: its head and every live leaf. A clone shares the leaves: it costs nothing, and
/// advancing it costs what changes.
#[derive(Clone, Debug)]
pub struct VaultState {
    head: SignedHead,
    /// The heads before it.
    past: History,
    leaves: Leaves,
}

impl VaultState {
    /// Verifies the first head of a chain and returns its state. `vault` is the id that the caller
    /// expects.
    pub fn genesis(vault: VaultId, head: SignedHead, changes: &[Change]) -> Result<Self, HeadRefused> {
        let body = head.body();
        if body.vault != vault || body.epoch != FIRST_EPOCH {
            return Err(HeadRefused::OtherVault);
        }
        if body.op != Op::Genesis
            || body.prev.is_some()
            || body.counter != 1
            || body.min_format != FIRST_FORMAT
        {
            return Err(HeadRefused::NotNext);
        }
        let mut leaves = Leaves::default();
        apply(&mut leaves, Proposal { vault, writer: body.writer, op: body.op, changes })?;
        let state = Self { head, past: History::default(), leaves };
        state.check(true)?;
        Ok(state)
    }

    /// Advances to the next state after verifying its head, or leaves this state unchanged.
    pub fn advance(&mut self, head: SignedHead, changes: &[Change]) -> Result<(), HeadRefused> {
        let (mine, body) = (self.head.body(), head.body());
        if (body.vault, body.epoch, body.vault_key) != (mine.vault, mine.epoch, mine.vault_key) {
            return Err(HeadRefused::OtherVault);
        }
        let follows = body.prev == Some(mine.hash())
            && Some(body.counter) == mine.counter.checked_add(1)
            && body.op != Op::Genesis;
        if Defence::HeadParent.holds() && !follows {
            return Err(HeadRefused::NotNext);
        }
        let is_readable = (mine.min_format..=MAX_FORMAT).contains(&body.min_format);
        if Defence::FormatFloor.holds() && !is_readable {
            return Err(HeadRefused::NotNext);
        }
        // The writer must be live in the parent; only a joining device signs its own admission.
        let known = body.op == Op::Join || self.device(body.writer).is_some();
        let mut leaves = self.leaves.clone();
        apply(&mut leaves, Proposal { vault: body.vault, writer: body.writer, op: body.op, changes })?;
        // The rules keep it so, but a state that was taken without its past may have any device.
        let is_read_by_all = leaves.devices().all(|(_, device)| device.max_format >= body.min_format);
        if Defence::FormatFloor.holds() && !is_read_by_all {
            return Err(HeadRefused::NotNext);
        }
        let next = Self { head, past: self.past_of_next(), leaves };
        next.check(known)?;
        *self = next;
        Ok(())
    }

    /// How many bytes of memory a state takes for each leaf at most, besides the branches of its
    /// tree.
    pub const BYTES_OF_LEAF: usize = Leaves::BYTES_OF_LEAF;
    /// How many bytes of memory each branch of the tree takes at most.
    pub const BYTES_OF_BRANCH: usize = BYTES_OF_BRANCH;

    /// Returns how many branches the tree has: about 1.44 for each leaf, and more only if somebody
    /// has chosen ids whose positions begin alike.
    pub fn branches(&self) -> u64 {
        self.leaves.tree().branches()
    }

    /// Builds the body of a genesis head with these changes, to be signed.
    pub fn genesis_body(
        vault: VaultId,
        vault_key: VaultVerifier,
        writer: DeviceId,
        changes: &[Change],
        time: u64,
    ) -> Result<HeadBody, HeadRefused> {
        let mut leaves = Leaves::default();
        apply(&mut leaves, Proposal { vault, writer, op: Op::Genesis, changes })?;
        Ok(HeadBody {
            vault,
            epoch: FIRST_EPOCH,
            counter: 1,
            prev: None,
            history: History::default().root(),
            root: leaves.tree().root(),
            leaves: leaves.tree().leaves(),
            min_format: FIRST_FORMAT,
            writer,
            op: Op::Genesis,
            time,
            vault_key,
        })
    }

    /// Builds the body of the next head with these changes, to be signed. It depends on this
    /// verified state and the arguments only. A device that is not live has nothing to sign.
    pub fn next_body(
        &self,
        op: Op,
        writer: DeviceId,
        changes: &[Change],
        time: u64,
    ) -> Result<HeadBody, HeadRefused> {
        let mine = self.head.body();
        let proposal = Proposal { vault: mine.vault, writer, op, changes };
        if !rules::is_allowed(&proposal, &self.leaves) {
            return Err(HeadRefused::ForbiddenChanges);
        }
        if op != Op::Join && self.device(writer).is_none() {
            return Err(HeadRefused::InvalidSignature);
        }
        let mut tree = self.leaves.tree().clone();
        changes.iter().flat_map(leaves_after).for_each(|(id, leaf)| tree.set(id, leaf.as_ref()));
        Ok(HeadBody {
            counter: mine.counter.checked_add(1).ok_or(HeadRefused::NotNext)?,
            prev: Some(mine.hash()),
            history: self.past_of_next().root(),
            root: tree.root(),
            leaves: tree.leaves(),
            writer,
            op,
            time,
            ..*mine
        })
    }

    /// Restores a state from local storage: its head, the heads before it, and every leaf, each
    /// once. Both signatures, the history and the tree are verified again.
    pub fn restore(
        head: SignedHead,
        past: History,
        leaves: impl IntoIterator<Item = (LeafId, Leaf)>,
    ) -> Result<Self, HeadRefused> {
        let (mut all, mut given) = (Leaves::default(), 0_u64);
        for (id, leaf) in leaves {
            all.set(id, Some(leaf));
            given += 1;
        }
        if given != all.tree().leaves() {
            return Err(HeadRefused::OtherTree);
        }
        let state = Self { head, past, leaves: all };
        state.check(true)?;
        Ok(state)
    }

    /// Returns the head.
    pub fn head(&self) -> &SignedHead {
        &self.head
    }

    /// Returns the history log over the heads before this one.
    pub fn past(&self) -> &History {
        &self.past
    }

    /// Iterates over every live leaf.
    pub fn leaves(&self) -> impl Iterator<Item = (LeafId, &Leaf)> {
        self.leaves.iter()
    }

    /// Returns a live leaf.
    pub fn leaf(&self, id: LeafId) -> Option<&Leaf> {
        self.leaves.get(id)
    }

    /// Returns the leaf of a live record.
    pub fn record(&self, id: RecordId) -> Option<&RecordLeaf> {
        self.leaves.record(id)
    }

    /// Returns the leaf of a live device.
    pub fn device(&self, id: DeviceId) -> Option<&DeviceLeaf> {
        self.leaves.device(id)
    }

    /// Iterates over the live devices, ordered by id.
    pub fn devices(&self) -> impl Iterator<Item = (DeviceId, &DeviceLeaf)> {
        self.leaves.devices()
    }

    /// Returns the leaf of a live keyslot.
    pub fn keyslot(&self, id: SlotId) -> Option<&KeyslotLeaf> {
        match self.leaves.get(LeafId::Keyslot(id)) {
            Some(Leaf::Keyslot(leaf)) => Some(leaf),
            _ => None,
        }
    }

    /// Iterates over the live keyslots, ordered by id.
    pub fn keyslots(&self) -> impl Iterator<Item = (SlotId, &KeyslotLeaf)> {
        self.leaves.keyslots()
    }

    /// Returns the kind of a sign-in method, if it is live.
    pub fn kind_of_method(&self, method: MethodId) -> Option<SlotKind> {
        self.leaves.kind_of_method(method)
    }

    /// Returns whether a sign-in method is live.
    pub fn has_method(&self, method: MethodId) -> bool {
        self.leaves.has_method(method)
    }

    /// Returns the leaf of a live share.
    pub fn share(&self, id: ShareId) -> Option<&ShareLeaf> {
        self.leaves.share(id)
    }

    /// Iterates over the live shares of a wallet's record, ordered by id.
    pub fn shares_of(&self, wallet: RecordId) -> impl Iterator<Item = (ShareId, &ShareLeaf)> {
        self.leaves.shares_of(wallet)
    }

    /// Returns the history log over the heads before the next one.
    fn past_of_next(&self) -> History {
        let mut past = self.past.clone();
        past.push(&self.head.body().hash());
        past
    }

    /// Verifies that the history and the tree are the signed ones and that both signatures verify
    /// under keys of this state.
    fn check(&self, writer_known: bool) -> Result<(), HeadRefused> {
        let body = self.head.body();
        let is_past =
            body.history == self.past.root() && body.counter.checked_sub(1) == Some(self.past.len());
        if Defence::HeadHistory.holds() && !is_past {
            return Err(HeadRefused::OtherHistory);
        }
        let tree = self.leaves.tree();
        if Defence::SignedTree.holds() && (body.root != tree.root() || body.leaves != tree.leaves()) {
            return Err(HeadRefused::OtherTree);
        }
        if !Defence::HeadSignatures.holds() {
            return Ok(());
        }
        let device =
            self.device(body.writer).filter(|_| writer_known).ok_or(HeadRefused::InvalidSignature)?;
        self.head.verify(&device.key).map_err(|_| HeadRefused::InvalidSignature)
    }
}

/// Applies the changes if the rules of the operation allow them.
fn apply(leaves: &mut Leaves, proposal: Proposal<'_>) -> Result<(), HeadRefused> {
    if Defence::ChangeRules.holds() && !rules::is_allowed(&proposal, leaves) {
        return Err(HeadRefused::ForbiddenChanges);
    }
    proposal.changes.iter().flat_map(leaves_after).for_each(|(id, leaf)| leaves.set(id, leaf));
    Ok(())
}

/// Returns the leaves that a change sets or removes. A tombstone takes the place of its record.
fn leaves_after(change: &Change) -> impl Iterator<Item = (LeafId, Option<Leaf>)> + use<> {
    let record = match change {
        Change::Tombstone(id, _) => Some((LeafId::Record(*id), None)),
        _ => None,
    };
    record.into_iter().chain([change.leaf()])
}

#[cfg(test)]
mod tests;
