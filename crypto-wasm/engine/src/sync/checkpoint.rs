//! Fetching a vault that this device does not know: what is live, page by page, instead of every
//! write that led to it.
//!
//! The keyslots come first. Whoever has the key of one of them gets the root out of it, and with it
//! the vault key, which must have signed the head that the server names. Nothing else is fetched
//! before that, and no more than that head says there is. Without the root nobody makes such a
//! head, and whoever has the root could as well make a whole chain: the pages prove as much as the
//! chain would.
//!
//! The secrets come last. The pages before them say what each one is, so the state can be verified
//! and the records listed without them, and `sync::secrets` fetches them when the vault is open.

use crystallum_core::{
    HeadRejected, History, KeyslotLeaf, Scope, SignedHead, SlotId, VaultId, VaultState, VaultVerifier, Wrap,
};
use crystallum_messages::Alarm;

use crate::ports::Transport;
use crate::sync::pull::PullFailed;
use crate::vault::change::SealedChange;
use crate::vault::live_objects::LiveObjects;
use crate::vault::objects::Objects;
use crate::vault::received::MissingSecrets;
use crate::vault::verified_heads::VerifiedHeads;
use crate::vault::wrap_bytes::WrapBytes;
use crate::wire::checkpoint::{CheckpointPage, ObjectPlace};
use crate::wire::client::Client;
use crate::wire::limits::MAX_PAGE_COMMITS;

/// The most pages with keyslots: some 1,700 sign-in methods, or 346 whose wraps are as long as a
/// server takes. Nothing vouches for them yet.
const MAX_KEYSLOT_PAGES: usize = 4;
/// How many heads may be written while the pages arrive. If there are more, everything is fetched
/// once more. The vault itself has signed them, so they are no sign of tampering.
const MAX_HEADS_MEANWHILE: u64 = 500;
/// How many objects may be changed or removed while the pages arrive, likewise.
const MAX_CHANGES_MEANWHILE: u64 = 10_000;

/// What the server says is the newest state, before anything vouches for it.
pub(crate) struct UnprovedCheckpoint {
    /// The head of the first page.
    head: SignedHead,
    /// The history log before it.
    past: History,
    /// The head of the last page.
    newest: SignedHead,
    keyslots: Vec<(SlotId, KeyslotLeaf, WrapBytes)>,
    objects: LiveObjects,
    received: Received,
}

/// What has arrived so far.
struct Received {
    last: Option<ObjectPlace>,
    /// The number of objects other than secrets.
    live: u64,
    secrets: u64,
    more: bool,
}

/// A checkpoint whose heads the vault key has signed.
pub(crate) struct Checkpoint {
    /// The head of the first page, or the one that was followed to since.
    head: SignedHead,
    /// The history log before it.
    past: History,
    /// The head of the last page.
    newest: SignedHead,
    objects: LiveObjects,
    received: Received,
}

/// How much of a vault is fetched at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Extent {
    All,
    /// All but the secrets, of which some may come along.
    AllButSecrets,
}

/// A verified state with its ciphertext.
pub(crate) struct Fetched {
    pub(crate) state: VaultState,
    pub(crate) objects: Objects,
    /// The heads that were verified: those that were written while the pages arrived, after the one
    /// with which they began.
    pub(crate) heads: VerifiedHeads,
    /// The history log before the first of them.
    pub(crate) before: History,
}

fn tampered(head: &SignedHead) -> PullFailed {
    PullFailed::Alarm(Alarm::Tampered { offered: head.body().counter })
}

/// Returns the head of a page. A device that knows nothing of the vault takes the server's word for
/// a head of a later version, since it adopts nothing. Once the vault's key is proved, it must have
/// signed it.
fn head_of(page: &CheckpointPage, known: Option<&VaultVerifier>) -> Result<SignedHead, PullFailed> {
    page.head.map_err(|rejected| match rejected {
        HeadRejected::Newer(newer) if known.is_none_or(|key| newer.is_signed_by(key)) => {
            PullFailed::Alarm(Alarm::TooNew)
        }
        _ => PullFailed::Alarm(Alarm::Tampered { offered: 0 }),
    })
}

impl Received {
    /// Takes the objects of a page, which must follow the ones before it in their order.
    fn take(
        &mut self,
        head: &SignedHead,
        page: CheckpointPage,
        objects: &mut LiveObjects,
        bound: &Bound,
    ) -> Result<(), PullFailed> {
        if page.more && page.objects.is_empty() {
            return Err(tampered(head));
        }
        for (place, object) in page.objects {
            let count = if place.is_secret() { &mut self.secrets } else { &mut self.live };
            *count += 1;
            if self.last >= Some(place) || !object.fits_format() {
                return Err(tampered(head));
            }
            bound.check(*count)?;
            self.last = Some(place);
            // A record that was added meanwhile comes with the changes.
            if !place.is_secret() || objects.has_record(&object) {
                objects.take(object).map_err(|_| tampered(head))?;
            }
        }
        self.more = page.more;
        Ok(())
    }

