//! A device joins a vault: a head of its own, by the keyslot that opened the vault, after the person has read the notice.

use crystallum_api as api;
use crystallum_core::{Change, DeviceLeaf, MAX_FORMAT, Op, SignedHead};
use crystallum_messages::{Failure, Notice};

use crate::client::{CallFailed, Client};
use crate::create::{keep, wire_device};
use crate::ports::{DeviceKey, NoDeviceKey, Ports};
use crate::pull;
use crate::vault::OpenVault;
use crate::write::sign_commit;

/// A vault that opened on a device that does not know it, before the person has gone on.
pub(crate) struct Stranger {
    pub(crate) open: OpenVault,
    /// This device's public key, once made.
    pub(crate) key: Option<[u8; 65]>,
    /// The signed head, once made: the same bytes go again until another head at its counter is verified.
    pub(crate) signed: Option<(SignedHead, api::Commit)>,
}

/// Rounds of losing the race against other devices.
const ROUNDS: usize = 8;

/// Joins, and keeps the vault on this device. After a failure it can be called again.
pub(crate) async fn join<P: Ports>(ports: &mut P, stranger: &mut Stranger) -> Result<(), Failure> {
    let key = match stranger.key {
        Some(key) => key,
        None => {
            let made = ports.device_key().create(stranger.open.device).await;
            *stranger.key.insert(made.map_err(|NoDeviceKey| Failure::StorageFailed)?)
        }
    };
    let leaf = DeviceLeaf { key, max_format: MAX_FORMAT, added_by: stranger.open.opened_by };
    let change = Change::Device(stranger.open.device, leaf);
    let mut lost_answers = 0;
    for _ in 0..ROUNDS {
        let (head, commit) = match &stranger.signed {
            Some(signed) => signed.clone(),
            None => stranger.signed.insert(sign(ports, &stranger.open, &key, change).await?).clone(),
        };
        match Client(ports.transport()).commit(&commit).await {
            Ok(committed) if Some(committed.counter) == commit.expected_counter.checked_add(1) => {
                // An earlier try may have come as far as this and failed to store it.
                if stranger.open.state.head().body() != head.body() {
                    stranger.open.state.advance(head, &[change]).map_err(|_| Failure::Confused)?;
                }
                return keep(ports, &stranger.open).await;
            }
            Ok(_) => return Err(Failure::StrangeAnswer),
            Err(CallFailed::Unreachable) if lost_answers == 0 => lost_answers += 1,
            Err(failed) if failed.code() == Some(api::Code::Conflict) => {
                if moved_on(ports, stranger, &head).await? {
                    return keep(ports, &stranger.open).await;
                }
            }
            Err(failed) => return Err(failed.into()),
        }
    }
    Err(Failure::Unreachable)
}

/// Somebody wrote first: follows them. True when this device's own head is among what was written.
async fn moved_on<P: Ports>(
    ports: &mut P,
    stranger: &mut Stranger,
    mine: &SignedHead,
) -> Result<bool, Failure> {
    let open = &mut stranger.open;
    let pulled = pull::since(&Client(ports.transport()), &open.state, &open.objects).await?;
    let Some(child) = pulled.child else { return Err(Failure::StrangeAnswer) };
    pulled.listable(open).map_err(Failure::Alarm)?;
    open.state = pulled.state;
    open.objects.apply(pulled.update);
    stranger.signed = None;
    Ok(child.body() == mine.body())
}

async fn sign<P: Ports>(
    ports: &mut P,
    open: &OpenVault,
    key: &[u8; 65],
    change: Change,
) -> Result<(SignedHead, api::Commit), Failure> {
    let wire = vec![wire_device(open.device, key, open.opened_by)];
    let commit = sign_commit(ports, open, Op::Join, &[change], wire).await?;
    let head = SignedHead::from_bytes(commit.head.as_slice()).map_err(|_| Failure::Confused)?;
    Ok((head, commit))
}

/// What the person is told of a state that this device cannot know to be the newest.
pub(crate) fn notice(open: &OpenVault) -> Notice {
    let body = open.state.head().body();
    let fingerprint = body.hash().iter().take(8).map(|byte| format!("{byte:02x}")).collect();
    Notice {
        vault: crystallum_messages::VaultId(*body.vault.as_bytes()),
        change: body.counter,
        time: body.time,
        device: crystallum_messages::DeviceId(*body.writer.as_bytes()),
        fingerprint,
    }
}
