//! Opening a vault with the key of one of its keyslots. The stored vault and what the server
//! returns are verified first.

use crystallum_core::{
    Defence, DeviceId, KeyEncryptionKey, MethodId, Opener, Scope, SlotContext, VaultId, VaultKeys,
    VaultSigner, VaultState,
};
use crystallum_messages::{Alarm, CeremonyFailure, Event, SyncState, VaultFailure, entry::Failure};

use crate::entry::join::UnjoinedVault;
use crate::local::heads::load_log;
use crate::local::load::StoredVault;
use crate::local::load_error::LoadError;
use crate::ports::Ports;
use crate::sync::alarms::keep_alarm;
use crate::sync::behind::{Refused, name_refusal};
use crate::sync::catch_up::catch_up;
use crate::sync::checkpoint::{self, Extent, Fetched};
use crate::sync::floor::Floor;
use crate::sync::preflight::sync_at_login;
use crate::sync::pull::{self, PullFailed};
use crate::sync::status::{raise_alarm, set_sync_state};
use crate::vault::alarm::KeptAlarm;
use crate::vault::objects::Objects;
use crate::vault::open_vault::OpenVault;
use crate::vault::pending::Pending;
use crate::vault::slots::{has_slot, open_slot};
use crate::wire::answer::Session;
use crate::wire::client::Client;
use crate::wire::refusal::{CallFailed, Refusal};

/// A vault that was opened by a sign-in method.
pub(crate) enum Unlocked {
    /// A vault that this device knows.
    Known(Box<OpenVault>),
    /// A vault that this device has not joined.
    Unjoined(Box<UnjoinedVault>),
}

/// A vault, and what this device has stored of it.
pub(crate) type Loaded = (VaultId, Result<Option<StoredVault>, LoadError>);

