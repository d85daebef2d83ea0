//! Answers of the server, as the engine uses them.

use crystallum_api as api;
use crystallum_core::{HeadRejected, Malformed, SignedHead, VaultId};

use crate::vault::change::SealedChange;
use crate::vault::open_vault::Quota;
use crate::wire::commit::changes_from_wire;

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
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Session {
    pub(crate) vault: VaultId,
    pub(crate) counter: u64,
    pub(crate) quota: Quota,
}

impl Session {
    pub(super) fn from_wire(session: api::Session) -> Self {
        let api::RemainingQuota { records, bytes, access } = session.remaining;
        Self {
            vault: VaultId::new(session.account.0),
            counter: session.counter,
            quota: Quota { records, bytes, access },
        }
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

impl Page {
    pub(super) fn from_wire(delta: api::Delta) -> Self {
        let entry = |entry: api::Entry| Entry {
            head: SignedHead::parse(entry.head.as_slice()),
            changes: changes_from_wire(entry.changes),
        };
        Self { counter: delta.counter, entries: delta.entries.into_iter().map(entry).collect() }
    }
}
