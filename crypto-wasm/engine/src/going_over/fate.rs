//! What becomes of each record that differs between two histories.

use std::collections::BTreeSet;

use crystallum_core::{LeafId, Overview, RecordId, ShareId, ShareLeaf, VaultState};
use crystallum_messages::going_over::{Fate, Place};

use crate::going_over::other_history::OtherHistory;
use crate::going_over::own_branch::OwnBranch;
use crate::vault::open_vault::OpenVault;
use crate::vault::part::Parts;
use crate::vault::pending::Pending;

/// A record that differs.
pub(super) struct Differing {
    pub(super) id: RecordId,
    /// Its overview in the history of this device or, if it is not there, in the other one; `None`
    /// if it cannot be read.
    pub(super) overview: Option<Overview>,
    pub(super) place: Place,
    pub(super) fate: Fate,
}

/// Returns the records that differ, in the order of their ids.
pub(super) fn list_differing(vault: &OpenVault, own: &OwnBranch, other: &OtherHistory) -> Vec<Differing> {
    let pending = vault.pending.as_ref().and_then(Pending::record).map(|(id, _)| id);
    let ids: BTreeSet<RecordId> =
        vault.objects.records.keys().chain(other.objects.records.keys()).copied().chain(pending).collect();
    ids.into_iter().filter_map(|id| compare_record(vault, own, other, id)).collect()
}

fn compare_record(
    vault: &OpenVault,
    own: &OwnBranch,
    other: &OtherHistory,
    id: RecordId,
) -> Option<Differing> {
    let theirs = other.objects.records.get(&id);
    let Some(mine) = vault.parts(id) else {
        let overview = vault.open_overview(id, theirs?).ok();
        return Some(Differing { id, overview, place: Place::Server, fate: Fate::ServersCounts });
    };
    if other.state.record(id) == Some(&mine.leaf()) {
        return None;
    }
    let place = if theirs.is_some() { Place::Both } else { Place::Here };
    let overview = vault.open_overview(id, mine).ok();
    let fate = choose_fate(vault, own, other, (id, mine), overview.as_ref());
    Some(Differing { id, overview, place, fate })
}

/// Chooses what becomes of a record of this device. Only exchange keys are copied, since a copy of
/// anything else would have no shares, slot or device; those give way, and so does what nobody has
/// changed in this history.
fn choose_fate(
    vault: &OpenVault,
    own: &OwnBranch,
    other: &OtherHistory,
    (id, mine): (RecordId, &Parts),
    overview: Option<&Overview>,
) -> Fate {
    let can_be_added = other.state.record(id).is_none() && other.state.leaf(LeafId::Tombstone(id)).is_none();
    match overview {
        Some(Overview::Profile { .. } | Overview::SignInMethod(_) | Overview::Device(_)) => {
            Fate::ServersCounts
        }
        Some(Overview::Wallet(_)) => match shares(&vault.state, id) == shares(&other.state, id) {
            true => Fate::ServersCounts,
            false => Fate::MakeAgain,
        },
        Some(Overview::Key(_)) | None if !own.has_changed(id) => Fate::ServersCounts,
        Some(Overview::Key(_)) if mine.secret.here().is_none() => Fate::MakeAgain,
        Some(Overview::Key(_)) if can_be_added => Fate::ComesAlong,
        Some(Overview::Key(_)) => Fate::Copied,
        // It is carried over as it is sealed, which is possible only for the first versions.
        None if can_be_added && is_first(mine) => Fate::ComesAlong,
        None => Fate::SetAside,
    }
}

/// Returns whether these are the parts of a record that was written once, so that it can be added
/// as it is.
pub(super) fn is_first(parts: &Parts) -> bool {
    (parts.overview.version, parts.secret.version()) == (1, 1) && parts.secret.here().is_some()
}

fn shares(state: &VaultState, wallet: RecordId) -> Vec<(ShareId, ShareLeaf)> {
    state.shares_of(wallet).map(|(id, leaf)| (id, *leaf)).collect()
}
