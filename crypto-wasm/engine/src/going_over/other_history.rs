//! The history that the server shows instead of this device's own. It is fetched and verified as by
//! a device that is new to the vault, and nothing of it is adopted here.

use crystallum_core::{DeviceLeaf, History, MethodId, Overview, RecordId, VaultState};
use crystallum_messages::going_over::SeenHead;
use crystallum_messages::session::Failure;
use crystallum_messages::{Alarm, NotGoneOver, ServerFailure, VaultFailure};

use crate::going_over::common_past::find_common_past;
use crate::going_over::own_branch::OwnBranch;
use crate::ports::{Ports, Transport};
use crate::sync::checkpoint::{Extent, Fetched, fetch_keyslots};
use crate::sync::floor::Floor;
use crate::sync::pull::PullFailed;
use crate::vault::objects::Objects;
use crate::vault::open_vault::OpenVault;
use crate::vault::part::Parts;
use crate::vault::slots::slots_of_method;
use crate::vault::verified_heads::VerifiedHeads;
use crate::wire::client::Client;

/// A verified state that does not descend from the one of this device.
pub(super) struct OtherHistory {
    pub(super) state: VaultState,
    pub(super) objects: Objects,
    /// The heads that were verified.
    pub(super) heads: VerifiedHeads,
    /// The history log before them.
    pub(super) before: History,
    /// The newest change that it has in common with the history of this device, if this device has
    /// ever seen it.
    pub(super) common: Option<u64>,
}

/// Fetches and verifies what the server shows. The keys of the open vault take the place of a
/// passkey: they derive from the same root. Before a history is adopted, all of its secrets are
/// fetched: they take the place of this device's own, which the server could otherwise make it
/// give up for nothing.
pub(super) async fn fetch_other_history<P: Ports>(
    ports: &P,
    vault: &OpenVault,
    extent: Extent,
) -> Result<OtherHistory, Failure> {
    let alarm = vault.alarm.as_ref().map(|kept| &kept.alarm);
    if !matches!(alarm, Some(Alarm::Fork { .. } | Alarm::Disowned { .. } | Alarm::Rollback { .. })) {
        return Err(Failure::NotGoneOver(NotGoneOver::NoOtherHistory));
    }
    let client = Client(ports.transport());
    if client.session().await?.vault != vault.id() {
        return Err(ServerFailure::SessionExpired.into());
    }
    let Fetched { state, objects, heads, before } = fetch(&client, vault, extent).await.map_err(refuse)?;
    if state.head().body().epoch != vault.state.head().body().epoch {
        return Err(Failure::NotGoneOver(NotGoneOver::Unproved));
    }
    let common = find_common_past(ports, vault, &state).await?;
    if common == Some(vault.counter()) {
        return Err(Failure::NotGoneOver(NotGoneOver::NoOtherHistory));
    }
    Ok(OtherHistory { state, objects, heads, before, common })
}

async fn fetch(
    client: &Client<'_, impl Transport>,
    vault: &OpenVault,
    extent: Extent,
) -> Result<Fetched, PullFailed> {
    let unproved = fetch_keyslots(client, vault.id()).await?;
    unproved.prove(&vault.signer.verifier())?.fetch_rest(client, extent).await
}

/// The alarm that this device is in stays; what is refused here says less than it.
fn refuse(failed: PullFailed) -> Failure {
    match failed {
        PullFailed::Alarm(Alarm::TooNew) => VaultFailure::Alarm(Alarm::TooNew).into(),
        PullFailed::Alarm(_) | PullFailed::Conflicting(..) => Failure::NotGoneOver(NotGoneOver::Unproved),
        failed @ (PullFailed::Call(_) | PullFailed::TooMuchAtOnce) => VaultFailure::from(failed).into(),
    }
}

impl OtherHistory {
    pub(super) fn newest(&self) -> SeenHead {
        let body = self.state.head().body();
        SeenHead { change: body.counter, hash: body.hash() }
    }

    /// Returns the record that names a sign-in method in this history.
    pub(super) fn method_record(&self, vault: &OpenVault, method: MethodId) -> Option<(RecordId, Parts)> {
        let is_named = |id: RecordId, parts: &Parts| {
            let overview = vault.open_overview(id, parts);
            matches!(overview, Ok(Overview::SignInMethod(named)) if named.method == method)
        };
        let found = self.objects.records.iter().find(|(id, parts)| is_named(**id, parts));
        found.map(|(id, parts)| (*id, parts.clone()))
    }

    /// Checks that this is the history that somebody has looked at, perhaps with later changes.
    pub(super) async fn check_seen<P: Ports>(&self, ports: &P, seen: SeenHead) -> Result<(), Failure> {
        let floor = Floor { counter: seen.change, head: Some(seen.hash) };
        match floor.is_reached(&Client(ports.transport()), &self.state, None).await? {
            true => Ok(()),
            false => Err(Failure::NotGoneOver(NotGoneOver::Moved)),
        }
    }

    /// Returns why this device cannot go over to this history, if it cannot. What opened the vault
    /// must open it afterwards, and a device that was removed does not enter by itself.
    pub(super) fn hindrance(&self, vault: &OpenVault, own: &OwnBranch) -> Option<NotGoneOver> {
        let own_slots = slots_of_method(&vault.state, vault.opened_by);
        let is_there = |slot| {
            let own_leaf = vault.state.keyslot(slot);
            own_leaf.is_some() && own_leaf == self.state.keyslot(slot)
        };
        if own_slots.is_empty() || !own_slots.into_iter().all(is_there) {
            return Some(NotGoneOver::MethodNotThere);
        }
        let key = |state: &VaultState| state.device(vault.device).map(|leaf: &DeviceLeaf| leaf.key);
        match key(&self.state) {
            None if !own.has_joined => Some(NotGoneOver::RemovedThere),
            Some(there) if Some(there) != key(&vault.state) => Some(NotGoneOver::Unproved),
            _ => None,
        }
    }
}
