//! Loading a stored vault, which is verified before it is used.

use crystallum_core::{Blob, DeviceId, Malformed, VaultId, VaultState};

use crate::local::alarms::{ALARM, ENDED, alarm_from_bytes, ended_from_bytes};
use crate::local::aside::{ASIDE, aside_from_bytes};
use crate::local::gone_over::{GONE_OVER, ITEMS, gone_over_from_bytes};
use crate::local::joins::{JOINS, join_from_bytes};
use crate::local::load_error::LoadError;
use crate::local::read::{get_value, scan_room};
use crate::local::schema::{OVERVIEWS, REMOVED, storage_key};
use crate::local::verified::{load_verified, stored_head};
use crate::ports::{LocalStore, StoreFailed};
use crate::vault::alarm::{EndedAlarm, KeptAlarm};
use crate::vault::aside::Aside;
use crate::vault::change::{SealedChange, SignedWrite};
use crate::vault::disowned::DisownedHeads;
use crate::vault::gone_over::GoneOver;
use crate::vault::join::Join;
use crate::vault::objects::Objects;
use crate::vault::orphans::Orphans;
use crate::vault::slots::passkey_id;
use crate::vault::verified_vault::VerifiedVault;
use crate::wire::stored::{change_from_json, signed_write_from_json};

/// A vault as it is stored on this device.
pub(crate) struct StoredVault {
    pub(crate) device: DeviceId,
    /// Whether another device has removed this one.
    pub(crate) is_removed: bool,
    pub(crate) state: VaultState,
    pub(crate) objects: Objects,
    pub(crate) pending: Option<SignedWrite>,
    /// The alarm that the device is in.
    pub(crate) alarm: Option<KeptAlarm>,
    /// The alarms that are over and that nobody has looked at yet, oldest first.
    pub(crate) ended: Vec<EndedAlarm>,
    /// What the device does, or has done, since it went over to another history.
    pub(crate) gone_over: Option<GoneOver>,
    pub(crate) disowned: DisownedHeads,
    pub(crate) orphans: Orphans,
    /// What was set aside, oldest first.
    pub(crate) aside: Vec<Aside>,
    /// The devices that entered the vault and that nobody has looked at yet, oldest first.
    pub(crate) joins: Vec<Join>,
    /// The sealed snapshot of the overviews.
    pub(crate) snapshot: Option<Blob>,
}

/// Loads and verifies a vault, all but what is `preloaded` and still stored. Returns `None` if this
/// device does not know the vault.
pub(crate) async fn load_vault(
    store: &impl LocalStore,
    vault: VaultId,
    preloaded: Option<VerifiedVault>,
) -> Result<Option<StoredVault>, LoadError> {
    let Some(head) = stored_head(store, vault).await? else { return Ok(None) };
    let verified = match preloaded.filter(|preloaded| preloaded.is_at(&head)) {
        Some(verified) => verified,
        None => match load_verified(store, vault).await? {
            Some(verified) => verified,
            None => return Ok(None),
        },
    };
    match load_rest(store, verified).await {
        // Another tab may have forgotten the vault in the meantime.
        Err(LoadError::Damaged) if stored_head(store, vault).await?.is_none() => Ok(None),
        loaded => loaded.map(Some),
    }
}

/// Loads what this device stores beside the verified state, and which can change without it.
async fn load_rest(store: &impl LocalStore, verified: VerifiedVault) -> Result<StoredVault, LoadError> {
    let vault = verified.id();
    let get = async |name| get_value(store, vault, name).await;
    let rest = Rest {
        device: get("device").await?,
        is_removed: get(REMOVED).await?.is_some(),
        pending: get("pending").await?,
        request: get("methods").await?,
        alarm: get(ALARM).await?,
        ended: get(ENDED).await?,
        gone_over: get(GONE_OVER).await?,
        items: scan_room(store, vault, ITEMS).await?,
        disowned: get("disowned").await?,
        orphans: get("orphans").await?,
        snapshot: get(OVERVIEWS).await?,
        aside: scan_room(store, vault, ASIDE).await?,
        joins: scan_room(store, vault, JOINS).await?,
    };
    rest.parse(verified).map_err(|Malformed| LoadError::Damaged)
}

