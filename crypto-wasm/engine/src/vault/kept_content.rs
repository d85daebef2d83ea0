//! What is kept of a change of a record that can be neither sent nor replayed.

use crystallum_core::{Overview, RecordId};

use crate::vault::aside::Aside;
use crate::vault::open_vault::OpenVault;
use crate::vault::part::Parts;
use crate::vault::pending::{Pending, Work};

/// Returns the content of a pending change, to be set aside. Returns `None` if it has none of its
/// own: a deletion, or a record that is moved to the trash or out of it.
pub(crate) fn content_to_keep(vault: &OpenVault, pending: &Pending) -> Option<Aside> {
    match &pending.work {
        Work::Record { id, parts: Some(parts) } if has_content(vault, *id, parts) => {
            Some(Aside::new(pending.signed.commit.head.body(), *id, parts.clone()))
        }
        _ => None,
    }
}

fn has_content(vault: &OpenVault, id: RecordId, parts: &Parts) -> bool {
    let Some(before) = vault.objects.records.get(&id) else { return true };
    let overview = |parts: &Parts| {
        let mut overview = vault.open_overview(id, parts).ok()?;
        match &mut overview {
            Overview::Key(key) => key.deleted = None,
            Overview::Wallet(wallet) => wallet.deleted = None,
            _ => {}
        }
        Some(overview)
    };
    before.secret != parts.secret || overview(before) != overview(parts)
}
