//! Rules for which changes each operation may make (FORMAT.md, section 7).

mod devices;
mod genesis;
pub(super) mod proposal;
mod records;
mod sign_in_methods;
mod wallet;

use std::collections::BTreeSet;

use self::proposal::Proposal;
use super::leaves::Leaves;
use crate::change::Change;
use crate::head::Op;
use crate::leaf::LeafId;
use crate::version::FIRST_FORMAT;

/// Returns whether the changes follow the rules of the operation, change each object at most once,
/// and name no device that cannot read the vault.
pub(super) fn is_allowed(proposal: &Proposal<'_>, before: &Leaves) -> bool {
    let changes = proposal.changes;
    let mut seen = BTreeSet::new();
    let once = changes.iter().all(|change| seen.insert(subject(change)));
    let readable = changes
        .iter()
        .all(|change| !matches!(change, Change::Device(_, leaf) if leaf.max_format < FIRST_FORMAT));
    once && readable
        && match proposal.op {
            Op::Genesis => genesis::allowed(proposal.vault, proposal.writer, changes),
            Op::Write => {
                !changes.is_empty()
                    && changes.iter().all(|change| proposal.allows_record_change(before, change))
            }
            Op::Join => devices::join_allowed(before, proposal.writer, changes),
            Op::SignInMethods => sign_in_methods::allowed(proposal, before),
            Op::Wallet => wallet::allowed(proposal, before),
            Op::Devices => devices::allowed(proposal, before),
        }
}

/// Returns the object that a change is about. A record and its tombstone are the same object.
fn subject(change: &Change) -> LeafId {
    match change {
        Change::Tombstone(id, _) => LeafId::Record(*id),
        other => other.leaf().0,
    }
}
