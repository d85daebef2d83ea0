//! A recovery code that was just created, until it is confirmed.

use crystallum_core::{Entropy, HeadBody, MethodId, RecoveryCode};

use crate::vault::change::{Commit, SealedChange};

/// The number of groups in a code.
const GROUPS: u8 = 8;

/// How long a code stays in memory, in milliseconds: an hour, so that it can be written down. It is
/// limited because a malicious script in an open page could read the code while it is there.
const SHEET_LIFETIME: u64 = 60 * 60 * 1_000;

/// A new code that has not been confirmed yet.
pub(crate) struct FreshSheet {
    pub(crate) code: RecoveryCode,
    /// Its sign-in method. The sheet may be shown only once it is part of the vault.
    pub(crate) method: MethodId,
    pub(crate) created: u64,
    /// The head that adds the method, once it was signed. The sheet names this one and none after
    /// it, so that it asks for no newer vault than the one that its code came into.
    pub(crate) added_by: Option<HeadBody>,
    pub(crate) asked_groups: [u8; 2],
}

/// A sheet that was confirmed in a session of the vault's key, in which that cannot be written. It
/// is written together with the next passkey.
#[derive(Clone, Copy, Debug)]
pub(crate) struct ConfirmedSheet {
    pub(crate) method: MethodId,
    pub(crate) created: u64,
    pub(crate) confirmed: u64,
}

impl FreshSheet {
    /// Creates the sheet of a new code.
    pub(crate) fn new(entropy: &mut impl Entropy, code: RecoveryCode, method: MethodId, now: u64) -> Self {
        Self { code, method, created: now, added_by: None, asked_groups: two_groups(entropy) }
    }

    /// Takes note of a signed commit, if it is the one that adds the method.
    pub(crate) fn note_commit(&mut self, commit: &Commit) {
        let method = self.method;
        let adds = |change: &SealedChange| match change {
            SealedChange::Keyslot(_, leaf, _) => leaf.method == method,
            _ => false,
        };
        if commit.changes.iter().any(adds) {
            self.added_by = Some(*commit.head.body());
        }
    }

    pub(crate) fn is_expired(&self, now: u64) -> bool {
        now.saturating_sub(self.created) >= SHEET_LIFETIME
    }
}

/// Chooses two different groups, counted from 1, in ascending order. The choice does not need to be
/// uniform, only different from time to time.
fn two_groups(entropy: &mut impl Entropy) -> [u8; 2] {
    let mut random = [0; 2];
    entropy.fill(&mut random);
    let first = random[0] % GROUPS;
    let second = (first + 1 + random[1] % (GROUPS - 1)) % GROUPS;
    [first.min(second) + 1, first.max(second) + 1]
}
