//! Pulling what other devices wrote. Every head in between is verified before anything is adopted.

use std::cmp::Ordering;
use std::collections::BTreeSet;

use crystallum_core::{
    Change, Defence, DeviceId, HeadRejected, LeafId, NewerHead, Op, SignedHead, VaultState,
};
use crystallum_messages::{Alarm, VaultFailure};

use crate::ports::Transport;
use crate::vault::change::leaves_changed_by;
use crate::vault::disowned::DisownedHeads;
use crate::vault::join::Join;
use crate::vault::objects::{Objects, Update};
use crate::vault::received::{MissingSecrets, ReceivedBlobs};
use crate::vault::slots::kind_of_method;
use crate::vault::verified_heads::VerifiedHeads;
use crate::wire::answer::Entry;
use crate::wire::client::Client;
use crate::wire::limits::MAX_PAGE_COMMITS;
use crate::wire::refusal::CallFailed;

/// A verified newer state, and the updates that lead to it.
pub(crate) struct Pulled {
    pub(crate) state: VaultState,
    /// The head that follows the known state.
    pub(crate) child: Option<SignedHead>,
    /// Every head that follows the known state.
    pub(crate) heads: VerifiedHeads,
    pub(crate) update: Update,
    /// Every leaf that was changed in between.
    pub(crate) changed: BTreeSet<LeafId>,
    /// The devices that changed sign-in methods.
    pub(crate) method_writers: BTreeSet<DeviceId>,
    /// The devices that entered the vault.
    pub(crate) joins: Vec<Join>,
}

/// Why nothing was pulled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PullFailed {
    /// What the server offered is refused.
    Alarm(Alarm),
    /// What the server offered is refused, although the vault has signed it.
    Conflicting(Alarm, Box<SignedHead>),
    /// The call failed.
    Call(CallFailed),
    /// There is more than a new device takes, or more than it can follow was written meanwhile.
    TooMuchAtOnce,
}

impl From<CallFailed> for PullFailed {
    fn from(failed: CallFailed) -> Self {
        Self::Call(failed)
    }
}

impl From<PullFailed> for VaultFailure {
    fn from(failed: PullFailed) -> Self {
        match failed {
            PullFailed::Alarm(alarm) | PullFailed::Conflicting(alarm, _) => Self::Alarm(alarm),
            PullFailed::Call(failed) => failed.into(),
            PullFailed::TooMuchAtOnce => Self::TooMuchAtOnce,
        }
    }
}

/// Pulls what was written after `state`. The server must first show the head that this device
/// knows, and none of those that this device has disowned.
pub(crate) async fn pull_since(
    client: &Client<'_, impl Transport>,
    state: &VaultState,
    objects: &Objects,
    disowned: &DisownedHeads,
) -> Result<Pulled, PullFailed> {
    let mut chain = Chain::new(state.clone(), disowned.clone());
    chain.follow(client).await?;
    chain.finish(objects)
}

struct Chain {
    state: VaultState,
    child: Option<SignedHead>,
    heads: VerifiedHeads,
    received: ReceivedBlobs,
    changed: BTreeSet<LeafId>,
    method_writers: BTreeSet<DeviceId>,
    joins: Vec<Join>,
    disowned: DisownedHeads,
}

impl Chain {
    fn new(state: VaultState, disowned: DisownedHeads) -> Self {
        Self {
            state,
            child: None,
            heads: VerifiedHeads::default(),
            received: ReceivedBlobs::default(),
            changed: BTreeSet::new(),
            method_writers: BTreeSet::new(),
            joins: Vec::new(),
            disowned,
        }
    }

    fn finish(self, known: &Objects) -> Result<Pulled, PullFailed> {
        let Self { state, child, heads, received, changed, method_writers, joins, .. } = self;
        let offered = state.head().body().counter;
        let update = received.update(&state, known, &changed, MissingSecrets::Refuse);
        let update = update.ok_or(PullFailed::Alarm(Alarm::Tampered { offered }))?;
        Ok(Pulled { state, child, heads, update, changed, method_writers, joins })
    }

