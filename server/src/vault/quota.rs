use crystallum_api::RemainingQuota;
use crystallum_format::head::Op;

use crate::store::accounts::Account;
use crate::vault::disk_quota::Need;

/// The quotas of an account.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Quotas {
    /// The largest number of live records.
    pub(crate) records: u64,
    /// The largest size of their blobs in bytes. Heads and changes, which only grow, may take the
    /// same size again. Earlier secrets use what the blobs leave free.
    pub(crate) bytes: u64,
    /// The largest number of entries of the vault, which are the leaves of its tree.
    pub(crate) entries: u64,
}

/// How many entries a vault may have beyond that for devices and sign-in methods, so that a full
/// one keeps nobody out, and keeps no stolen passkey in: 100 methods with their names.
pub(super) const ACCESS_ENTRIES: u64 = 300;

/// How much history an account may have beyond its quota for what makes its vault safer or smaller,
/// so that whoever has filled the history cannot keep a stolen passkey or device in the vault.
const HISTORY_RESERVE: u64 = 1 << 20;
/// How many records and bytes of blobs an account may have beyond its quota for devices that join
/// and for sign-in methods, which have a record each.
const ACCESS_RECORDS: u64 = 64;
const ACCESS_BYTES: u64 = ACCESS_RECORDS * 4_096;

impl Quotas {
    /// Returns the quota that is left.
    pub(crate) fn remaining(self, used: &Account) -> RemainingQuota {
        let bytes = self.bytes.saturating_sub(used.bytes.max(used.history));
        let access = self.bytes.saturating_sub(used.bytes);
        let access = access.min((self.bytes + HISTORY_RESERVE).saturating_sub(used.history));
        RemainingQuota { records: self.records.saturating_sub(used.records), bytes, access }
    }

    /// Returns whether a write may change the usage from `before` to `after`. An account over its
    /// quota may still make writes that use no more than before, and one whose history is full
    /// those that need it to be safe.
    pub(crate) fn allows(self, before: &Account, after: &Account, need: Option<Need>) -> bool {
        let reserve = if need == Some(Need::Ordinary) { 0 } else { HISTORY_RESERVE };
        let (records, bytes) =
            if need == Some(Need::Access) { (ACCESS_RECORDS, ACCESS_BYTES) } else { (0, 0) };
        let fits = |limit: u64, before: u64, after: u64| after <= limit || after <= before;
        fits(self.records + records, before.records, after.records)
            && fits(self.bytes + bytes, before.bytes, after.bytes)
            && (after.history <= self.bytes + reserve || total(after) <= total(before))
    }

    /// Returns whether a vault may have so many entries after an operation. Tombstones stay for
    /// ever. Without a bound, a vault of many deleted records would cost everybody the time and
    /// memory that its state takes.
    pub(super) const fn has_room(self, op: Op, before: u64, after: u64) -> bool {
        let reserve = match op {
            Op::Join | Op::SignInMethods | Op::Devices => ACCESS_ENTRIES,
            Op::Genesis | Op::Write | Op::Wallet => 0,
        };
        after <= self.entries + reserve || after <= before
    }
}

/// Returns all bytes that an account uses.
pub(super) fn total(account: &Account) -> u64 {
    account.bytes + account.history + account.kept
}

/// Returns a number of bytes as it counts towards a quota.
pub(super) fn length(bytes: usize) -> u64 {
    u64::try_from(bytes).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    const QUOTAS: Quotas = Quotas { records: 10, bytes: 1_000, entries: 100 };

    fn used(records: u64, bytes: u64, history: u64) -> Account {
        Account { counter: 1, records, bytes, history, kept: 0 }
    }

    fn allows(before: &Account, after: &Account) -> bool {
        QUOTAS.allows(before, after, Some(Need::Ordinary))
    }

    #[test]
    fn limits_are_exact() {
        let start = used(9, 900, 900);
        assert!(allows(&start, &used(10, 1_000, 1_000)));
        assert!(!allows(&start, &used(11, 1_000, 1_000)));
        assert!(!allows(&start, &used(10, 1_001, 1_000)));
        assert!(!allows(&start, &used(10, 1_000, 1_001)));
        assert_eq!(QUOTAS.remaining(&start), RemainingQuota { records: 1, bytes: 100, access: 100 });
    }

    #[test]
    fn a_full_account_has_room_for_devices_and_sign_in_methods() {
        let full = used(10, 1_000, 900);
        let joined = used(11, 3_000, 900);
        assert!(!allows(&full, &joined));
        assert!(QUOTAS.allows(&full, &joined, Some(Need::Access)));
        assert!(!QUOTAS.allows(&full, &used(10 + ACCESS_RECORDS + 1, 3_000, 900), Some(Need::Access)));
        assert!(!QUOTAS.allows(&full, &used(11, 1_001 + ACCESS_BYTES, 900), Some(Need::Access)));
    }

    #[test]
    fn a_full_vault_has_room_for_devices_and_sign_in_methods() {
        let full = QUOTAS.entries;
        for op in [Op::Write, Op::Wallet] {
            assert!(QUOTAS.has_room(op, full - 1, full));
            assert!(!QUOTAS.has_room(op, full, full + 1));
            assert!(QUOTAS.has_room(op, full + 2, full + 2), "{op:?} adds nothing");
            assert!(QUOTAS.has_room(op, full + 2, full + 1), "{op:?} takes away");
        }
        for op in [Op::Join, Op::SignInMethods, Op::Devices] {
            assert!(QUOTAS.has_room(op, full, full + 3), "{op:?}");
            assert!(QUOTAS.has_room(op, full, full + ACCESS_ENTRIES), "{op:?}");
            assert!(!QUOTAS.has_room(op, full, full + ACCESS_ENTRIES + 1), "{op:?}");
        }
    }

    #[test]
    fn whoever_is_over_can_get_below() {
        let over = used(12, 1_200, 500);
        assert!(allows(&over, &used(11, 1_100, 600)));
        assert!(allows(&over, &used(12, 1_200, 600)));
        assert!(!allows(&over, &used(12, 1_201, 600)));
        assert_eq!(QUOTAS.remaining(&over), RemainingQuota { records: 0, bytes: 0, access: 0 });
    }

    #[test]
    fn a_full_history_leaves_room_for_deletions_only() {
        let full = used(5, 500, 1_000);
        assert!(allows(&full, &used(4, 400, 1_100)));
        assert!(!allows(&full, &used(5, 500, 1_100)));
        assert_eq!(QUOTAS.remaining(&full), RemainingQuota { records: 5, bytes: 0, access: 500 });
    }

    #[test]
    fn a_full_history_keeps_nobody_from_making_a_vault_safe() {
        let full = used(5, 500, 1_000);
        for need in [None, Some(Need::Access)] {
            assert!(QUOTAS.allows(&full, &used(5, 500, 1_000 + HISTORY_RESERVE), need));
            assert!(!QUOTAS.allows(&full, &used(5, 500, 1_001 + HISTORY_RESERVE), need));
            let most = if need == Some(Need::Access) { 1_000 + ACCESS_BYTES } else { 1_000 };
            assert!(!QUOTAS.allows(&full, &used(5, most + 1, 1_100), need));
        }
    }
}
