//! Pulling what other devices wrote. Every head in between is verified before anything is adopted.

use std::collections::BTreeSet;

use crystallum_core::{
    Change, DeviceId, HeadRefused, HeadRejected, LeafId, NewerHead, Op, SignedHead, VaultId, VaultState,
};
use crystallum_messages::{Alarm, VaultFailure};

use crate::ports::Transport;
use crate::vault::change::leaves_changed_by;
use crate::vault::disowned::DisownedHeads;
use crate::vault::join::Join;
use crate::vault::objects::{Objects, Update};
use crate::vault::received::ReceivedBlobs;
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

/// The oldest state to accept: the vault when its recovery sheet was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Floor {
    pub(crate) counter: u64,
    /// The hash of the head, if it is known.
    pub(crate) head: Option<[u8; 32]>,
}

/// Why nothing was pulled.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PullFailed {
    /// What the server offered is refused.
    Alarm(Alarm),
    /// The call failed.
    Call(CallFailed),
}

impl From<CallFailed> for PullFailed {
    fn from(failed: CallFailed) -> Self {
        Self::Call(failed)
    }
}

impl From<PullFailed> for VaultFailure {
    fn from(failed: PullFailed) -> Self {
        match failed {
            PullFailed::Alarm(alarm) => Self::Alarm(alarm),
            PullFailed::Call(failed) => failed.into(),
        }
    }
}

/// Pulls everything from the genesis on, for a device that does not know the vault. The caller must
/// check by the vault key that the chain belongs to the vault. The chain must reach `floor` and
/// contain the head that it names.
pub(crate) async fn pull_all(
    client: &Client<'_, impl Transport>,
    vault: VaultId,
    floor: Option<Floor>,
) -> Result<Pulled, PullFailed> {
    let watch = floor.map(|floor| floor.counter);
    let mut chain = Chain { watch, ..Chain::new(vault, None) };
    chain.follow(client, 0).await?;
    if let Some(Floor { counter: sheet, head }) = floor {
        let offered = chain.state.as_ref().map_or(0, |state| state.head().body().counter);
        if offered < sheet || head.is_some_and(|head| chain.watched != Some(head)) {
            return Err(PullFailed::Alarm(Alarm::BelowSheet { sheet, offered }));
        }
    }
    chain.finish(&Objects::default())
}

/// Pulls what was written after `state`. The server must first show the head that this device
/// knows, and none of those that this device has disowned.
pub(crate) async fn pull_since(
    client: &Client<'_, impl Transport>,
    state: &VaultState,
    objects: &Objects,
    disowned: &DisownedHeads,
) -> Result<Pulled, PullFailed> {
    let vault = state.head().body().vault;
    let mut chain = Chain { disowned: disowned.clone(), ..Chain::new(vault, Some(state.clone())) };
    chain.follow(client, state.head().body().counter - 1).await?;
    chain.finish(objects)
}

struct Chain {
    vault: VaultId,
    state: Option<VaultState>,
    child: Option<SignedHead>,
    heads: VerifiedHeads,
    received: ReceivedBlobs,
    changed: BTreeSet<LeafId>,
    method_writers: BTreeSet<DeviceId>,
    joins: Vec<Join>,
    disowned: DisownedHeads,
    watch: Option<u64>,
    watched: Option<[u8; 32]>,
}

impl Chain {
    fn new(vault: VaultId, state: Option<VaultState>) -> Self {
        Self {
            vault,
            state,
            child: None,
            heads: VerifiedHeads::default(),
            received: ReceivedBlobs::default(),
            changed: BTreeSet::new(),
            method_writers: BTreeSet::new(),
            joins: Vec::new(),
            disowned: DisownedHeads::default(),
            watch: None,
            watched: None,
        }
    }

    fn finish(mut self, known: &Objects) -> Result<Pulled, PullFailed> {
        let state = self.state.take().ok_or(PullFailed::Alarm(Alarm::Tampered { offered: 0 }))?;
        let offered = state.head().body().counter;
        match std::mem::take(&mut self.received).update(&state, known, &self.changed) {
            Some(update) => {
                let Self { child, heads, changed, method_writers, joins, .. } = self;
                Ok(Pulled { state, child, heads, update, changed, method_writers, joins })
            }
            None => Err(PullFailed::Alarm(Alarm::Tampered { offered })),
        }
    }

