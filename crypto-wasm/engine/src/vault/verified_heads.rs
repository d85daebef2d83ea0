//! Heads that this device has verified, on their way into its log of heads.

use std::collections::VecDeque;

use crystallum_core::SignedHead;

use crate::vault::change::{Commit, SealedChange};

/// How many of the newest heads a device keeps whole, with what they changed.
pub(crate) const KEPT_HEADS: u16 = 2_000;

/// Heads that follow one another: the hash of each, and the newest of them whole.
#[derive(Clone, Debug, Default)]
pub(crate) struct VerifiedHeads {
    hashes: Vec<[u8; 32]>,
    newest: VecDeque<VerifiedHead>,
}

/// A head, and what it changed, if this device has seen it.
#[derive(Clone, Debug)]
struct VerifiedHead {
    head: SignedHead,
    /// The changes without ciphertext.
    changes: Option<Vec<SealedChange>>,
}

impl VerifiedHeads {
    /// Returns heads of which only the last is kept whole, since only that one was verified with
    /// its device's signature. `earlier` are the hashes of those before it.
    pub(crate) fn ending_with(earlier: Vec<[u8; 32]>, last: SignedHead) -> Self {
        let mut heads = Self { hashes: earlier, newest: VecDeque::new() };
        heads.add(VerifiedHead { head: last, changes: None });
        heads
    }

    /// Adds a head and what it changed.
    pub(crate) fn push(&mut self, head: SignedHead, changes: &[SealedChange]) {
        let changes = changes.iter().map(SealedChange::without_ciphertext).collect();
        self.add(VerifiedHead { head, changes: Some(changes) });
    }

    fn add(&mut self, verified: VerifiedHead) {
        self.hashes.push(verified.head.body().hash());
        self.newest.push_back(verified);
        if self.newest.len() > usize::from(KEPT_HEADS) {
            self.newest.pop_front();
        }
    }

    /// Adds the heads that follow.
    pub(crate) fn append(&mut self, mut later: Self) {
        self.hashes.append(&mut later.hashes);
        self.newest.append(&mut later.newest);
        let surplus = self.newest.len().saturating_sub(usize::from(KEPT_HEADS));
        self.newest.drain(..surplus);
    }

    pub(crate) fn hashes(&self) -> &[[u8; 32]] {
        &self.hashes
    }

    /// Returns the hash of the head with this counter, if it is one of these.
    pub(crate) fn hash_at(&self, counter: u64) -> Option<[u8; 32]> {
        let last = self.newest.back()?.head.body().counter;
        let back = usize::try_from(last.checked_sub(counter)?).ok()?;
        self.hashes.iter().rev().nth(back).copied()
    }

    /// Returns the newest heads, in their order.
    pub(crate) fn newest(&self) -> impl DoubleEndedIterator<Item = &SignedHead> {
        self.newest.iter().map(|verified| &verified.head)
    }

    /// Returns what the newest heads changed, as far as this device has seen it, with their
    /// counters.
    pub(crate) fn newest_changes(&self) -> impl Iterator<Item = (u64, &[SealedChange])> {
        self.newest
            .iter()
            .filter_map(|verified| Some((verified.head.body().counter, verified.changes.as_deref()?)))
    }
}

impl From<&Commit> for VerifiedHeads {
    fn from(commit: &Commit) -> Self {
        let mut heads = Self::default();
        heads.push(commit.head, &commit.changes);
        heads
    }
}

/// A head whose changes are not kept: nobody can put back the genesis.
impl From<SignedHead> for VerifiedHeads {
    fn from(head: SignedHead) -> Self {
        Self::ending_with(Vec::new(), head)
    }
}
