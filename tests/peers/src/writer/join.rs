//! Replays a vault's history and joins the vault.

use crystallum_api::{Change as Wire, Commit, Entry, Part};
use crystallum_core::{
    Change, DeviceId, DeviceLeaf, Entropy, KeyEncryptionKey, KeyslotLeaf, Malformed, MethodId, Op, Opener,
    PrfOutput, RecordId, RecordLeaf, Root, Scope, ShareId, ShareLeaf, ShareSetId, SignedHead, SlotContext,
    SlotId, SlotKind, StoreId, VaultState, Wrap,
};

use crate::writer::device::{Device, RP_ID};
use crate::writer::vault::Writer;

/// The history is not that of a vault that this passkey opens.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the history is not that of a vault which this passkey opens")]
pub struct HistoryMismatch;

impl From<Malformed> for HistoryMismatch {
    fn from(_: Malformed) -> Self {
        Self
    }
}

impl Writer {
    /// Joins a vault as another device, with its history since the genesis and the passkey's output
    /// for the root.
    pub fn join(
        history: &[Entry],
        output: &[u8],
        entropy: &mut impl Entropy,
    ) -> Result<(Self, Commit), HistoryMismatch> {
        let state = replay(history)?;
        let vault = state.head().body().vault;
        let output = PrfOutput::parse(output).map_err(|_| HistoryMismatch)?;
        let wraps = history.iter().flat_map(|entry| &entry.changes).filter_map(|change| match change {
            Wire::Keyslot { id, scope: 1, wrap: Some(wrap), .. } => Some((SlotId::new(id.0), wrap)),
            _ => None,
        });
        let mut opened =
            wraps.filter_map(|(slot, wrap)| Some((slot, open_root(&state, slot, wrap.as_slice(), &output)?)));
        let (slot, root) = opened.next().ok_or(HistoryMismatch)?;
        let (keys, signer) = root.unlock(vault, 1);
        let mut writer = Self { state, keys, signer, device: Device::random(entropy), added: 0 };
        let method = writer.state.keyslot(slot).ok_or(HistoryMismatch)?.method;
        let device = writer.device.add_change(method);
        let commit = writer.write(Op::Join, vec![device], entropy);
        Ok((writer, commit))
    }
}

impl Writer {
    /// Follows what other devices have changed since its own last change.
    pub fn follow(&mut self, newer: &[Entry]) -> Result<(), HistoryMismatch> {
        for entry in newer {
            let head = SignedHead::from_bytes(entry.head.as_slice())?;
            let changes: Vec<Change> = entry
                .changes
                .iter()
                .map(|change| read_change(change, Some(&self.state)))
                .collect::<Result<_, _>>()?;
            self.state.advance(head, &changes).map_err(|_| HistoryMismatch)?;
        }
        Ok(())
    }
}

fn open_root(state: &VaultState, slot: SlotId, wrap: &[u8], output: &PrfOutput) -> Option<Root> {
    state.keyslot(slot)?;
    let wrap = Wrap::from_bytes(wrap).ok()?;
    let Opener::Passkey { credential_id } = wrap.opener() else { return None };
    let kek = KeyEncryptionKey::from_passkey(output, RP_ID, Scope::Root, credential_id).ok()?;
    kek.open_root(&wrap, SlotContext { vault: state.head().body().vault, epoch: 1, slot }).ok()
}

/// Verifies a history and returns the state at its end.
fn replay(history: &[Entry]) -> Result<VaultState, HistoryMismatch> {
    let mut state: Option<VaultState> = None;
    for entry in history {
        let head = SignedHead::from_bytes(entry.head.as_slice())?;
        let changes: Vec<Change> = entry
            .changes
            .iter()
            .map(|change| read_change(change, state.as_ref()))
            .collect::<Result<_, _>>()?;
        match &mut state {
            Some(state) => state.advance(head, &changes).map_err(|_| HistoryMismatch)?,
            None => {
                let vault = head.body().vault;
                state = Some(VaultState::genesis(vault, head, &changes).map_err(|_| HistoryMismatch)?);
            }
        }
    }
    state.ok_or(HistoryMismatch)
}

/// Converts a change on the wire to one of the tree.
fn read_change(change: &Wire, state: Option<&VaultState>) -> Result<Change, Malformed> {
    Ok(match change {
        Wire::Device { id, key, max_format, added_by } => {
            let key = array(key.as_slice())?;
            let leaf = DeviceLeaf { key, max_format: *max_format, added_by: MethodId::new(added_by.0) };
            Change::Device(DeviceId::new(id.0), leaf)
        }
        Wire::DeviceGone { id } => Change::DeviceRemoved(DeviceId::new(id.0)),
        Wire::Keyslot { id, method, slot_kind, scope, hash, .. } => {
            let leaf = KeyslotLeaf {
                method: MethodId::new(method.0),
                kind: SlotKind::from_number(*slot_kind)?,
                scope: Scope::from_number(*scope)?,
                wrap_hash: array(hash.as_slice())?,
            };
            Change::Keyslot(SlotId::new(id.0), leaf)
        }
        Wire::KeyslotGone { id } => Change::KeyslotRemoved(SlotId::new(id.0)),
        Wire::Record { id, overview, secret } => {
            let id = RecordId::new(id.0);
            let before = state.and_then(|state| state.record(id));
            let (overview_version, overview_hash) =
                part(overview.as_ref(), before.map(|leaf| (leaf.overview_version, leaf.overview_hash)))?;
            let (secret_version, secret_hash) =
                part(secret.as_ref(), before.map(|leaf| (leaf.secret_version, leaf.secret_hash)))?;
            Change::Record(id, RecordLeaf { overview_version, overview_hash, secret_version, secret_hash })
        }
        Wire::Tombstone { id, version } => Change::Tombstone(RecordId::new(id.0), *version),
        Wire::Share { id, record, set, epoch, k, n, index, store, hash } => {
            let leaf = ShareLeaf {
                record: RecordId::new(record.0),
                set: ShareSetId::new(set.0),
                epoch: *epoch,
                k: *k,
                n: *n,
                index: *index,
                store: StoreId::new(store.0),
                hash: array(hash.as_slice())?,
            };
            Change::Share(ShareId::new(id.0), leaf)
        }
        Wire::ShareGone { id } => Change::ShareRemoved(ShareId::new(id.0)),
    })
}

/// Returns version and hash of a part after a change, which may have left it unchanged.
fn part(new: Option<&Part>, before: Option<(u64, [u8; 32])>) -> Result<(u64, [u8; 32]), Malformed> {
    match new {
        Some(part) => Ok((part.version, array(part.hash.as_slice())?)),
        None => before.ok_or(Malformed),
    }
}

fn array<const N: usize>(bytes: &[u8]) -> Result<[u8; N], Malformed> {
    bytes.try_into().map_err(|_| Malformed)
}