    /// Fetches and verifies page after page until the newest counter. With a known state, `since`
    /// is one below its counter, so that its own head comes first.
    async fn follow(&mut self, client: &Client<'_, impl Transport>, since: u64) -> Result<(), PullFailed> {
        let mine = self.state.as_ref().map_or(0, |state| state.head().body().counter);
        let mut at = since;
        loop {
            let page = client.delta(at).await?;
            // A server that knows less than this device is refused, since a state is never taken
            // back.
            if page.counter < mine {
                return Err(PullFailed::Alarm(Alarm::Rollback { mine, offered: page.counter }));
            }
            if page.entries.is_empty() || page.entries.len() > MAX_PAGE_COMMITS {
                return Err(PullFailed::Alarm(Alarm::Tampered { offered: page.counter }));
            }
            for entry in page.entries {
                at += 1;
                self.verify_entry(at, entry, mine)?;
            }
            if at >= page.counter {
                return Ok(());
            }
        }
    }

    fn verify_entry(&mut self, counter: u64, entry: Entry, mine: u64) -> Result<(), PullFailed> {
        let tampered = PullFailed::Alarm(Alarm::Tampered { offered: counter });
        let head = match entry.head {
            Ok(head) => head,
            Err(HeadRejected::Newer(newer)) if self.may_be_newer(&newer) => {
                return Err(PullFailed::Alarm(Alarm::TooNew));
            }
            Err(_) => return Err(tampered),
        };
        // The counter must match, so that no head is omitted, repeated or moved.
        if head.body().counter != counter {
            return Err(tampered);
        }
        if self.state.as_ref().is_some_and(|state| counter == mine && state.head().body() == head.body()) {
            return Ok(());
        }
        if let Some(offered) = self.disowned.find(head.body()) {
            return Err(PullFailed::Alarm(Alarm::Disowned { offered }));
        }
        if let Some(state) = &self.state {
            // The changes of a head that does not follow are not examined, since they belong to an
            // unknown state.
            if head.body().prev != Some(state.head().body().hash()) {
                return Err(PullFailed::Alarm(self.classify_refusal(HeadRefused::NotNext, &head, mine)));
            }
        }
        let changes = entry
            .changes
            .and_then(|changes| self.received.take_signed(changes, head.body(), self.state.as_ref()))
            .map_err(|_| tampered)?;
        if changes.iter().any(|change| matches!(change, Change::Keyslot(..) | Change::KeyslotRemoved(_))) {
            self.method_writers.insert(head.body().writer);
        }
        self.note_joins(&head, &changes);
        self.changed.extend(changes.iter().flat_map(leaves_changed_by));
        if self.watch == Some(counter) {
            self.watched = Some(head.body().hash());
        }
        if counter == mine + 1 {
            self.child = Some(head);
        }
        let advanced = match &mut self.state {
            None => VaultState::genesis(self.vault, head, &changes).map(|state| self.state = Some(state)),
            Some(state) => state.advance(head, &changes),
        };
        advanced.map_err(|refused| PullFailed::Alarm(self.classify_refusal(refused, &head, mine)))?;
        self.heads.push(head);
        Ok(())
    }

    /// Notes the devices that a head admits to the state before it.
    fn note_joins(&mut self, head: &SignedHead, changes: &[Change]) {
        let Some(state) = &self.state else { return };
        let body = head.body();
        // A device also appears in a head when it says that it reads a higher format.
        if body.op != Op::Join {
            return;
        }
        self.joins.extend(changes.iter().filter_map(|change| {
            let Change::Device(device, leaf) = change else { return None };
            let kind = kind_of_method(state, leaf)?;
            let method = *leaf.added_by.as_bytes();
            Some(Join { device: *device, counter: body.counter, time: body.time, method, kind })
        }));
    }

    /// Returns whether a later version may have written the head. A device that knows the vault
    /// can prove it; one that does not takes the server's word, since it adopts nothing.
    fn may_be_newer(&self, head: &NewerHead) -> bool {
        self.state.as_ref().is_none_or(|state| head.is_signed_by(&state.head().body().vault_key))
    }

    /// Maps a refusal to an alarm. A head that the vault signed, but not on top of the known state,
    /// is a fork; its writer may be known only in that history. A device that knows no state yet
    /// has no history to contradict. Everything else is reported as tampered with.
    fn classify_refusal(&self, refused: HeadRefused, head: &SignedHead, mine: u64) -> Alarm {
        let offered = head.body().counter;
        let key = self.state.as_ref().map(|state| state.head().body().vault_key);
        let signed = head.is_signed_by_vault() && key.is_none_or(|key| key == head.body().vault_key);
        match refused {
            HeadRefused::NotNext if signed && mine > 0 => Alarm::Fork { mine, offered },
            _ => Alarm::Tampered { offered },
        }
    }
}
