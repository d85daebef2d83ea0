//! A new vault with the exchange keys of one that is in an alarm: the last way on, if the server
//! does not show again what it should have shown. The other vault stays on this device as it is.

use std::collections::{BTreeSet, VecDeque};

use crystallum_core::{Entropy, Op, Overview, RecordId, Secret};
use crystallum_messages::{Copied, Copyable, ImpossibleState, VaultFailure, entry::Failure};

use crate::ports::Ports;
use crate::sync::commit::commit_atomic;
use crate::sync::plan::AtomicChange;
use crate::sync::preflight::require_online;
use crate::vault::change::SealedChange;
use crate::vault::open_vault::{OpenVault, SecretUnavailable};
use crate::vault::seal::seal_new_record;

/// How many records one change of the new vault brings.
const RECORDS_A_CHANGE: usize = 32;

/// The records that a new vault still takes from another one. They stay sealed until their turn.
pub(crate) struct Copying {
    source: OpenVault,
    left: VecDeque<RecordId>,
    total: usize,
}

impl Copying {
    /// Plans to copy all exchange keys of a vault, as this device shows them.
    pub(crate) fn new(source: OpenVault) -> Self {
        let mut left = VecDeque::from_iter(shown_records(&source));
        left.retain(|id| matches!(read(&source, *id), Content::Key(..)));
        Self { source, total: left.len(), left }
    }

    /// Copies the next records under the ids that they have, so that none is copied twice: what an
    /// attempt with an unknown outcome has written is found in the new vault.
    pub(crate) async fn copy_next<P: Ports>(
        &mut self,
        ports: &mut P,
        target: &mut OpenVault,
    ) -> Result<Copied, Failure> {
        require_online(ports, target).await?;
        self.left.retain(|id| target.state.record(*id).is_none());
        let next: Vec<RecordId> = self.left.iter().take(RECORDS_A_CHANGE).copied().collect();
        let mut changes = Vec::new();
        for id in &next {
            changes.extend(self.seal_for(ports.entropy(), target, *id)?);
        }
        if !changes.is_empty() {
            commit_atomic(ports, target, AtomicChange { op: Op::Write, changes, request: None }).await?;
        }
        self.left.drain(..next.len());
        let count = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        Ok(Copied { done: count(self.total - self.left.len()), left: count(self.left.len()) })
    }

    /// Seals a record with the keys of the new vault. It has no earlier secrets there.
    fn seal_for(
        &self,
        entropy: &mut impl Entropy,
        target: &OpenVault,
        id: RecordId,
    ) -> Result<Option<SealedChange>, VaultFailure> {
        let Content::Key(key) = read(&self.source, id) else { return Ok(None) };
        let parts = seal_new_record(entropy, &target.keys, id, &key.0, &key.1);
        let parts = parts.map_err(|_| ImpossibleState::RecordTooLarge)?;
        Ok(Some(parts.change_from(id, None)))
    }
}

/// Counts what a new vault would take from this one, and what it would not.
pub(crate) fn count_copyable(vault: &OpenVault) -> Copyable {
    let mut counts = Copyable::default();
    for id in shown_records(vault) {
        match read(vault, id) {
            Content::Key(..) => counts.keys += 1,
            Content::Awaited => counts.awaited += 1,
            Content::Wallet => counts.wallets += 1,
            Content::Unreadable => counts.unreadable += 1,
            Content::OfVault => {}
        }
    }
    counts
}

/// What a record is to a new vault.
enum Content {
    /// An exchange key.
    Key(Box<(Overview, Secret)>),
    /// An exchange key whose secret has not arrived on this device.
    Awaited,
    /// A wallet, which is in shares.
    Wallet,
    /// A record that does not open or is not understood.
    Unreadable,
    /// A record about the vault itself, such as the name of a sign-in method.
    OfVault,
}

/// Returns the records of a vault as this device shows them, that is, with the pending write.
fn shown_records(vault: &OpenVault) -> BTreeSet<RecordId> {
    let pending = vault.pending.as_ref().and_then(|pending| pending.record()).map(|(id, _)| id);
    vault.objects.records.keys().copied().chain(pending).collect()
}

fn read(vault: &OpenVault, id: RecordId) -> Content {
    let Some(parts) = vault.parts(id) else { return Content::OfVault };
    match (vault.open_overview(id, parts), vault.open_secret(id, parts)) {
        (Ok(overview @ Overview::Key(_)), Ok(Secret::Key(mut key))) => {
            key.earlier.clear();
            Content::Key(Box::new((overview, Secret::Key(key))))
        }
        (Ok(Overview::Key(_)), Err(SecretUnavailable::Awaited)) => Content::Awaited,
        (Ok(Overview::Wallet(_)), _) => Content::Wallet,
        (Ok(Overview::Key(_)) | Err(_), _) => Content::Unreadable,
        (Ok(_), _) => Content::OfVault,
    }
}