/// What is stored beside the verified state.
struct Rest {
    device: Option<Vec<u8>>,
    is_removed: bool,
    pending: Option<Vec<u8>>,
    /// The request that carries the pending write.
    request: Option<Vec<u8>>,
    alarm: Option<Vec<u8>>,
    ended: Option<Vec<u8>>,
    gone_over: Option<Vec<u8>>,
    items: Vec<(String, Vec<u8>)>,
    disowned: Option<Vec<u8>>,
    orphans: Option<Vec<u8>>,
    snapshot: Option<Vec<u8>>,
    aside: Vec<(String, Vec<u8>)>,
    joins: Vec<(String, Vec<u8>)>,
}

impl Rest {
    fn parse(self, VerifiedVault { state, objects }: VerifiedVault) -> Result<StoredVault, Malformed> {
        let device = self.device.ok_or(Malformed)?;
        let device = DeviceId::new(device.as_slice().try_into().map_err(|_| Malformed)?);
        let gone_over = self.gone_over.map(|note| gone_over_from_bytes(&note, &self.items)).transpose()?;
        // One that went over to a history without it enters again.
        let enters = !self.is_removed && gone_over.as_ref().is_some_and(|gone| gone.join.is_some());
        if state.device(device).is_none() != self.is_removed && !enters {
            return Err(Malformed);
        }
        let pending = self.pending.map(|commit| signed_write_from_json(&commit, self.request));
        let aside = self.aside.iter().map(|(id, value)| aside_from_bytes(id, value));
        let joins = self.joins.iter().map(|(counter, value)| join_from_bytes(counter, value));
        let mut aside: Vec<Aside> = aside.collect::<Result<_, _>>()?;
        let mut joins: Vec<Join> = joins.collect::<Result<_, _>>()?;
        aside.sort_by_key(|aside| aside.time);
        joins.sort_by_key(|join| join.counter);
        Ok(StoredVault {
            device,
            is_removed: self.is_removed,
            state,
            objects,
            pending: pending.transpose()?,
            alarm: self.alarm.map(|alarm| alarm_from_bytes(&alarm)).transpose()?,
            ended: self.ended.map_or(Ok(Vec::new()), |ended| ended_from_bytes(&ended))?,
            gone_over,
            disowned: self
                .disowned
                .map_or(Ok(DisownedHeads::default()), |heads| DisownedHeads::from_bytes(&heads))?,
            orphans: self.orphans.map_or(Ok(Orphans::default()), |orphans| Orphans::from_bytes(&orphans))?,
            aside,
            joins,
            snapshot: self.snapshot.map(Blob::from_bytes),
        })
    }
}

/// Returns the credential ids of the passkeys that may open the vault, if this device knows it:
/// those of the stored state, and those that a pending write adds, since the server may have
/// accepted it. They only select which passkeys are asked; what they open is verified afterwards.
pub(crate) async fn stored_passkey_ids(
    store: &impl LocalStore,
    vault: VaultId,
) -> Result<Option<Vec<Vec<u8>>>, StoreFailed> {
    if stored_head(store, vault).await?.is_none() {
        return Ok(None);
    }
    let stored = store.scan(&storage_key(vault, "other/keyslot/")).await?;
    let mut changes: Vec<SealedChange> =
        stored.iter().filter_map(|(_, value)| change_from_json(value).ok()).collect();
    let pending = store.get(&storage_key(vault, "pending")).await?;
    let pending = pending.and_then(|commit| signed_write_from_json(&commit, None).ok());
    changes.extend(pending.into_iter().flat_map(|signed| signed.commit.changes));
    let mut ids: Vec<Vec<u8>> = changes
        .iter()
        .filter_map(|change| match change {
            SealedChange::Keyslot(_, leaf, Some(wrap)) => passkey_id(&wrap.read(leaf)?),
            _ => None,
        })
        .collect();
    ids.sort();
    ids.dedup();
    Ok(Some(ids))
}
