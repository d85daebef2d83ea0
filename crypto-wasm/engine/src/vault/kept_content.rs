//! What is kept of a change of a record that can be neither sent nor replayed.

use crystallum_core::{Overview, RecordId, Secret};

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

/// Returns whether two versions of an exchange key say the same, apart from being in the trash, and
/// from what they say about other versions.
pub(crate) fn has_same_content(vault: &OpenVault, id: RecordId, one: &Parts, other: &Parts) -> bool {
    if one.leaf() == other.leaf() {
        return true;
    }
    let read = |parts: &Parts| match vault.open_record(id, parts) {
        Ok((Overview::Key(mut overview), Secret::Key(secret))) => {
            (overview.deleted, overview.copy_of) = (None, None);
            Some((overview, secret))
        }
        _ => None,
    };
    match (read(one), read(other)) {
        (Some((one, secret)), Some((other, its_secret))) => {
            one == other
                && *secret.api_key == *its_secret.api_key
                && *secret.api_secret == *its_secret.api_secret
                && secret.passphrase.as_deref() == its_secret.passphrase.as_deref()
        }
        _ => false,
    }
}
