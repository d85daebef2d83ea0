//! What a vault holds beside its list of exchange keys: names of the ways in, wallets, and the trash.

use crystallum_core::{Overview, RecordId, SignInMethodOverview, WalletOverview};
use crystallum_messages::{TrashKind, TrashRow};

use crate::convert;

/// How long the trash keeps a record, in milliseconds: 30 days.
pub(crate) const TRASH_LIFE: u64 = 30 * 24 * 60 * 60 * 1_000;

/// Overviews by kind.
#[derive(Default)]
pub(crate) struct Catalogue {
    pub(crate) ways: Vec<(RecordId, SignInMethodOverview)>,
    /// By label.
    pub(crate) wallets: Vec<(RecordId, WalletOverview)>,
    /// Newest first.
    pub(crate) trash: Vec<TrashRow>,
}

impl Catalogue {
    /// Takes an overview to where it belongs. Exchange keys come here only from the trash.
    pub(crate) fn take(&mut self, id: RecordId, overview: Overview) {
        match overview {
            Overview::Key(key) => {
                let kind = TrashKind::Key(convert::exchange_from_code(key.exchange));
                self.discard(id, kind, key.label, key.deleted);
            }
            Overview::Wallet(wallet) if wallet.deleted.is_some() => {
                self.discard(id, TrashKind::Wallet, wallet.label, wallet.deleted);
            }
            Overview::Wallet(wallet) => self.wallets.push((id, wallet)),
            Overview::SignInMethod(way) => self.ways.push((id, way)),
            Overview::Profile { .. } => {}
        }
    }

    pub(crate) fn sort(&mut self) {
        self.wallets.sort_by_cached_key(|(id, wallet)| (wallet.label.to_lowercase(), *id));
        self.trash.sort_by_key(|row| std::cmp::Reverse(row.since));
    }

    pub(crate) fn wallet(&self, id: RecordId) -> Option<&WalletOverview> {
        self.wallets.iter().find(|(record, _)| *record == id).map(|(_, wallet)| wallet)
    }

    pub(crate) fn trashed(&self, id: RecordId) -> Option<&TrashRow> {
        self.trash.iter().find(|row| row.id.0 == *id.as_bytes())
    }

    fn discard(&mut self, id: RecordId, kind: TrashKind, label: String, since: Option<u64>) {
        let since = since.unwrap_or_default();
        let until = since.saturating_add(TRASH_LIFE);
        self.trash.push(TrashRow { id: convert::record_id(id), kind, label, since, until });
    }
}
