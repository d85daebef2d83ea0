//! Joining a vault from a new device. After the user has accepted the notice, the device signs a
//! head of its own, which names the keyslot that opened the vault.

use crystallum_api as api;
use crystallum_core::{Change, DeviceLeaf, MAX_FORMAT, Op, SignedHead};
use crystallum_messages::{Failure, Notice};

use crate::entry::create::{device_to_wire, store_new_vault};
use crate::ports::{DeviceKey, NoDeviceKey, Ports};
use crate::sync::pull;
use crate::sync::sign::sign_commit;
use crate::vault::open_vault::OpenVault;
use crate::wire::client::{CallFailed, Client};

/// A vault that was opened on a device that has not joined it yet.
pub(crate) struct UnjoinedVault {
    pub(crate) open: OpenVault,
    /// This device's public key, once it was created.
    pub(crate) key: Option<[u8; 65]>,
    /// The signed head, once it was created. The same bytes are sent until another head with its
    /// counter is verified.
    pub(crate) signed: Option<(SignedHead, api::Commit)>,
}

/// How often to try again after losing the race against other devices.
const MAX_ROUNDS: usize = 8;

/// Joins the vault and stores it on this device. Can be called again after a failure.
pub(crate) async fn join_vault<P: Ports>(ports: &mut P, unjoined: &mut UnjoinedVault) -> Result<(), Failure> {
    let key = match unjoined.key {
        Some(key) => key,
        None => {
            let made = ports.device_key().create(unjoined.open.device).await;
            *unjoined.key.insert(made.map_err(|NoDeviceKey| Failure::StorageFailed)?)
        }
    };
    let leaf = DeviceLeaf { key, max_format: MAX_FORMAT, added_by: unjoined.open.opened_by };
    let change = Change::Device(unjoined.open.device, leaf);
    let mut lost_answers = 0;
    for _ in 0..MAX_ROUNDS {
        let (head, commit) = match &unjoined.signed {
            Some(signed) => signed.clone(),
            None => unjoined.signed.insert(sign_join(ports, &unjoined.open, &key, change).await?).clone(),
        };
        match Client(ports.transport()).commit(&commit).await {
            Ok(committed) if Some(committed.counter) == commit.expected_counter.checked_add(1) => {
                // An earlier attempt may have got this far and then failed to store the vault.
                if unjoined.open.state.head().body() != head.body() {
                    unjoined.open.state.advance(head, &[change]).map_err(|_| Failure::Confused)?;
                }
                return store_new_vault(ports, &unjoined.open).await;
            }
            Ok(_) => return Err(Failure::StrangeAnswer),
            Err(CallFailed::Unreachable) if lost_answers == 0 => lost_answers += 1,
            Err(failed) if failed.code() == Some(api::Code::Conflict) => {
                if follow_others(ports, unjoined, &head).await? {
                    return store_new_vault(ports, &unjoined.open).await;
                }
            }
            Err(failed) => return Err(failed.into()),
        }
    }
    Err(Failure::Unreachable)
}

/// Follows what another device wrote first. Returns whether this device's own head is part of it.
async fn follow_others<P: Ports>(
    ports: &mut P,
    unjoined: &mut UnjoinedVault,
    mine: &SignedHead,
) -> Result<bool, Failure> {
    let open = &mut unjoined.open;
    let pulled = pull::pull_since(&Client(ports.transport()), &open.state, &open.objects).await?;
    let Some(child) = pulled.child else { return Err(Failure::StrangeAnswer) };
    pulled.check_readable(open).map_err(Failure::Alarm)?;
    open.state = pulled.state;
    open.objects.apply(pulled.update);
    unjoined.signed = None;
    Ok(child.body() == mine.body())
}

async fn sign_join<P: Ports>(
    ports: &mut P,
    open: &OpenVault,
    key: &[u8; 65],
    change: Change,
) -> Result<(SignedHead, api::Commit), Failure> {
    let wire = vec![device_to_wire(open.device, key, open.opened_by)];
    let commit = sign_commit(ports, open, Op::Join, &[change], wire).await?;
    let head = SignedHead::from_bytes(commit.head.as_slice()).map_err(|_| Failure::Confused)?;
    Ok((head, commit))
}

/// Describes a state that this device cannot know to be the newest.
pub(crate) fn build_notice(open: &OpenVault) -> Notice {
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
