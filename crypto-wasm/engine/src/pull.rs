//! Reading what others wrote: every head between is verified before anything of it is believed.

use std::collections::BTreeSet;

use crystallum_api as api;
use crystallum_core::{Change, DeviceId, LeafId, Refused, SignedHead, VaultId, VaultState};
use crystallum_messages::{Alarm, Failure};

use crate::client::{CallFailed, Client};
use crate::objects::{Brought, Objects, Update, touched};
use crate::ports::Transport;
use crate::vault::OpenVault;

/// A verified state, and what it takes to get there.
pub(crate) struct Pulled {
    pub(crate) state: VaultState,
    /// The head that follows the known state.
    pub(crate) child: Option<SignedHead>,
    pub(crate) update: Update,
    /// Every leaf that a change between touched.
    pub(crate) touched: BTreeSet<LeafId>,
    /// The devices that changed the ways in.
    pub(crate) ways_by: BTreeSet<DeviceId>,
}

/// What a recovery sheet says of the vault when it was made.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Floor {
    pub(crate) counter: u64,
    /// The head's hash, where it is known.
    pub(crate) head: Option<[u8; 32]>,
}

/// Why nothing was adopted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum PullFailed {
    /// What was offered is refused.
    Alarm(Alarm),
    /// The call gave nothing.
    Call(CallFailed),
}

impl From<CallFailed> for PullFailed {
    fn from(failed: CallFailed) -> Self {
        Self::Call(failed)
    }
}

impl From<PullFailed> for Failure {
    fn from(failed: PullFailed) -> Self {
        match failed {
            PullFailed::Alarm(alarm) => Self::Alarm(alarm),
            PullFailed::Call(failed) => failed.into(),
        }
    }
}

/// Everything from the genesis on, for a device that knows nothing. Whether it is this vault's is for the caller to check, by the vault key.
/// What is offered must reach `floor` and hold the head that it names.
pub(crate) async fn all(
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

/// What was written after `state`. The server must first show the head that this device knows.
pub(crate) async fn since(
    client: &Client<'_, impl Transport>,
    state: &VaultState,
    objects: &Objects,
) -> Result<Pulled, PullFailed> {
    let vault = state.head().body().vault;
    let mut chain = Chain::new(vault, Some(state.clone()));
    chain.follow(client, state.head().body().counter - 1).await?;
    chain.finish(objects)
}

impl Pulled {
    /// Whether this device could list what is new. What it could not is not adopted: it would not open its own copy any more.
    pub(crate) fn listable(&self, vault: &OpenVault) -> Result<(), Alarm> {
        let offered = self.state.head().body().counter;
        let unreadable = self.update.records().any(|(id, parts)| vault.open_overview(id, parts).is_err());
        if unreadable { Err(Alarm::Tampered { offered }) } else { Ok(()) }
    }
}

struct Chain {
    vault: VaultId,
    state: Option<VaultState>,
    child: Option<SignedHead>,
    brought: Brought,
    touched: BTreeSet<LeafId>,
    ways_by: BTreeSet<DeviceId>,
    watch: Option<u64>,
    watched: Option<[u8; 32]>,
}

impl Chain {
    fn new(vault: VaultId, state: Option<VaultState>) -> Self {
        Self {
            vault,
            state,
            child: None,
            brought: Brought::default(),
            touched: BTreeSet::new(),
            ways_by: BTreeSet::new(),
            watch: None,
            watched: None,
        }
    }

    fn finish(mut self, known: &Objects) -> Result<Pulled, PullFailed> {
        let state = self.state.take().ok_or(PullFailed::Alarm(Alarm::Tampered { offered: 0 }))?;
        let offered = state.head().body().counter;
        match std::mem::take(&mut self.brought).update(&state, known, &self.touched) {
            Some(update) => {
                let Self { child, touched, ways_by, .. } = self;
                Ok(Pulled { state, child, update, touched, ways_by })
            }
            None => Err(PullFailed::Alarm(Alarm::Tampered { offered })),
        }
    }

    /// Asks page after page until the newest counter. With a known state, `since` is one below it, so that its head comes first.
    async fn follow(&mut self, client: &Client<'_, impl Transport>, since: u64) -> Result<(), PullFailed> {
        let mine = self.state.as_ref().map_or(0, |state| state.head().body().counter);
        let mut at = since;
        loop {
            let page = client.delta(at).await?;
            // A state is never taken back: a server that knows less than this device is refused as it stands.
            if page.counter < mine {
                return Err(PullFailed::Alarm(Alarm::Rollback { mine, offered: page.counter }));
            }
            if page.entries.is_empty() || page.entries.len() > api::PAGE_COMMITS {
                return Err(PullFailed::Alarm(Alarm::Tampered { offered: page.counter }));
            }
            for entry in &page.entries {
                at += 1;
                self.take(at, entry, mine)?;
            }
            if at >= page.counter {
                return Ok(());
            }
        }
    }

    fn take(&mut self, counter: u64, entry: &api::Entry, mine: u64) -> Result<(), PullFailed> {
        let tampered = PullFailed::Alarm(Alarm::Tampered { offered: counter });
        let head = SignedHead::from_bytes(entry.head.as_slice()).map_err(|_| tampered.clone())?;
        // Its place is part of the question: nothing is left out, doubled or moved.
        if head.body().counter != counter {
            return Err(tampered);
        }
        if let Some(state) = &self.state {
            if counter == mine && state.head().body() == head.body() {
                return Ok(());
            }
            // What does not follow is not read any further: its changes belong to a state that is not here.
            if head.body().prev != Some(state.head().body().hash()) {
                return Err(PullFailed::Alarm(self.alarm(Refused::NotNext, &head, mine)));
            }
        }
        let changes = self
            .brought
            .read_all(&entry.changes, head.body(), self.state.as_ref())
            .map_err(|_| tampered.clone())?;
        if changes.iter().any(|change| matches!(change, Change::Keyslot(..) | Change::KeyslotGone(_))) {
            self.ways_by.insert(head.body().writer);
        }
        self.touched.extend(changes.iter().flat_map(touched));
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
        advanced.map_err(|refused| PullFailed::Alarm(self.alarm(refused, &head, mine)))
    }

    /// A head that this vault did sign, but not on top of the known state, is a fork; whoever wrote it may be known in that history only.
    /// Who knows no state yet has no history that another one could contradict. Everything else is refused as altered.
    fn alarm(&self, refused: Refused, head: &SignedHead, mine: u64) -> Alarm {
        let offered = head.body().counter;
        let key = self.state.as_ref().map(|state| state.head().body().vault_key);
        let signed = head.is_signed_by_vault() && key.is_none_or(|key| key == head.body().vault_key);
        match refused {
            Refused::TooNew if signed => Alarm::TooNew,
            Refused::NotNext if signed && mine > 0 => Alarm::Fork { mine, offered },
            _ => Alarm::Tampered { offered },
        }
    }
}
