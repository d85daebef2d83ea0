//! Answers of the server, as the engine uses them.

use std::collections::BTreeSet;

use crystallum_api as api;
use crystallum_core::{HeadRejected, Malformed, MethodId, SignedHead, VaultId};
use serde::Deserialize;

use crate::vault::change::SealedChange;
use crate::vault::open_vault::Quota;
use crate::wire::commit::changes_from_wire;
use crate::wire::unread::Unread;

/// Identifies a challenge when its ceremony is finished.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct CeremonyId(pub(crate) [u8; 16]);

/// A challenge for one ceremony.
pub(crate) struct Challenge {
    pub(crate) ceremony: CeremonyId,
    pub(crate) bytes: Vec<u8>,
    /// How long it is valid, in seconds.
    pub(crate) expires_in: u32,
}

impl Challenge {
    pub(super) fn from_wire(challenge: api::Challenge) -> Self {
        Self {
            ceremony: CeremonyId(challenge.ceremony.0),
            bytes: challenge.challenge.0,
            expires_in: challenge.expires_in,
        }
    }
}

/// The session that the cookie names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) vault: VaultId,
    pub(crate) counter: u64,
    /// The hash of the newest head, as the server says.
    pub(crate) head: Vec<u8>,
    pub(crate) quota: Quota,
}

impl Session {
    pub(super) fn from_wire(session: api::Session) -> Self {
        let api::RemainingQuota { records, bytes, access } = session.remaining;
        Self {
            vault: VaultId::new(session.account.0),
            counter: session.counter,
            head: session.head.0,
            quota: Quota { records, bytes, access },
        }
    }
}

/// A session that was opened with the vault's key.
pub(crate) struct VaultSession {
    pub(crate) session: Session,
    /// The live sign-in methods with which nobody can sign in, as the server says.
    pub(crate) lacking: BTreeSet<MethodId>,
}

impl VaultSession {
    pub(super) fn from_wire(opened: api::VaultSession) -> Self {
        let lacking = opened.lacking.into_iter().map(|method| MethodId::new(method.0)).collect();
        Self { session: Session::from_wire(opened.session), lacking }
    }
}

/// One page of the changes since a counter.
pub(crate) struct Page {
    /// The newest counter that the server has.
    pub(crate) counter: u64,
    pub(crate) entries: Vec<Entry>,
}

/// One commit of another device. What cannot be read is refused only where it is used, since the
/// head determines first what kind of commit it is.
pub(crate) struct Entry {
    pub(crate) head: Result<SignedHead, HeadRejected>,
    pub(crate) changes: Result<Vec<SealedChange>, Malformed>,
}

/// An [`api::Delta`] whose changes are not read yet.
#[derive(Debug, Deserialize)]
pub(super) struct ReceivedDelta {
    counter: u64,
    entries: Vec<ReceivedEntry>,
}

/// An [`api::Entry`] whose changes are not read yet.
#[derive(Debug, Deserialize)]
struct ReceivedEntry {
    head: api::Bytes,
    #[serde(default)]
    changes: Unread,
}

impl Page {
    pub(super) fn from_wire(delta: ReceivedDelta) -> Self {
        let entry = |ReceivedEntry { head, changes }| {
            let head = SignedHead::parse(head.as_slice());
            // What stands beside the head of a later version is not looked at.
            let changes = head.as_ref().map_err(|_| Malformed).and_then(|_| changes.read());
            Entry { head, changes: changes.and_then(changes_from_wire) }
        };
        Self { counter: delta.counter, entries: delta.entries.into_iter().map(entry).collect() }
    }
}
