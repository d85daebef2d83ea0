//! The overviews of a vault other than its exchange keys: sign-in methods, devices, wallets, and
//! the trash.

use std::collections::{BTreeMap, BTreeSet};

use crystallum_core::{
    DeviceOverview, Exchange, Overview, PartUnreadable, RecordId, SignInMethodOverview, WalletOverview,
};
use crystallum_messages::{TrashKind, TrashRow};

use crate::vault::ids::record_id;

/// How long a record stays in the trash, in milliseconds: 30 days.
pub(crate) const TRASH_RETENTION: u64 = 30 * 24 * 60 * 60 * 1_000;

/// The overviews by kind.
#[derive(Default)]
pub(crate) struct Catalogue {
    /// In the order of the ids.
    pub(crate) methods: Vec<(RecordId, SignInMethodOverview)>,
    /// By the id of the device, which is that of its record.
    pub(crate) devices: BTreeMap<RecordId, DeviceOverview>,
    /// Sorted by label.
    pub(crate) wallets: Vec<(RecordId, WalletOverview)>,
    /// Newest first.
    pub(crate) trash: Vec<TrashRow>,
    /// Records whose overview cannot be read. They are kept and can be deleted, but nothing else is
    /// done with them.
    pub(crate) unreadable: Vec<(RecordId, PartUnreadable)>,
}

impl Catalogue {
    /// Adds an overview to the list of its kind. An exchange key belongs here only if it is in the
    /// trash.
    pub(crate) fn insert(&mut self, id: RecordId, overview: Overview) {
        match overview {
            Overview::Key(key) => {
                let kind = TrashKind::Key(key.exchange.known().unwrap_or(Exchange::Other));
                self.insert_trashed(id, kind, key.label, key.deleted);
            }
            Overview::Wallet(wallet) if wallet.deleted.is_some() => {
                self.insert_trashed(id, TrashKind::Wallet, wallet.label, wallet.deleted);
            }
            Overview::Wallet(wallet) => self.wallets.push((id, wallet)),
            Overview::SignInMethod(method) => self.methods.push((id, method)),
            Overview::Device(device) => {
                self.devices.insert(id, device);
            }
            Overview::Profile { .. } => {}
        }
    }

    /// Takes records out of the lists of their kinds. Each list is gone through once for all of
    /// them.
    pub(crate) fn remove_all(&mut self, ids: &BTreeSet<RecordId>) {
        let stays = |id: &RecordId| {
            #[cfg(test)]
            looked_at::add();
            !ids.contains(id)
        };
        self.methods.retain(|(id, _)| stays(id));
        self.devices.retain(|id, _| stays(id));
        self.wallets.retain(|(id, _)| stays(id));
        self.trash.retain(|row| stays(&RecordId::new(row.id.0)));
        self.unreadable.retain(|(id, _)| stays(id));
    }

    /// Puts the lists in order after records were added.
    pub(crate) fn sort(&mut self) {
        self.methods.sort_by_key(|(id, _)| *id);
        self.wallets.sort_by_cached_key(|(id, wallet)| (wallet.label.to_lowercase(), *id));
        self.trash.sort_by_key(|row| (std::cmp::Reverse(row.since), row.id.0));
        self.unreadable.sort_by_key(|(id, _)| *id);
    }

    pub(crate) fn wallet(&self, id: RecordId) -> Option<&WalletOverview> {
        self.wallets.iter().find(|(record, _)| *record == id).map(|(_, wallet)| wallet)
    }

    pub(crate) fn trashed(&self, id: RecordId) -> Option<&TrashRow> {
        self.trash.iter().find(|row| row.id.0 == *id.as_bytes())
    }

    fn insert_trashed(&mut self, id: RecordId, kind: TrashKind, label: String, since: Option<u64>) {
        let since = since.unwrap_or_default();
        let until = since.saturating_add(TRASH_RETENTION);
        self.trash.push(TrashRow { id: record_id(id), kind, label, since, until });
    }
}

/// Counts the entries that are looked at when records are taken out of the lists.
#[cfg(test)]
pub(crate) mod looked_at {
    use std::cell::Cell;

    thread_local! {
        static LOOKED_AT: Cell<usize> = const { Cell::new(0) };
    }

    pub(super) fn add() {
        LOOKED_AT.set(LOOKED_AT.get() + 1);
    }

    /// Returns how many entries were looked at while `work` ran.
    pub(crate) fn during(work: impl FnOnce()) -> usize {
        let before = LOOKED_AT.get();
        work();
        LOOKED_AT.get() - before
    }
}
