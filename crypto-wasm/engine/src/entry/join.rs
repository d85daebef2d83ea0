//! Joining a vault from a new device. After the user has accepted the notice, the device signs a
//! head of its own, which names the keyslot that opened the vault.

use crystallum_core::{DeviceLeaf, History, MAX_FORMAT, Op};
use crystallum_messages::{Alarm, ImpossibleState, Notice, ServerFailure, VaultFailure};

use crate::entry::device_record::describe_device;
use crate::local::batch::{new_vault_batch, removal_write};
use crate::local::heads::begin_log;
use crate::local::joins::join_writes;
use crate::ports::{Clock, DeviceKey, LocalStore, NoDeviceKey, Ports};
use crate::sync::pull::{self, Pulled};
use crate::sync::sign::sign_commit;
use crate::sync::status::check_alarm;
use crate::vault::alarm::KeptAlarm;
use crate::vault::change::{Commit, SealedChange, leaves_changed_by};
use crate::vault::ids::fingerprint;
use crate::vault::join::Join;
use crate::vault::open_vault::OpenVault;
use crate::vault::received::{MissingSecrets, ReceivedBlobs};
use crate::vault::verified_heads::VerifiedHeads;
use crate::wire::client::Client;
use crate::wire::refusal::{CallFailed, Refusal};

/// A vault that was opened on a device that has not joined it yet.
pub(crate) struct UnjoinedVault {
    pub(crate) open: OpenVault,
    /// The heads that this device has verified, up to the state of the vault.
    pub(crate) heads: VerifiedHeads,
    /// The history log before the first of them.
    pub(crate) before: History,
    /// This device's public key, once it was created.
    pub(crate) key: Option<[u8; 65]>,
    /// The change that adds this device's record, once it was sealed.
    pub(crate) described: Option<SealedChange>,
    /// The signed head, once it was created. The same bytes are sent until another head with its
    /// counter is verified.
    pub(crate) signed: Option<Commit>,
}

/// How often to try again after losing the race against other devices.
const MAX_ROUNDS: usize = 8;

/// Joins the vault and stores it on this device. Can be called again after a failure.
pub(crate) async fn join_vault<P: Ports>(
    ports: &mut P,
    unjoined: &mut UnjoinedVault,
) -> Result<(), VaultFailure> {
    check_alarm(&unjoined.open)?;
    let key = match unjoined.key {
        Some(key) => key,
        None => {
            let made = ports.device_key().create(unjoined.open.device).await;
            *unjoined.key.insert(made.map_err(|NoDeviceKey| VaultFailure::StorageFailed)?)
        }
    };
    let leaf = DeviceLeaf { key, max_format: MAX_FORMAT, added_by: unjoined.open.opened_by };
    let described = match &unjoined.described {
        Some(described) => described.clone(),
        None => {
            let made = describe_device(ports, &unjoined.open.keys, unjoined.open.device)
                .map_err(|_| ImpossibleState::RecordTooLarge)?;
            unjoined.described.insert(made).clone()
        }
    };
    let changes = [SealedChange::Device(unjoined.open.device, leaf), described];
    let mut lost_answers = 0;
    for _ in 0..MAX_ROUNDS {
        let commit = match &unjoined.signed {
            Some(signed) => signed.clone(),
            None => {
                let open = &unjoined.open;
                let signed = sign_commit(ports, open, &open.state, Op::Join, changes.to_vec()).await?;
                unjoined.signed.insert(signed).clone()
            }
        };
        match Client(ports.transport()).commit(&commit).await {
            Ok(counter) if Some(counter) == commit.expected_counter.checked_add(1) => {
                return adopt_own_head(ports, unjoined, &commit).await;
            }
            Ok(_) => return Err(ServerFailure::StrangeAnswer.into()),
            Err(CallFailed::Unreachable) if lost_answers == 0 => lost_answers += 1,
            Err(CallFailed::Refused(Refusal::Conflict { .. })) => {
                if follow_others(ports, unjoined, &commit).await? {
                    return Ok(());
                }
            }
            Err(failed) => return Err(failed.into()),
        }
    }
    Err(ServerFailure::Unreachable.into())
}

/// Stores the vault as it is after this device's head, and then adopts that state.
async fn adopt_own_head<P: Ports>(
    ports: &P,
    unjoined: &mut UnjoinedVault,
    commit: &Commit,
) -> Result<(), VaultFailure> {
    let UnjoinedVault { open, heads, before, .. } = unjoined;
    let mut state = open.state.clone();
    let mut received = ReceivedBlobs::default();
    let changes = received
        .take_signed(commit.changes.clone(), commit.head.body(), &state)
        .map_err(|_| ImpossibleState::OwnChangeRefused)?;
    state.advance(commit.head, &changes).map_err(|_| ImpossibleState::OwnChangeRefused)?;
    let changed = changes.iter().flat_map(leaves_changed_by).collect();
    let update = received.update(&state, &open.objects, &changed, MissingSecrets::Refuse);
    let update = update.ok_or(ImpossibleState::OwnChangeRefused)?;
    let mut heads = heads.clone();
    heads.push(commit.head, &commit.changes);
    let log = begin_log(open.id(), before, &heads);
    let mut batch = new_vault_batch(open.device, &state, open.objects.after(&update), log);
    batch.writes.extend(join_writes(open.id(), &open.joins));
    ports.store().write(batch).await?;
    open.state = state;
    open.apply(update);
    open.relist();
    Ok(())
}

/// Follows what another device wrote first. If this device's own head is part of it, also stores
/// the vault, and returns `true`.
async fn follow_others<P: Ports>(
    ports: &P,
    unjoined: &mut UnjoinedVault,
    own: &Commit,
) -> Result<bool, VaultFailure> {
    let UnjoinedVault { open, heads, before, signed, .. } = unjoined;
    let pulled =
        pull::pull_since(&Client(ports.transport()), &open.state, &open.objects, &open.disowned).await?;
    let Some(child) = pulled.child else { return Err(ServerFailure::StrangeAnswer.into()) };
    let joined = child.body() == own.head.body();
    let Pulled { state, update, heads: later, joins, .. } = pulled;
    let mut all_heads = heads.clone();
    all_heads.append(later);
    let of_others = joins.into_iter().filter(|join| join.device != open.device);
    let joins: Vec<Join> = open.joins.iter().copied().chain(of_others).collect();
    // Another device may have removed this one at once.
    let is_removed = joined && state.device(open.device).is_none();
    if joined {
        let log = begin_log(open.id(), before, &all_heads);
        let mut batch = new_vault_batch(open.device, &state, open.objects.after(&update), log);
        batch.writes.extend(join_writes(open.id(), &joins));
        batch.writes.extend(is_removed.then(|| removal_write(open.id())));
        ports.store().write(batch).await?;
    }
    (open.state, open.joins, *heads, *signed) = (state, joins, all_heads, None);
    open.apply(update);
    open.relist();
    if is_removed {
        open.alarm = Some(KeptAlarm::new(Alarm::DeviceRemoved, ports.clock().now()));
        check_alarm(open)?;
    }
    Ok(joined)
}

/// Describes a state that this device cannot know to be the newest.
pub(crate) fn build_notice(open: &OpenVault) -> Notice {
    let body = open.state.head().body();
    Notice {
        vault: crystallum_messages::VaultId(*body.vault.as_bytes()),
        change: body.counter,
        time: body.time,
        device: crystallum_messages::DeviceId(*body.writer.as_bytes()),
        fingerprint: fingerprint(&body.hash()),
    }
}
