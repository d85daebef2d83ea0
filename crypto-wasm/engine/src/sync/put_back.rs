//! Putting back what a server has lost. When the server shows an earlier head of this device's own
//! history, because a backup was restored or because it lies, this device sends the later heads
//! again, with the changes and the ciphertext that it has. They carry the signatures that they were
//! stored with at first, so nothing is signed here, and nothing is sent that the server has not had
//! before. The alarm ends as always, when the server has shown this device's state.

use std::ops::RangeInclusive;

use crystallum_messages::session::Failure;
use crystallum_messages::{NotPutBack, ServerFailure, VaultFailure};

use crate::local::heads::{kept_changes, whole_head};
use crate::ports::Ports;
use crate::sync::alarms::raise_and_keep;
use crate::sync::behind::Behind;
use crate::sync::preflight::sync_on_request;
use crate::vault::lost_write::{LostWrite, split_whole};
use crate::vault::objects::Objects;
use crate::vault::open_vault::OpenVault;
use crate::vault::verified_heads::KEPT_HEADS;
use crate::wire::client::Client;
use crate::wire::limits::{MAX_PUT_BACK, MAX_PUT_BACK_BYTES, MAX_SHOWN_BYTES};
use crate::wire::put_back::size_of;
use crate::wire::refusal::{CallFailed, Refusal};

/// Sends what the server has lost to it, and synchronises afterwards.
pub(crate) async fn put_back<P: Ports>(ports: &mut P, vault: &mut OpenVault) -> Result<(), Failure> {
    let session = Client(ports.transport()).session().await?;
    if session.vault != vault.id() {
        return Err(ServerFailure::SessionExpired.into());
    }
    let can_end = vault.alarm.as_ref().is_none_or(|kept| kept.can_end());
    if can_end && session.counter < vault.counter() {
        let writes = lost_writes(ports, vault, session.counter).await?;
        let batches = split_whole(&writes, MAX_PUT_BACK, (MAX_PUT_BACK_BYTES, size_of));
        for batch in batches.ok_or(Failure::NotPutBack(NotPutBack::NotWhole))? {
            match Client(ports.transport()).put_back(batch).await {
                Ok(_) => {}
                // Another device may have been first. The pull finds out.
                Err(CallFailed::Refused(Refusal::Conflict { .. })) => break,
                Err(CallFailed::Refused(Refusal::NotFound)) => {
                    return Err(Failure::NotPutBack(NotPutBack::SharesLost));
                }
                Err(failed) => return Err(failed.into()),
            }
        }
    }
    Ok(sync_on_request(ports, vault).await?)
}

/// Returns everything that was written after the newest change of the server, which must be one
/// that this device has verified.
async fn lost_writes<P: Ports>(
    ports: &P,
    vault: &mut OpenVault,
    counter: u64,
) -> Result<Vec<LostWrite>, Failure> {
    match Behind::look(ports, &vault.state, &vault.disowned, counter).await {
        Behind::Ancestor(_) => {}
        Behind::TooOld(_) => return Err(Failure::NotPutBack(NotPutBack::TooOld)),
        Behind::Unproved => return Err(ServerFailure::StrangeAnswer.into()),
        other @ (Behind::Other(_) | Behind::Disowned(_)) => {
            let (alarm, head) = other.into_refused(vault.counter(), counter);
            return Err(raise_and_keep(ports, vault, alarm, head.as_deref()).await.into());
        }
    }
    if vault.counter() - counter > u64::from(KEPT_HEADS) {
        return Err(Failure::NotPutBack(NotPutBack::TooOld));
    }
    let writes = kept_writes(ports, vault, counter + 1..=vault.counter(), &vault.objects).await?;
    writes.ok_or(Failure::NotPutBack(NotPutBack::TooOld))
}

/// Returns the writes with these counters, with what is live of their ciphertext, or `None` if this
/// device has not kept one of them.
async fn kept_writes<P: Ports>(
    ports: &P,
    vault: &OpenVault,
    counters: RangeInclusive<u64>,
    live: &Objects,
) -> Result<Option<Vec<LostWrite>>, VaultFailure> {
    let mut writes = Vec::new();
    for counter in counters {
        let head = whole_head(ports.store(), vault.id(), counter).await?;
        let changes = kept_changes(ports.store(), vault.id(), counter).await?;
        let (Some(head), Some(changes)) = (head, changes) else { return Ok(None) };
        writes.push(LostWrite::new(head, changes, live));
    }
    Ok(Some(writes))
}

/// Returns the writes after a counter without their ciphertext, as many as one request takes, to
/// show a server what it has lost. There are none if this device has not kept the first of them.
pub(crate) async fn bare_writes<P: Ports>(
    ports: &P,
    vault: &OpenVault,
    counter: u64,
) -> Result<Vec<LostWrite>, VaultFailure> {
    let (mut writes, mut bytes) = (Vec::new(), 0);
    for counter in (counter + 1..=vault.counter()).take(MAX_PUT_BACK) {
        let kept = kept_writes(ports, vault, counter..=counter, &Objects::default()).await?;
        let Some(write) = kept.and_then(|mut kept| kept.pop()) else { break };
        bytes += size_of(&write);
        if bytes > MAX_SHOWN_BYTES {
            break;
        }
        writes.push(write);
    }
    Ok(writes)
}
