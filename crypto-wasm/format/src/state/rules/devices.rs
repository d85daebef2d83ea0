use super::proposal::Proposal;
use super::records::is_valid_write;
use crate::change::Change;
use crate::ids::DeviceId;
use crate::leaf::LeafId;
use crate::state::leaves::Leaves;

/// Allows exactly one device, which is the writer, is not live yet, has a key that no live device
/// has, and names a live sign-in method. Beside it, the record with the device's id may be added.
pub(super) fn join_allowed(before: &Leaves, writer: DeviceId, changes: &[Change]) -> bool {
    let (device, record) = match changes {
        [device] => (device, None),
        [device @ Change::Device(..), record] | [record, device] => (device, Some(record)),
        _ => return false,
    };
    let joins = match device {
        Change::Device(id, leaf) => {
            *id == writer
                && !before.contains(LeafId::Device(*id))
                && before.devices().all(|(_, live)| live.key != leaf.key)
                && before.has_method(leaf.added_by)
        }
        _ => false,
    };
    let names = |record: &Change| match record {
        Change::Record(id, leaf) => {
            id.as_bytes() == writer.as_bytes()
                && !before.contains(LeafId::Record(*id))
                && is_valid_write(before, *id, leaf)
        }
        _ => false,
    };
    joins && record.is_none_or(names)
}

/// Allows removals of live devices other than the writer, a higher format for the writer itself,
/// and record changes as in a write. At least one device must change.
pub(super) fn allowed(proposal: &Proposal<'_>, before: &Leaves) -> bool {
    let mut devices_changed = false;
    for change in proposal.changes {
        let is_allowed = match change {
            Change::DeviceRemoved(id) => {
                devices_changed = true;
                *id != proposal.writer && before.contains(LeafId::Device(*id))
            }
            Change::Device(id, new) => {
                devices_changed = true;
                *id == proposal.writer
                    && before.device(*id).is_some_and(|old| {
                        (new.key, new.added_by) == (old.key, old.added_by) && new.max_format > old.max_format
                    })
            }
            other => proposal.allows_record_change(before, other),
        };
        if !is_allowed {
            return false;
        }
    }
    devices_changed
}
