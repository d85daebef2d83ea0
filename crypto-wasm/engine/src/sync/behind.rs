//! A server that has fewer changes than this device. What it shows as its newest one decides
//! whether it has lost something, or has another history.

use crystallum_core::{Defence, SignedHead, VaultState};
use crystallum_messages::Alarm;

use crate::local::heads::load_log;
use crate::ports::Ports;
use crate::sync::pull::{PullFailed, is_of_vault};
use crate::vault::disowned::DisownedHeads;
use crate::wire::client::Client;

/// Why what a server offered was refused, with the head that shows it, if the vault has signed one.
pub(crate) type Refused = (Alarm, Option<Box<SignedHead>>);

/// Says which alarm a refused pull is. Other failures remain.
pub(crate) async fn name_refusal<P: Ports>(
    ports: &P,
    state: &VaultState,
    disowned: &DisownedHeads,
    failed: PullFailed,
) -> Result<Refused, PullFailed> {
    match failed {
        PullFailed::Alarm(Alarm::Rollback { mine, offered }) => {
            Ok(Behind::look(ports, state, disowned, offered).await.into_refused(mine, offered))
        }
        PullFailed::Alarm(alarm) => Ok((alarm, None)),
        PullFailed::Conflicting(alarm, head) => Ok((alarm, Some(head))),
        failed @ (PullFailed::Call(_) | PullFailed::TooMuchAtOnce) => Err(failed),
    }
}

/// What a server shows whose newest change is below that of this device.
pub(crate) enum Behind {
    /// The vault did not sign it, or there is no answer.
    Unproved,
    /// A head that this device has verified, and from which its own descends.
    Ancestor(Box<SignedHead>),
    /// A head of the vault with which this device has not come by.
    Other(Box<SignedHead>),
    /// A head of the vault from before this device knew it.
    TooOld(Box<SignedHead>),
    /// A head that this device has disowned.
    Disowned(Box<SignedHead>),
}

impl Behind {
    /// Asks a server for the newest change that it says it has.
    pub(crate) async fn look<P: Ports>(
        ports: &P,
        state: &VaultState,
        disowned: &DisownedHeads,
        counter: u64,
    ) -> Self {
        let Some(before) = counter.checked_sub(1) else { return Self::Unproved };
        let Ok(page) = Client(ports.transport()).delta(before).await else { return Self::Unproved };
        let head = page.entries.into_iter().next().and_then(|entry| entry.head.ok());
        let is_proof = |head: &SignedHead| head.body().counter == counter && is_of_vault(head, state);
        let head = head.filter(|head| is_proof(head) || !Defence::ShownHead.holds());
        let Some(head) = head else { return Self::Unproved };
        if disowned.find(head.body()).is_some() {
            return Self::Disowned(Box::new(head));
        }
        let Ok(log) = load_log(ports.store(), state).await else { return Self::Unproved };
        match log.hash_at(counter) {
            Some(hash) if *hash == head.body().hash() || !Defence::ShownHead.holds() => {
                Self::Ancestor(Box::new(head))
            }
            Some(_) => Self::Other(Box::new(head)),
            None => Self::TooOld(Box::new(head)),
        }
    }

    /// Returns the alarm for a device whose newest change is `mine`, with the head that shows it.
    pub(crate) fn into_refused(self, mine: u64, offered: u64) -> Refused {
        let rollback = Alarm::Rollback { mine, offered };
        match self {
            Self::Unproved => (rollback, None),
            Self::Ancestor(head) | Self::TooOld(head) => (rollback, Some(head)),
            Self::Other(head) => (Alarm::Fork { mine, offered }, Some(head)),
            Self::Disowned(head) => (Alarm::Disowned { offered }, Some(head)),
        }
    }
}
