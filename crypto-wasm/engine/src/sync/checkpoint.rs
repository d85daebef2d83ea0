//! Fetching a vault that this device does not know: what is live, page by page, instead of every
//! write that led to it.
//!
//! The keyslots come first. Whoever has the key of one of them gets the root out of it, and with it
//! the vault key, which must have signed the head that the server names. Nothing else is fetched
//! before that, and no more than that head says there is. Without the root nobody makes such a
//! head, and whoever has the root could as well make a whole chain: the pages prove as much as the
//! chain would.

use crystallum_core::{
    HeadRejected, History, KeyslotLeaf, Scope, SignedHead, SlotId, VaultId, VaultState, VaultVerifier, Wrap,
};
use crystallum_messages::Alarm;

use crate::ports::Transport;
use crate::sync::pull::PullFailed;
use crate::vault::change::SealedChange;
use crate::vault::live_objects::LiveObjects;
use crate::vault::objects::Objects;
use crate::vault::verified_heads::VerifiedHeads;
use crate::vault::wrap_bytes::WrapBytes;
use crate::wire::checkpoint::{CheckpointPage, ObjectPlace};
use crate::wire::client::Client;
use crate::wire::limits::{MAX_CHANGES, MAX_PAGE_COMMITS};

/// The most pages with keyslots: some thousand sign-in methods. Nothing vouches for them yet.
const MAX_KEYSLOT_PAGES: usize = 4;

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
    /// The number of objects, without secrets, whose records are counted.
    live: u64,
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
/// a head of a later version, since it adopts nothing.
fn head_of(page: &CheckpointPage) -> Result<SignedHead, PullFailed> {
    page.head.map_err(|rejected| match rejected {
        HeadRejected::Newer(_) => PullFailed::Alarm(Alarm::TooNew),
        HeadRejected::Malformed => PullFailed::Alarm(Alarm::Tampered { offered: 0 }),
    })
}

impl Received {
    /// Takes the objects of a page, which must follow the ones before it in their order.
    fn take(
        &mut self,
        head: &SignedHead,
        page: CheckpointPage,
        objects: &mut LiveObjects,
        most: u64,
    ) -> Result<(), PullFailed> {
        if page.more && page.objects.is_empty() {
            return Err(tampered(head));
        }
        for (place, object) in page.objects {
            self.live += u64::from(!place.is_secret());
            if self.last >= Some(place) || self.live > most {
                return Err(tampered(head));
            }
            self.last = Some(place);
            objects.take(object).map_err(|_| tampered(head))?;
        }
        self.more = page.more;
        Ok(())
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

/// Fetches the newest head and the keyslots of a vault.
pub(crate) async fn fetch_keyslots(
    client: &Client<'_, impl Transport>,
    vault: VaultId,
) -> Result<UnprovedCheckpoint, PullFailed> {
    let mut received = Received { last: None, live: 0, more: true };
    let (mut objects, mut keyslots) = (LiveObjects::default(), Vec::new());
    let mut first = None;
    for _ in 0..MAX_KEYSLOT_PAGES {
        let page = client.state(received.last).await?;
        let newest = head_of(&page)?;
        let (head, past) = first.get_or_insert_with(|| (newest, page.past.clone())).clone();
        if head.body().vault != vault {
            return Err(tampered(&head));
        }
        for (_, object) in &page.objects {
            if let SealedChange::Keyslot(id, leaf, Some(wrap)) = object {
                keyslots.push((*id, *leaf, wrap.clone()));
            }
        }
        received.take(&newest, page, &mut objects, u64::MAX)?;
        if !received.more || received.last.is_some_and(|last| last.is_after_keyslots()) {
            return Ok(UnprovedCheckpoint { head, past, newest, keyslots, objects, received });
        }
    }
    Err(PullFailed::Alarm(Alarm::Tampered { offered: 0 }))
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
        if head.body().vault_key != *vault_key || !head.is_signed_by_vault() {
            return Err(tampered(&head));
        }
        check_later(&head, &newest)?;
        let checkpoint = Checkpoint { head, past, newest, objects, received };
        if checkpoint.received.live > checkpoint.most() { Err(tampered(&newest)) } else { Ok(checkpoint) }
    }
}

impl Checkpoint {
    /// Fetches the rest, and verifies the state that it makes.
    pub(crate) async fn fetch_rest(
        mut self,
        client: &Client<'_, impl Transport>,
    ) -> Result<Fetched, PullFailed> {
        while self.received.more {
            let page = client.state(self.received.last).await?;
            let newest = head_of(&page)?;
            check_later(&self.newest, &newest)?;
            self.newest = newest;
            let most = self.most();
            self.received.take(&newest, page, &mut self.objects, most)?;
        }
        let before = self.past.clone();
        let mut heads = VerifiedHeads::from(self.head);
        if self.newest.body() != self.head.body() {
            self.follow(client, &mut heads).await?;
        }
        let head = self.head;
        let leaves = self.objects.leaves().map_err(|_| tampered(&head))?;
        let state = VaultState::restore(head, self.past, leaves).map_err(|_| tampered(&head))?;
        let update = self.objects.into_update(&state).ok_or_else(|| tampered(&head))?;
        let mut objects = Objects::default();
        objects.apply(update);
        Ok(Fetched { state, objects, heads, before })
    }

    /// Returns how many objects the pages can have at most: those of the newest head, and what was
    /// removed while they arrived.
    fn most(&self) -> u64 {
        let (first, newest) = (self.head.body(), self.newest.body());
        let removed = (newest.counter - first.counter).saturating_mul(MAX_CHANGES);
        newest.leaves.saturating_add(removed)
    }

    /// Applies what was written since the first page. Whatever a page has of it already, the last
    /// change of an object counts.
    async fn follow(
        &mut self,
        client: &Client<'_, impl Transport>,
        heads: &mut VerifiedHeads,
    ) -> Result<(), PullFailed> {
        loop {
            let at = self.head.body().counter;
            let page = client.delta(at).await?;
            if page.entries.is_empty() || page.entries.len() > MAX_PAGE_COMMITS {
                return Err(tampered(&self.head));
            }
            for entry in page.entries {
                let head = match entry.head {
                    Ok(head) => head,
                    Err(HeadRejected::Newer(newer)) if newer.is_signed_by(&self.head.body().vault_key) => {
                        return Err(PullFailed::Alarm(Alarm::TooNew));
                    }
                    Err(_) => return Err(tampered(&self.head)),
                };
                check_later(&self.head, &head)?;
                let parent = self.head.body();
                if head.body().prev != Some(parent.hash()) || head.body().counter != parent.counter + 1 {
                    return Err(tampered(&head));
                }
                for change in entry.changes.map_err(|_| tampered(&head))? {
                    self.objects.take(change).map_err(|_| tampered(&head))?;
                }
                self.past.push(&parent.hash());
                self.head = head;
                heads.push(head);
            }
            if self.head.body().counter >= page.counter {
                return Ok(());
            }
        }
    }
}
