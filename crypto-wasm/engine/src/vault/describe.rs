//! How records are named to the user where records of all kinds stand in one list.

use crystallum_core::{Overview, RecordId};
use crystallum_messages::AsideKind;

use crate::vault::open_vault::OpenVault;
use crate::vault::part::Parts;

/// Returns the kind of a record and its label, which is empty for one that cannot be read.
pub(crate) fn describe_record(vault: &OpenVault, id: RecordId, parts: &Parts) -> (AsideKind, String) {
    describe_overview(vault.open_overview(id, parts).ok())
}

/// Does the same with an overview that has been opened, if it could be.
pub(crate) fn describe_overview(overview: Option<Overview>) -> (AsideKind, String) {
    match overview {
        Some(Overview::Key(key)) => (AsideKind::Key, key.label),
        Some(Overview::Wallet(wallet)) => (AsideKind::Wallet, wallet.label),
        Some(Overview::SignInMethod(method)) => (AsideKind::SignInMethod, method.name),
        _ => (AsideKind::Other, String::new()),
    }
}