/// Opens a vault with the key of one of its keyslots. The server's state must not be below `floor`.
pub(crate) async fn open_with_key<P: Ports>(
    ports: &mut P,
    key: (KeyEncryptionKey, Opener<'_>),
    (vault, stored): Loaded,
    login: Result<Session, CallFailed>,
    floor: Option<Floor>,
) -> Result<Unlocked, Failure> {
    let floor = floor.filter(|_| Defence::SheetFloor.holds());
    match stored {
        Ok(Some(stored)) => open_known(ports, key, stored, login, floor).await,
        Ok(None) => {
            drop(login?);
            open_unjoined(ports, key, vault, floor).await.map(Box::new).map(Unlocked::Unjoined)
        }
        Err(LoadError::Damaged) => {
            ports.emit(Event::Alarm(Alarm::LocalCopy));
            Err(VaultFailure::Alarm(Alarm::LocalCopy).into())
        }
        Err(LoadError::Failed) => Err(VaultFailure::StorageFailed.into()),
    }
}

async fn open_known<P: Ports>(
    ports: &mut P,
    (kek, opener): (KeyEncryptionKey, Opener<'_>),
    stored: StoredVault,
    login: Result<Session, CallFailed>,
    floor: Option<Floor>,
) -> Result<Unlocked, Failure> {
    let StoredVault {
        device,
        is_removed,
        state,
        objects,
        pending,
        alarm,
        ended,
        gone_over,
        disowned,
        orphans,
        aside,
        joins,
        snapshot,
    } = stored;
    let newer = match has_slot(&state, &objects, Scope::Root, opener) {
        true => None,
        // Another device added the sign-in method, or this one did just before it stopped. The
        // states after the stored one contain it.
        false => {
            login.as_ref().map_err(Clone::clone)?;
            let pulled = pull::pull_since(&Client(ports.transport()), &state, &objects, &disowned).await;
            match pulled {
                Ok(pulled) => Some(pulled),
                Err(failed) => {
                    let named = name_refusal(ports, &state, &disowned, failed).await;
                    return Err(keep_refusal(ports, &state, alarm.as_ref(), named).await);
                }
            }
        }
    };
    let mut open = match newer {
        None => unlock_state((&kek, opener), device, state, objects, Alarm::LocalCopy)?,
        Some(pulled) => {
            let mut later = objects.clone();
            later.apply(pulled.update);
            let (method, keys) = derive_keys((&kek, opener), &pulled.state, &later, Alarm::LocalCopy)?;
            OpenVault::new(String::new(), keys, (device, method), state, objects)
        }
    };
    // It is not needed while the server is asked for what is newer.
    drop(kek);
    (open.disowned, open.orphans, open.aside, open.joins) = (disowned, orphans, aside, joins);
    (open.alarm, open.ended, open.gone_over) = (alarm.clone(), ended, gone_over);
    // The user was told that the pending write is saved, so it is never dropped silently.
    open.pending = match pending {
        Some(signed) => Some(
            Pending::restore(signed, &open.state, &open.objects)
                .ok_or(VaultFailure::Alarm(Alarm::LocalCopy))?,
        ),
        None => None,
    };
    // One that is missing or does not open knows nothing, so every overview is opened.
    let known = snapshot.and_then(|blob| open.keys.open_snapshot(&blob).ok()).unwrap_or_default();
    let found = open.relist_with(&known);
    // What it lacks was opened, and what it has beyond that was changed or removed.
    open.snapshot_due = known.len() != found || found != open.readable_records();
    drop(known);
    open.sync = match &login {
        Ok(_) => SyncState::Synced,
        Err(CallFailed::Refused(reason)) if *reason != Refusal::Unavailable => SyncState::SignedOut,
        Err(_) if open.pending.is_some() => SyncState::Waiting,
        Err(_) => SyncState::Offline,
    };
    if is_removed {
        raise_alarm(ports, &mut open, Alarm::DeviceRemoved);
        return Ok(Unlocked::Known(Box::new(open)));
    }
    // Whatever the server answers from here on, the stored copy stays open.
    if let Ok(session) = &login
        && sync_at_login(ports, &mut open, session).await.is_err()
    {
        set_sync_state(ports, &mut open, SyncState::Offline);
    }
    // It is shown at every unlock until it is over.
    if let Some(kept) = alarm.filter(|kept| open.alarm.as_ref() == Some(kept)) {
        ports.emit(Event::Alarm(kept.alarm));
    }
    if let Some(floor) = floor {
        check_floor(ports, &mut open, floor).await?;
    }
    Ok(Unlocked::Known(Box::new(open)))
}

/// Keeps the alarm of a vault that cannot be opened without what the server offered and this device
/// refused.
async fn keep_refusal<P: Ports>(
    ports: &P,
    state: &VaultState,
    before: Option<&KeptAlarm>,
    named: Result<Refused, PullFailed>,
) -> Failure {
    match named {
        Ok((alarm, head)) => {
            let kept = keep_alarm(ports, state, before, alarm, head.as_deref()).await;
            VaultFailure::Alarm(kept.alarm).into()
        }
        Err(failed) => failed.into(),
    }
}

/// Compares the floor with what this device has verified, after pulling what it may not know yet.
async fn check_floor<P: Ports>(
    ports: &mut P,
    open: &mut OpenVault,
    floor: Floor,
) -> Result<(), VaultFailure> {
    let sheet = floor.counter;
    if open.counter() < sheet {
        catch_up(ports, open).await?;
    }
    if open.counter() < sheet {
        return Err(VaultFailure::Alarm(Alarm::BelowSheet { sheet, offered: open.counter() }));
    }
    if floor.head.is_none() {
        return Ok(());
    }
    let known = load_log(ports.store(), &open.state).await?.hash_at(sheet).copied();
    if floor.is_reached(&Client(ports.transport()), &open.state, known).await? {
        Ok(())
    } else {
        Err(VaultFailure::Alarm(Alarm::OtherSheet { sheet, mine: open.counter() }))
    }
}

/// Fetches a vault that this device has not joined. The root in the keyslot proves that the head
/// belongs to the vault before anything else is fetched.
async fn open_unjoined<P: Ports>(
    ports: &mut P,
    (kek, opener): (KeyEncryptionKey, Opener<'_>),
    vault: VaultId,
    floor: Option<Floor>,
) -> Result<UnjoinedVault, Failure> {
    let client = Client(ports.transport());
    let unproved = checkpoint::fetch_keyslots(&client, vault).await?;
    let (epoch, offered) = (unproved.head().body().epoch, unproved.head().body().counter);
    // The server itself says that it has less than the sheet. Such a state lacks the code's slot.
    if let Some(Floor { counter: sheet, .. }) = floor.filter(|floor| offered < floor.counter) {
        return Err(VaultFailure::Alarm(Alarm::BelowSheet { sheet, offered }).into());
    }
    let root = unproved
        .wraps(Scope::Root)
        .filter(|(_, wrap)| wrap.opener() == opener)
        .find_map(|(slot, wrap)| kek.open_root(&wrap, SlotContext { vault, epoch, slot }).ok())
        .ok_or(CeremonyFailure::WrongPasskey)?;
    let (_, signer) = root.unlock(vault, epoch);
    let Fetched { state, objects, heads, before } =
        unproved.prove(&signer.verifier())?.fetch_rest(&client, Extent::AllButSecrets).await?;
    let offered = state.head().body().counter;
    if let Some(floor) = floor
        && !floor.is_reached(&client, &state, heads.hash_at(floor.counter)).await?
    {
        return Err(VaultFailure::Alarm(Alarm::BelowSheet { sheet: floor.counter, offered }).into());
    }
    let device = DeviceId::random(ports.entropy());
    let mut open = unlock_state((&kek, opener), device, state, objects, Alarm::Tampered { offered })?;
    open.relist();
    Ok(UnjoinedVault { open, heads, before, key: None, described: None, signed: None })
}

fn unlock_state(
    key: (&KeyEncryptionKey, Opener<'_>),
    device: DeviceId,
    state: VaultState,
    objects: Objects,
    not_ours: Alarm,
) -> Result<OpenVault, Failure> {
    let (method, keys) = derive_keys(key, &state, &objects, not_ours)?;
    Ok(OpenVault::new(String::new(), keys, (device, method), state, objects))
}

/// Opens the root with its slot, derives the keys and wipes the root. The state must be signed by
/// the key that derives from the root. Returns the sign-in method with the keys.
fn derive_keys(
    (kek, opener): (&KeyEncryptionKey, Opener<'_>),
    state: &VaultState,
    objects: &Objects,
    not_ours: Alarm,
) -> Result<(MethodId, (VaultKeys, VaultSigner)), Failure> {
    let body = state.head().body();
    let (vault, epoch) = (body.vault, body.epoch);
    let opened = open_slot(state, objects, Scope::Root, opener, |slot, wrap| {
        kek.open_root(wrap, SlotContext { vault, epoch, slot }).ok()
    });
    let (slot, root) = opened.ok_or(CeremonyFailure::WrongPasskey)?;
    let (keys, signer) = root.unlock(vault, epoch);
    if signer.verifier() != body.vault_key {
        return Err(VaultFailure::Alarm(not_ours).into());
    }
    let method = state.keyslot(slot).ok_or(CeremonyFailure::WrongPasskey)?.method;
    Ok((method, (keys, signer)))
}
