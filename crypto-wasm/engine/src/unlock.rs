//! Opening a vault: one touch gives the session and the key; what this device keeps and what the server says are verified first.

use crystallum_api as api;
use crystallum_core::{
    DeviceId, KeyEncryptionKey, Opener, PrfOutput, PrfRejected, Scope, SlotContext, SlotId, VaultId,
    VaultKeys, VaultSigner, VaultState,
};
use crystallum_messages::{Alarm, Asserted, Event, Failure, SyncState};

use crate::ceremonies;
use crate::client::{CallFailed, Client};
use crate::join::Stranger;
use crate::local::{Kept, NotKept};
use crate::objects::Objects;
use crate::pending::Pending;
use crate::ports::Ports;
use crate::pull::{self, Floor};
use crate::roots;
use crate::vault::OpenVault;
use crate::write;

/// What a touch opened.
pub(crate) enum Unlocked {
    /// A vault that this device knows.
    Known(Box<OpenVault>),
    /// A vault that is new here.
    Stranger(Box<Stranger>),
}

/// The vault that the passkey names, which must be the wanted one if there is one. An authenticator that was given credential ids may leave
/// the name out (CTAP 2.1, section 6.2.2); it is the wanted one then.
pub(crate) fn named(asserted: &mut Asserted, wanted: Option<VaultId>) -> Result<VaultId, Failure> {
    if let (true, Some(wanted)) = (asserted.user_handle.is_empty(), wanted) {
        asserted.user_handle = wanted.as_bytes().to_vec();
    }
    let id: [u8; 16] = asserted.user_handle.as_slice().try_into().map_err(|_| Failure::NoSuchVault)?;
    let vault = VaultId::new(id);
    if wanted.is_some_and(|wanted| wanted != vault) {
        return Err(Failure::WrongPasskey);
    }
    Ok(vault)
}

/// Opens the session at the server.
pub(crate) async fn log_in<P: Ports>(
    ports: &P,
    ceremony: api::Id,
    asserted: &Asserted,
    vault: VaultId,
) -> Result<(), CallFailed> {
    let body = api::Login { ceremony, credential: ceremonies::assertion(asserted) };
    let session = Client(ports.transport()).login(&body).await?;
    if session.account.0 == *vault.as_bytes() { Ok(()) } else { Err(CallFailed::Strange) }
}

/// A vault, and what this device keeps of it.
pub(crate) type Loaded = (VaultId, Result<Option<Kept>, NotKept>);

/// Opens a vault with the key that the passkey gave. `login` is how the session at the server came out.
pub(crate) async fn open<P: Ports>(
    ports: &mut P,
    rp_id: &str,
    loaded: Loaded,
    asserted: &Asserted,
    login: Result<(), CallFailed>,
) -> Result<Unlocked, Failure> {
    let output = asserted.prf.first.as_deref().ok_or(Failure::PrfMissing)?;
    let output = PrfOutput::parse(output).map_err(|PrfRejected| Failure::PrfMissing)?;
    let kek = KeyEncryptionKey::from_passkey(&output, rp_id, Scope::Root, &asserted.raw_id)
        .map_err(|PrfRejected| Failure::Unsupported)?;
    let opener = Opener::Passkey { credential_id: &asserted.raw_id };
    open_with(ports, (&kek, opener), loaded, login, None).await
}

