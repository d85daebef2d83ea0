//! Catching up with what other devices wrote, which is stored on this device before it is adopted
//! in memory.

use crystallum_core::Defence;
use crystallum_messages::{Alarm, Event, VaultFailure};
use futures_util::future::LocalBoxFuture;

use crate::local::aside::aside_write;
use crate::local::batch::{advance_batch, orphans_write, removal_write, with_pending};
use crate::local::heads::log_heads;
use crate::local::joins::join_writes;
use crate::ports::{LocalStore, Ports};
use crate::sync::alarms::{AlarmEnd, end_alarm, raise_and_keep};
use crate::sync::behind::name_refusal;
use crate::sync::pull::{self, PullFailed, Pulled};
use crate::sync::rebase::{self, Replayed};
use crate::sync::sign::sign_record;
use crate::sync::status::raise_alarm;
use crate::vault::aside::Aside;
use crate::vault::kept_content::content_to_keep;
use crate::vault::open_vault::OpenVault;
use crate::vault::orphans::Orphans;
use crate::vault::pending::Pending;
use crate::wire::client::Client;

/// Whether the pending write is part of the verified chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum PendingStatus {
    /// The write is not part of the chain.
    Unconfirmed,
    /// The write is part of the chain.
    Confirmed,
}

/// Fetches and verifies what other devices wrote. The pending write is then confirmed as part of
/// it, replayed on top of it, or dropped. The future is boxed, because most commands contain it,
/// some twice.
pub(crate) fn catch_up<'a, P: Ports>(
    ports: &'a mut P,
    vault: &'a mut OpenVault,
) -> LocalBoxFuture<'a, Result<PendingStatus, VaultFailure>> {
    Box::pin(pull_and_adopt(ports, vault))
}

async fn pull_and_adopt<P: Ports>(
    ports: &mut P,
    vault: &mut OpenVault,
) -> Result<PendingStatus, VaultFailure> {
    let client = Client(ports.transport());
    let pulled = match pull::pull_since(&client, &vault.state, &vault.objects, &vault.disowned).await {
        Ok(pulled) => pulled,
        Err(failed) => return Err(raise_if_refused(ports, vault, failed).await),
    };
    let Some(child) = pulled.child else {
        end_alarm(ports, vault).await?;
        return Ok(PendingStatus::Unconfirmed);
    };

    // Compares the signed bodies, since the same ECDSA signature has two encodings.
    let confirmed =
        vault.pending.as_ref().is_some_and(|pending| pending.signed.commit.head.body() == child.body());
    let (pending, aside) =
        if confirmed { (None, None) } else { replay_pending(ports, vault, &pulled).await? };
    // A device that went over to a history without it is not live before it enters again.
    let was_live = vault.state.device(vault.device).is_some() || confirmed;
    let is_removed = was_live && pulled.state.device(vault.device).is_none();
    let Pulled { state, heads, update, changed, method_writers, mut joins, .. } = pulled;
    joins.retain(|join| join.device != vault.device);
    let log = log_heads(ports.store(), vault.id(), &heads).await?;
    let mut batch = advance_batch(vault.state.head(), &state, vault.objects.after(&update), &changed, log);
    batch.writes.extend(join_writes(vault.id(), &joins));
    batch.writes.extend(aside.as_ref().map(|aside| aside_write(vault.id(), aside)));
    // None of the heads that were verified is one that this device has disowned.
    let (orphans, unused) = vault.orphans.settle(state.head().body().counter);
    batch.writes.push(orphans_write(vault.id(), &orphans));
    batch.writes.extend(is_removed.then(|| removal_write(vault.id())));
    let alarm_end = AlarmEnd::of(ports, vault, state.head().body().counter);
    batch.writes.extend(alarm_end.iter().flat_map(|end| end.writes(vault.id())));
    let signed = pending.as_ref().map(|pending| &pending.signed);
    ports.store().write(with_pending(batch, vault.id(), signed)).await?;

    if let Some(end) = alarm_end {
        end.apply(ports, vault);
    }
    let awaited = vault.awaited.len();
    vault.apply(update);
    if vault.awaited.len() != awaited {
        ports.emit(Event::SecretsAwaited(vault.count_awaited()));
    }
    vault.joins.append(&mut joins);
    vault.aside.extend(aside);
    (vault.state, vault.pending) = (state, pending);
    end_orphans(ports, vault, orphans, unused);
    let methods_changed = method_writers.iter().any(|writer| *writer != vault.device);
    ports.emit(Event::Advanced { change: vault.counter(), methods_changed });
    vault.relist();
    ports.emit(Event::Changed);
    if is_removed {
        return Err(raise_alarm(ports, vault, Alarm::DeviceRemoved));
    }
    Ok(if confirmed { PendingStatus::Confirmed } else { PendingStatus::Unconfirmed })
}

/// Raises the alarm, if what the server offered was refused, and returns the failure.
async fn raise_if_refused<P: Ports>(ports: &P, vault: &mut OpenVault, failed: PullFailed) -> VaultFailure {
    match name_refusal(ports, &vault.state, &vault.disowned, failed).await {
        Ok((alarm, head)) => raise_and_keep(ports, vault, alarm, head.as_deref()).await,
        Err(failed) => failed.into(),
    }
}

/// Has the authenticator told which passkeys of withdrawn heads have come to nothing, after the
/// rest was stored.
pub(crate) fn end_orphans<P: Ports>(ports: &P, vault: &mut OpenVault, rest: Orphans, unused: Vec<Vec<u8>>) {
    vault.orphans = rest;
    unused.into_iter().for_each(|id| ports.emit(Event::UnusedPasskey(id.into())));
}

/// Signs the pending write again on the newer state, if there is something left of it to write.
/// Otherwise returns what is set aside of it.
async fn replay_pending<P: Ports>(
    ports: &mut P,
    vault: &OpenVault,
    pulled: &Pulled,
) -> Result<(Option<Pending>, Option<Aside>), VaultFailure> {
    let waits = vault.pending.as_ref().filter(|_| Defence::WaitingWrite.holds());
    let Some(pending) = waits else { return Ok((None, None)) };
    let Some((id, parts)) = pending.record() else { return Ok((None, None)) };
    match rebase::replay(ports.entropy(), vault, id, parts, &pulled.state)? {
        Replayed::Write(plan) => {
            let signed = sign_record(ports, vault, &pulled.state, plan).await?;
            Ok((Some(Pending { is_promised: pending.is_promised, ..signed }), None))
        }
        Replayed::CannotWrite if pending.is_promised => Ok((None, content_to_keep(vault, pending))),
        Replayed::CannotWrite | Replayed::Nothing => Ok((None, None)),
    }
}
