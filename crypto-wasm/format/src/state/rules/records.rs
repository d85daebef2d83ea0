use crate::change::Change;
use crate::ids::RecordId;
use crate::leaf::{Leaf, LeafId, RecordLeaf};
use crate::state::leaves::Leaves;

/// Returns whether the change of a record is allowed, `None` if the change is about another kind of
/// object.
pub(super) fn check_change(before: &Leaves, change: &Change) -> Option<bool> {
    match change {
        Change::Record(id, leaf) => Some(is_valid_write(before, *id, leaf)),
        Change::Tombstone(id, version) => Some(match before.get(LeafId::Record(*id)) {
            Some(Leaf::Record(record)) => {
                *version > record.overview_version && *version > record.secret_version
            }
            _ => false,
        }),
        _ => None,
    }
}

/// Returns whether a record may be written like this. Both parts of a new record are at version 1.
/// Each part of a known record stays or increases its version by one, and at least one of them
/// does.
fn is_valid_write(before: &Leaves, id: RecordId, new: &RecordLeaf) -> bool {
    let Some(Leaf::Record(old)) = before.get(LeafId::Record(id)) else {
        return !before.contains(LeafId::Tombstone(id))
            && new.overview_version == 1
            && new.secret_version == 1;
    };
    let overview_stays =
        (new.overview_version, new.overview_hash) == (old.overview_version, old.overview_hash);
    let secret_stays = (new.secret_version, new.secret_hash) == (old.secret_version, old.secret_hash);
    let overview_up = old.overview_version.checked_add(1) == Some(new.overview_version);
    let secret_up = old.secret_version.checked_add(1) == Some(new.secret_version);
    (overview_stays || overview_up) && (secret_stays || secret_up) && !(overview_stays && secret_stays)
}