/// Opens a vault by its keyslot. What is offered is held against `floor`.
pub(crate) async fn open_with<P: Ports>(
    ports: &mut P,
    key: (&KeyEncryptionKey, Opener<'_>),
    (vault, kept): Loaded,
    login: Result<(), CallFailed>,
    floor: Option<Floor>,
) -> Result<Unlocked, Failure> {
    match kept {
        Ok(Some(kept)) => known(ports, key, kept, login, floor).await,
        Ok(None) => {
            login?;
            stranger(ports, key, vault, floor).await.map(Box::new).map(Unlocked::Stranger)
        }
        Err(NotKept::Damaged) => {
            ports.emit(Event::Alarm(Alarm::LocalCopy));
            Err(Failure::Alarm(Alarm::LocalCopy))
        }
        Err(NotKept::Failed) => Err(Failure::StorageFailed),
    }
}

async fn known<P: Ports>(
    ports: &mut P,
    key: (&KeyEncryptionKey, Opener<'_>),
    kept: Kept,
    login: Result<(), CallFailed>,
    floor: Option<Floor>,
) -> Result<Unlocked, Failure> {
    let Kept { device, state, objects, pending } = kept;
    let newer = match roots::find(&state, &objects, Scope::Root, key.1) {
        Some(_) => None,
        // A way in that another device added, or this one just before it ended: what follows from the kept state says so.
        None => {
            login.clone()?;
            Some(pull::since(&Client(ports.transport()), &state, &objects).await?)
        }
    };
    let mut open = match newer {
        None => unwrap(key, device, state, objects, Alarm::LocalCopy)?,
        Some(pulled) => {
            let mut later = objects.clone();
            later.apply(pulled.update);
            let (slot, keys) = derive(key, &pulled.state, &later, Alarm::LocalCopy)?;
            OpenVault::new(String::new(), keys, (device, slot), state, objects)
        }
    };
    // What waited here was said to be saved: it is never dropped silently.
    open.pending = match pending {
        Some(waiting) => Some(Pending::restore(waiting, &open).ok_or(Failure::Alarm(Alarm::LocalCopy))?),
        None => None,
    };
    open.reindex().map_err(|_| Failure::Alarm(Alarm::LocalCopy))?;
    open.sync = match &login {
        Ok(()) => SyncState::Synced,
        Err(CallFailed::Refused(failure)) if failure.code != api::Code::Unavailable => SyncState::SignedOut,
        Err(_) => SyncState::Offline,
    };
    // Whatever the server answers after this, the copy of this device is open.
    if login.is_ok() && synchronise(ports, &mut open).await.is_err() {
        write::set_sync(ports, &mut open, SyncState::Offline);
    }
    if let Some(Floor { counter: sheet, .. }) = floor
        && open.counter() < sheet
    {
        return Err(Failure::Alarm(Alarm::BelowSheet { sheet, offered: open.counter() }));
    }
    Ok(Unlocked::Known(Box::new(open)))
}

/// Fetches what others wrote and sends what waits. What is refused raises an alarm and leaves this device's copy open; an absent server
/// leaves it open too.
pub(crate) async fn synchronise<P: Ports>(ports: &mut P, open: &mut OpenVault) -> Result<(), Failure> {
    let outcome = match own_session(ports, open).await {
        Ok(()) => write::catch_up(ports, open).await,
        Err(failure) => Err(failure),
    };
    let outcome = match outcome {
        Ok(_) if open.pending.is_some() => write::flush(ports, open).await.map(drop),
        Ok(_) => {
            write::set_sync(ports, open, SyncState::Synced);
            Ok(())
        }
        Err(failure) => Err(failure),
    };
    match outcome {
        Err(Failure::Unreachable | Failure::StrangeAnswer | Failure::RateLimited { .. }) => {
            write::set_sync(ports, open, SyncState::Offline);
            Ok(())
        }
        Err(Failure::SessionExpired) => {
            write::set_sync(ports, open, SyncState::SignedOut);
            Ok(())
        }
        Err(Failure::Alarm(_)) => Ok(()),
        other => other,
    }
}

/// The session must be this vault's: another vault of this browser may have left its own behind.
async fn own_session<P: Ports>(ports: &P, open: &mut OpenVault) -> Result<(), Failure> {
    let session = Client(ports.transport()).session().await?;
    if session.account.0 != *open.id().as_bytes() {
        return Err(Failure::SessionExpired);
    }
    open.room = Some(session.remaining);
    Ok(())
}

/// Everything from the genesis on, and the proof that it is this vault's: its key follows from the root that the keyslot opened.
async fn stranger<P: Ports>(
    ports: &mut P,
    key: (&KeyEncryptionKey, Opener<'_>),
    vault: VaultId,
    floor: Option<Floor>,
) -> Result<Stranger, Failure> {
    let client = Client(ports.transport());
    let pulled = pull::all(&client, vault, floor).await?;
    let offered = pulled.state.head().body().counter;
    let mut objects = Objects::default();
    objects.apply(pulled.update);
    let device = DeviceId::random(ports.entropy());
    let alarm = Alarm::Tampered { offered };
    let mut open = unwrap(key, device, pulled.state, objects, alarm.clone())?;
    open.reindex().map_err(|_| Failure::Alarm(alarm))?;
    Ok(Stranger { open, key: None, signed: None })
}

fn unwrap(
    key: (&KeyEncryptionKey, Opener<'_>),
    device: DeviceId,
    state: VaultState,
    objects: Objects,
    not_ours: Alarm,
) -> Result<OpenVault, Failure> {
    let (slot, keys) = derive(key, &state, &objects, not_ours)?;
    Ok(OpenVault::new(String::new(), keys, (device, slot), state, objects))
}

/// Opens the root by its slot, derives the keys and wipes it. The state must be signed by the key that follows from the root.
fn derive(
    (kek, opener): (&KeyEncryptionKey, Opener<'_>),
    state: &VaultState,
    objects: &Objects,
    not_ours: Alarm,
) -> Result<(SlotId, (VaultKeys, VaultSigner)), Failure> {
    let body = state.head().body();
    let (vault, epoch) = (body.vault, body.epoch);
    let (slot, wrap) = roots::find(state, objects, Scope::Root, opener).ok_or(Failure::WrongPasskey)?;
    let root = kek.open_root(wrap, SlotContext { vault, epoch, slot }).map_err(|_| Failure::WrongPasskey)?;
    let (keys, signer) = root.unlock(vault, epoch);
    if signer.verifier() != body.vault_key {
        return Err(Failure::Alarm(not_ours));
    }
    Ok((slot, (keys, signer)))
}