    /// Returns whether everything is there that is wanted. The secrets come last.
    fn has(&self, extent: Extent) -> bool {
        let has_all_but_secrets = self.last.is_some_and(|last| last.is_secret());
        !self.more || (extent == Extent::AllButSecrets && has_all_but_secrets)
    }
}

/// How many objects the pages can have, and what it means if they have more.
struct Bound {
    most: u64,
    excess: PullFailed,
}

impl Bound {
    const NONE: Self = Self { most: u64::MAX, excess: PullFailed::TooMuchAtOnce };

    fn check(&self, count: u64) -> Result<(), PullFailed> {
        if count > self.most { Err(self.excess.clone()) } else { Ok(()) }
    }
}

/// Checks that the vault has signed a head that is `earlier` or comes after it.
fn check_later(earlier: &SignedHead, head: &SignedHead) -> Result<(), PullFailed> {
    let (before, body) = (earlier.body(), head.body());
    let later = body.counter > before.counter
        && (body.vault, body.vault_key) == (before.vault, before.vault_key)
        && head.is_signed_by_vault();
    if before == body || later { Ok(()) } else { Err(tampered(head)) }
}

/// Checks that no more heads came after the one of the first page than this device follows.
fn check_pace(first: u64, head: &SignedHead) -> Result<(), PullFailed> {
    let is_followed = head.body().counter.saturating_sub(first) <= MAX_HEADS_MEANWHILE;
    if is_followed { Ok(()) } else { Err(PullFailed::TooMuchAtOnce) }
}

/// Fetches the newest head and the keyslots of a vault.
pub(crate) async fn fetch_keyslots(
    client: &Client<'_, impl Transport>,
    vault: VaultId,
) -> Result<UnprovedCheckpoint, PullFailed> {
    let mut received = Received { last: None, live: 0, secrets: 0, more: true };
    let (mut objects, mut keyslots) = (LiveObjects::default(), Vec::new());
    let mut first = None;
    for _ in 0..MAX_KEYSLOT_PAGES {
        let page = client.state(received.last).await?;
        let newest = head_of(&page, None)?;
        let (head, past) = first.get_or_insert_with(|| (newest, page.past.clone())).clone();
        if head.body().vault != vault {
            return Err(tampered(&head));
        }
        for (_, object) in &page.objects {
            if let SealedChange::Keyslot(id, leaf, Some(wrap)) = object {
                keyslots.push((*id, *leaf, wrap.clone()));
            }
        }
        received.take(&newest, page, &mut objects, &Bound::NONE)?;
        if !received.more || received.last.is_some_and(|last| last.is_after_keyslots()) {
            // Every vault has some, so that no passkey is to blame for this.
            if keyslots.is_empty() {
                return Err(tampered(&head));
            }
            return Ok(UnprovedCheckpoint { head, past, newest, keyslots, objects, received });
        }
    }
    Err(PullFailed::TooMuchAtOnce)
}

impl UnprovedCheckpoint {
    pub(crate) fn head(&self) -> &SignedHead {
        &self.head
    }

    /// Iterates over the wraps of one scope that can be read.
    pub(crate) fn wraps(&self, scope: Scope) -> impl Iterator<Item = (SlotId, Wrap)> {
        let slots = self.keyslots.iter().filter(move |(_, leaf, _)| leaf.scope == scope);
        slots.filter_map(|(slot, leaf, wrap)| Some((*slot, wrap.read(leaf)?)))
    }

    /// Checks that the vault key, which the root in a keyslot gives, has signed the heads.
    pub(crate) fn prove(self, vault_key: &VaultVerifier) -> Result<Checkpoint, PullFailed> {
        let Self { head, past, newest, objects, received, .. } = self;
        let body = head.body();
        let is_history = past.root() == body.history && past.len().checked_add(1) == Some(body.counter);
        if body.vault_key != *vault_key || !head.is_signed_by_vault() || !is_history {
            return Err(tampered(&head));
        }
        check_later(&head, &newest)?;
        Ok(Checkpoint { head, past, newest, objects, received })
    }
}

impl Checkpoint {
    /// Fetches the rest, and verifies the state that it makes. If too much is written meanwhile,
    /// everything is fetched once more.
    pub(crate) async fn fetch_rest(
        mut self,
        client: &Client<'_, impl Transport>,
        extent: Extent,
    ) -> Result<Fetched, PullFailed> {
        match self.fetch_once(client, extent).await {
            Err(PullFailed::TooMuchAtOnce) => {}
            outcome => return outcome,
        }
        // What was followed may have led beyond the last page.
        let is_beyond = self.head.body().counter > self.newest.body().counter;
        let newest = if is_beyond { self.head } else { self.newest };
        let body = newest.body();
        let mut again = fetch_keyslots(client, body.vault).await?.prove(&body.vault_key)?;
        check_later(&newest, &again.head)?;
        again.fetch_once(client, extent).await
    }

