//! What the sweep does with a share, given what its store and the main database say about it.

use crystallum_share_store::Listed;

use crate::store::shares::ShareRow;

/// How long a share is kept that no commit has named, or that a commit has removed.
const GRACE_SECONDS: i64 = 24 * 3_600;
/// How long a share is kept that a commit had named and that the main database no longer knows.
pub(super) const FORGOTTEN_SECONDS: i64 = 90 * 24 * 3_600;

/// What the sweep does with a share in a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Action {
    Keep,
    Claim,
    Orphan,
    Discard,
}

/// What decides over deleting, with times in seconds since the Unix epoch.
#[derive(Clone, Copy)]
pub(super) struct Times {
    pub(super) now: i64,
    /// Up to when the main database may have forgotten shares.
    pub(super) distrusted: Option<i64>,
    /// Whether anything may be deleted at all.
    pub(super) may_delete: bool,
}

/// What the main database says about a share.
#[derive(Clone, Copy)]
pub(super) enum Word {
    /// A commit has named it, and another one may have removed it.
    Named(ShareRow),
    /// Its account was deleted.
    AccountDeleted,
    Unknown,
}

/// Decides over a share.
pub(super) fn decide(share: &Listed, word: Word, times: Times) -> Action {
    let until = match word {
        Word::Named(ShareRow { removed_at: None, .. }) if share.claimed && share.orphaned_at.is_none() => {
            return Action::Keep;
        }
        Word::Named(ShareRow { removed_at: None, .. }) => return Action::Claim,
        _ if !times.may_delete => return Action::Keep,
        Word::Named(ShareRow { removed_at: Some(removed_at), .. }) => {
            removed_at.saturating_add(GRACE_SECONDS)
        }
        Word::AccountDeleted => times.now,
        Word::Unknown if times.distrusted.is_some_and(|time| share.created <= time) => return Action::Keep,
        Word::Unknown if !share.claimed => share.created.saturating_add(GRACE_SECONDS),
        // The main database has forgotten it, for whatever reason.
        Word::Unknown => match share.orphaned_at {
            None => return Action::Orphan,
            Some(orphaned) => orphaned.saturating_add(FORGOTTEN_SECONDS),
        },
    };
    if until <= times.now { Action::Discard } else { Action::Keep }
}

#[cfg(test)]
mod tests {
    use crystallum_api::Id;
    use crystallum_share_store::Key;

    use super::*;

    const NOW: i64 = 1_800_000_000;
    const DAY: i64 = 86_400;
    const TRUSTED: Times = Times { now: NOW, distrusted: None, may_delete: true };

    fn listed(claimed: bool, created: i64, orphaned: Option<i64>) -> Listed {
        Listed {
            key: Key { account: Id([1; 16]), share: Id([2; 16]) },
            claimed,
            created,
            orphaned_at: orphaned,
        }
    }

    fn named(removed_at: Option<i64>) -> Word {
        Word::Named(ShareRow { store: Id([3; 16]), hash: [4; 32], removed_at })
    }

    #[test]
    fn shares_of_a_vault_are_kept_for_ever() {
        for created in [0, NOW] {
            assert_eq!(decide(&listed(true, created, None), named(None), TRUSTED), Action::Keep);
            assert_eq!(decide(&listed(false, created, None), named(None), TRUSTED), Action::Claim);
            assert_eq!(decide(&listed(true, created, Some(0)), named(None), TRUSTED), Action::Claim);
        }
    }

    #[test]
    fn shares_that_were_never_named_or_removed_are_discarded_after_a_day() {
        for (since, then) in
            [(NOW - DAY, Action::Discard), (NOW - DAY + 1, Action::Keep), (NOW + 5, Action::Keep)]
        {
            assert_eq!(decide(&listed(false, since, None), Word::Unknown, TRUSTED), then, "pending");
            assert_eq!(decide(&listed(true, 0, None), named(Some(since)), TRUSTED), then, "gone");
            assert_eq!(
                decide(&listed(false, 0, None), named(Some(since)), TRUSTED),
                then,
                "gone before its claim"
            );
        }
    }

    #[test]
    fn claimed_shares_that_were_forgotten_are_kept_for_ninety_days() {
        assert_eq!(decide(&listed(true, 0, None), Word::Unknown, TRUSTED), Action::Orphan);
        for (since, then) in [(NOW - 90 * DAY, Action::Discard), (NOW - 90 * DAY + 1, Action::Keep)] {
            assert_eq!(decide(&listed(true, 0, Some(since)), Word::Unknown, TRUSTED), then);
        }
    }

    #[test]
    fn shares_of_a_deleted_account_are_discarded_at_once() {
        for share in [listed(true, NOW, None), listed(true, 0, Some(NOW)), listed(false, NOW, None)] {
            assert_eq!(decide(&share, Word::AccountDeleted, TRUSTED), Action::Discard);
        }
    }

    #[test]
    fn a_database_that_has_forgotten_shares_deletes_none_of_them() {
        let distrusted = Times { distrusted: Some(NOW - DAY * 200), ..TRUSTED };
        for share in [listed(true, 0, None), listed(true, 0, Some(0)), listed(false, 0, None)] {
            assert_eq!(decide(&share, Word::Unknown, distrusted), Action::Keep);
        }
        // What it knows, it decides, and so for shares that came later.
        assert_eq!(decide(&listed(true, 0, None), named(Some(0)), distrusted), Action::Discard);
        assert_eq!(decide(&listed(false, NOW - DAY, None), Word::Unknown, distrusted), Action::Discard);
    }

    #[test]
    fn without_trust_shares_are_claimed_and_nothing_else_happens() {
        let none = Times { may_delete: false, ..TRUSTED };
        assert_eq!(decide(&listed(false, 0, None), named(None), none), Action::Claim);
        for share in [listed(true, 0, None), listed(true, 0, Some(0)), listed(false, 0, None)] {
            for word in [Word::Unknown, Word::AccountDeleted, named(Some(0))] {
                assert_eq!(decide(&share, word, none), Action::Keep);
            }
        }
    }
}
