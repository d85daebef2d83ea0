use crate::change::Change;
use crate::ids::{RecordId, VaultId};
use crate::leaf::{Leaf, LeafId, RecordLeaf};
use crate::state::leaves::Leaves;

/// Returns whether the change is one that a write may contain: a record is added, changed or
/// deleted. A record with live shares keeps its secret and is not deleted, since both happen only
/// together with its shares.
pub(super) fn is_allowed(before: &Leaves, vault: VaultId, change: &Change) -> bool {
    match change {
        Change::Record(id, new) => {
            is_valid_write(before, *id, new)
                && (!has_shares(before, *id)
                    || before.record(*id).is_some_and(|old| new.has_same_secret(old)))
        }
        Change::Tombstone(id, version) => {
            !has_shares(before, *id) && is_valid_deletion(before, vault, *id, *version)
        }
        _ => false,
    }
}

fn has_shares(before: &Leaves, id: RecordId) -> bool {
    before.shares_of(id).next().is_some()
}

/// Returns whether a record may be deleted with a tombstone of this version. The profile is never
/// deleted. A tombstone that is there, as in a state that was taken without its past, is not added
/// again.
pub(super) fn is_valid_deletion(before: &Leaves, vault: VaultId, id: RecordId, version: u64) -> bool {
    id.as_bytes() != vault.as_bytes()
        && !before.contains(LeafId::Tombstone(id))
        && before.record(id).is_some_and(|old| version > old.overview_version && version > old.secret_version)
}

/// Returns whether a record may be written like this. Both parts of a new record are at version 1,
/// and no live share names it, which only happens in a state that was taken without its past.
/// Each part of a known record stays or increases its version by one, and at least one of them
/// does.
pub(super) fn is_valid_write(before: &Leaves, id: RecordId, new: &RecordLeaf) -> bool {
    let Some(Leaf::Record(old)) = before.get(LeafId::Record(id)) else {
        return !before.contains(LeafId::Tombstone(id))
            && !has_shares(before, id)
            && new.overview_version == 1
            && new.secret_version == 1;
    };
    let overview_stays = new.has_same_overview(old);
    let secret_stays = new.has_same_secret(old);
    let overview_up = old.overview_version.checked_add(1) == Some(new.overview_version);
    let secret_up = old.secret_version.checked_add(1) == Some(new.secret_version);
    (overview_stays || overview_up) && (secret_stays || secret_up) && !(overview_stays && secret_stays)
}