    /// Fetches and verifies page after page until the newest counter. The known state's own head
    /// comes first.
    async fn follow(&mut self, client: &Client<'_, impl Transport>) -> Result<(), PullFailed> {
        let mine = self.state.head().body().counter;
        let mut at = mine - 1;
        loop {
            let page = client.delta(at).await?;
            // A server that knows less than this device is refused, since a state is never taken
            // back.
            if Defence::NewestState.holds() && page.counter < mine {
                return Err(PullFailed::Alarm(Alarm::Rollback { mine, offered: page.counter }));
            }
            if page.entries.is_empty() || page.entries.len() > MAX_PAGE_COMMITS {
                return Err(PullFailed::Alarm(Alarm::Tampered { offered: page.counter }));
            }
            for entry in page.entries {
                at += 1;
                self.verify_entry(at, entry, mine)?;
            }
            match at.cmp(&page.counter) {
                Ordering::Less => {}
                Ordering::Equal => return Ok(()),
                Ordering::Greater => return Err(PullFailed::Alarm(Alarm::Tampered { offered: at })),
            }
        }
    }

    fn verify_entry(&mut self, counter: u64, entry: Entry, mine: u64) -> Result<(), PullFailed> {
        let tampered = || PullFailed::Alarm(Alarm::Tampered { offered: counter });
        let head = match entry.head {
            Ok(head) => head,
            Err(HeadRejected::Newer(newer)) if self.may_be_newer(&newer) => {
                return Err(PullFailed::Alarm(Alarm::TooNew));
            }
            Err(_) => return Err(tampered()),
        };
        // The counter must match, so that no head is omitted, repeated or moved.
        if Defence::HeadParent.holds() && head.body().counter != counter {
            return Err(tampered());
        }
        let parent = self.state.head().body();
        if counter == mine && parent == head.body() {
            return Ok(());
        }
        if let Some(offered) = self.disowned.find(head.body()) {
            return Err(self.refuse_signed(head, Alarm::Disowned { offered }));
        }
        // The changes of a head that does not follow are not examined, since they belong to an
        // unknown state.
        let follows = counter > mine && head.body().prev == Some(parent.hash());
        if Defence::HeadParent.holds() && !follows {
            return Err(self.refuse_signed(head, Alarm::Fork { mine, offered: counter }));
        }
        let sealed = entry.changes.map_err(|_| tampered())?;
        // If anything is refused from here on, everything is.
        self.heads.push(head, &sealed);
        let taken = self.received.take_signed(sealed, head.body(), &self.state);
        let changes = taken.map_err(|_| tampered())?;
        if changes.iter().any(|change| matches!(change, Change::Keyslot(..) | Change::KeyslotRemoved(_))) {
            self.method_writers.insert(head.body().writer);
        }
        self.note_joins(&head, &changes);
        self.changed.extend(changes.iter().flat_map(leaves_changed_by));
        if counter == mine + 1 {
            self.child = Some(head);
        }
        self.state.advance(head, &changes).map_err(|_| tampered())?;
        Ok(())
    }

    /// Notes the devices that a head admits to the state before it.
    fn note_joins(&mut self, head: &SignedHead, changes: &[Change]) {
        let body = head.body();
        // A device also appears in a head when it says that it reads a higher format.
        if body.op != Op::Join {
            return;
        }
        self.joins.extend(changes.iter().filter_map(|change| {
            let Change::Device(device, leaf) = change else { return None };
            let kind = kind_of_method(&self.state, leaf)?;
            let method = *leaf.added_by.as_bytes();
            Some(Join { device: *device, counter: body.counter, time: body.time, method, kind })
        }));
    }

    /// Returns whether a later version may have written the head.
    fn may_be_newer(&self, head: &NewerHead) -> bool {
        head.is_signed_by(&self.state.head().body().vault_key)
    }

    /// Refuses a head that does not follow the known state. `alarm` is what it is if the vault has
    /// signed it, whose writer may be known only in another history. Everything else is reported as
    /// tampered with.
    fn refuse_signed(&self, head: SignedHead, alarm: Alarm) -> PullFailed {
        if is_of_vault(&head, &self.state) {
            PullFailed::Conflicting(alarm, Box::new(head))
        } else {
            PullFailed::Alarm(Alarm::Tampered { offered: head.body().counter })
        }
    }
}

/// Returns whether the vault of this state has signed a head.
pub(crate) fn is_of_vault(head: &SignedHead, state: &VaultState) -> bool {
    head.body().vault_key == state.head().body().vault_key && head.is_signed_by_vault()
}

#[cfg(test)]
mod tests;