    async fn fetch_once(
        &mut self,
        client: &Client<'_, impl Transport>,
        extent: Extent,
    ) -> Result<Fetched, PullFailed> {
        let first = self.head.body().counter;
        check_pace(first, &self.newest)?;
        let bound = self.bound();
        bound.check(self.received.live.max(self.received.secrets))?;
        while !self.received.has(extent) {
            let page = client.state(self.received.last).await?;
            let newest = head_of(&page, Some(&self.head.body().vault_key))?;
            check_later(&self.newest, &newest)?;
            self.newest = newest;
            check_pace(first, &newest)?;
            let bound = self.bound();
            self.received.take(&newest, page, &mut self.objects, &bound)?;
        }
        let before = self.past.clone();
        let earlier = match self.newest.body() == self.head.body() {
            true => Vec::new(),
            false => self.follow(client).await?,
        };
        let head = self.head;
        let received = std::mem::take(&mut self.objects);
        let leaves = received.leaves().map_err(|_| tampered(&head))?;
        let state = VaultState::restore(head, self.past.clone(), leaves).map_err(|_| tampered(&head))?;
        // After the last page there is nothing left to come.
        let missing = if self.received.more { MissingSecrets::Await } else { MissingSecrets::Refuse };
        let update = received.into_update(&state, missing).ok_or_else(|| tampered(&head))?;
        let mut objects = Objects::default();
        objects.apply(update);
        Ok(Fetched { state, objects, heads: VerifiedHeads::ending_with(earlier, head), before })
    }

    /// Returns how many objects the pages can have at most: those of the newest head, and what was
    /// removed while they arrived.
    fn bound(&self) -> Bound {
        let leaves = self.newest.body().leaves;
        if self.newest.body() == self.head.body() {
            return Bound { most: leaves, excess: tampered(&self.newest) };
        }
        Bound { most: leaves.saturating_add(MAX_CHANGES_MEANWHILE), excess: PullFailed::TooMuchAtOnce }
    }

    /// Applies what was written since the first page, up to the head of the last one or beyond it.
    /// Whatever a page has of it already, the last change of an object counts. Returns the hashes
    /// of the heads that came before the last one; whether their devices signed them is not known.
    async fn follow(&mut self, client: &Client<'_, impl Transport>) -> Result<Vec<[u8; 32]>, PullFailed> {
        let first = self.head.body().counter;
        let (mut earlier, mut changes) = (Vec::new(), 0);
        loop {
            let page = client.delta(self.head.body().counter).await?;
            if page.entries.is_empty() || page.entries.len() > MAX_PAGE_COMMITS {
                return Err(tampered(&self.head));
            }
            for entry in page.entries {
                let head = self.read_next(entry.head)?;
                for change in entry.changes.map_err(|_| tampered(&head))? {
                    changes += 1;
                    if !change.fits_format() {
                        return Err(tampered(&head));
                    }
                    self.objects.take(change).map_err(|_| tampered(&head))?;
                }
                let parent = self.head.body().hash();
                self.past.push(&parent);
                earlier.push(parent);
                self.head = head;
                check_pace(first, &head)?;
                if changes > MAX_CHANGES_MEANWHILE {
                    return Err(PullFailed::TooMuchAtOnce);
                }
            }
            let reached = self.head.body().counter;
            if reached > page.counter {
                return Err(tampered(&self.head));
            }
            if reached == page.counter {
                // The server has shown the head of the last page, so it must be among these.
                return if reached >= self.newest.body().counter {
                    Ok(earlier)
                } else {
                    Err(tampered(&self.head))
                };
            }
        }
    }

    /// Checks that a head follows the last one, and that the head of the last page is the one with
    /// its counter.
    fn read_next(&self, head: Result<SignedHead, HeadRejected>) -> Result<SignedHead, PullFailed> {
        let parent = self.head.body();
        let head = match head {
            Ok(head) => head,
            Err(HeadRejected::Newer(newer)) if newer.is_signed_by(&parent.vault_key) => {
                return Err(PullFailed::Alarm(Alarm::TooNew));
            }
            Err(_) => return Err(tampered(&self.head)),
        };
        check_later(&self.head, &head)?;
        let (body, newest) = (head.body(), self.newest.body());
        let follows = body.prev == Some(parent.hash()) && Some(body.counter) == parent.counter.checked_add(1);
        let is_shown = body.counter != newest.counter || body == newest;
        if follows && is_shown { Ok(head) } else { Err(tampered(&head)) }
    }
}
