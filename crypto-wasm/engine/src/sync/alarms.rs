//! Alarms are states of this device. They are stored when they are raised, are there after locking
//! and reloading, and end only when the server shows the state of this device or one that follows
//! it (or when the vault is forgotten).

use crystallum_core::{Defence, SignedHead, VaultId, VaultState};
use crystallum_messages::{Alarm, Event, VaultFailure};

use crate::local::alarms::{alarm_write, ended_write, write_alarms};
use crate::local::heads::whole_head;
use crate::ports::{Clock, LocalStore, Ports};
use crate::vault::alarm::{EndedAlarm, Evidence, KeptAlarm};
use crate::vault::open_vault::OpenVault;

/// Raises an alarm, after which nothing is written any more, and stores it. `offered` is the head
/// that the server has shown, if the vault has signed it.
pub(crate) async fn raise_and_keep<P: Ports>(
    ports: &P,
    vault: &mut OpenVault,
    alarm: Alarm,
    offered: Option<&SignedHead>,
) -> VaultFailure {
    let kept = keep_alarm(ports, &vault.state, vault.alarm.as_ref(), alarm, offered).await;
    let alarm = kept.alarm.clone();
    if vault.alarm.as_ref() != Some(&kept) {
        ports.emit(Event::Alarm(alarm.clone()));
    }
    vault.alarm = Some(kept);
    VaultFailure::Alarm(alarm)
}

/// Stores an alarm of a vault in this state, unless the one `before` says more. Returns the one
/// that this device is in then.
pub(crate) async fn keep_alarm<P: Ports>(
    ports: &P,
    state: &VaultState,
    before: Option<&KeptAlarm>,
    alarm: Alarm,
    offered: Option<&SignedHead>,
) -> KeptAlarm {
    if let Some(before) = before.filter(|before| !before.gives_way_to(&alarm)) {
        return before.clone();
    }
    let mut kept = KeptAlarm::new(alarm, ports.clock().now());
    if let Some(offered) = offered {
        let own = own_head(ports.store(), state, offered).await;
        kept.evidence = Some(Box::new(Evidence { offered: *offered, own }));
    }
    if kept.is_stored() && Defence::KeptAlarm.holds() {
        let write = alarm_write(state.head().body().vault, Some(&kept));
        // If it cannot be stored, it holds until the vault is locked.
        let _stored = write_alarms(ports.store(), state.head(), vec![write]).await;
    }
    kept
}

/// Returns this device's head with the counter of another one, if it is another head and still kept
/// whole, or else the newest one.
async fn own_head(store: &impl LocalStore, state: &VaultState, offered: &SignedHead) -> SignedHead {
    let newest = *state.head();
    let (vault, counter) = (newest.body().vault, offered.body().counter);
    let own = whole_head(store, vault, counter).await.ok().flatten();
    own.filter(|own| counter < newest.body().counter && own.body() != offered.body()).unwrap_or(newest)
}

/// What is left of an alarm that a verified pull has ended.
pub(crate) struct AlarmEnd {
    alarm: Alarm,
    ended: Vec<EndedAlarm>,
}

impl AlarmEnd {
    /// Returns how the alarm of a vault ends, if it is in one, now that the server has shown the
    /// state of this device and everything up to `change` that follows it. One about secrets goes
    /// on while some are awaited.
    pub(crate) fn of<P: Ports>(ports: &P, vault: &OpenVault, change: u64) -> Option<Self> {
        let kept = vault.alarm.as_ref().filter(|kept| kept.can_end())?;
        if kept.ends_by_secrets() && !vault.awaited.is_empty() {
            return None;
        }
        let ended = match kept.is_stored() {
            true => kept.ended_among(&vault.ended, ports.clock().now(), change),
            false => vault.ended.clone(),
        };
        Some(Self { alarm: kept.alarm.clone(), ended })
    }

    /// Returns the writes that end the alarm on this device.
    pub(crate) fn writes(&self, vault: VaultId) -> [(String, Option<Vec<u8>>); 2] {
        [alarm_write(vault, None), ended_write(vault, &self.ended)]
    }

    /// Ends the alarm in memory, after the writes.
    pub(crate) fn apply<P: Ports>(self, ports: &P, vault: &mut OpenVault) {
        (vault.alarm, vault.ended) = (None, self.ended);
        ports.emit(Event::AlarmEnded(self.alarm));
    }
}

/// Ends the alarm of a vault, if it is in one, after a pull that brought nothing newer.
pub(crate) async fn end_alarm<P: Ports>(ports: &P, vault: &mut OpenVault) -> Result<(), VaultFailure> {
    let Some(end) = AlarmEnd::of(ports, vault, vault.counter()) else { return Ok(()) };
    write_alarms(ports.store(), vault.state.head(), end.writes(vault.id()).into()).await?;
    end.apply(ports, vault);
    Ok(())
}
