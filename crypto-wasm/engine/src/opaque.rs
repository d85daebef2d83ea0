//! Records that this version cannot read as a whole. Lists are made from overviews, so an
//! unreadable secret is found when it is needed.

use crystallum_core::{Overview, RecordId, Secret};
use crystallum_messages::Event;

use crate::ports::Ports;
use crate::vault::open_vault::{OpenVault, SecretUnavailable};
use crate::vault::part::Parts;

/// Reads both parts of a record that is about to be edited. If it is here and cannot be read, it is
/// listed as such from now on, where it can be deleted.
pub(crate) fn read_to_edit<P: Ports>(
    ports: &P,
    vault: &mut OpenVault,
    id: RecordId,
    parts: &Parts,
) -> Result<(Overview, Secret), SecretUnavailable> {
    vault.open_record(id, parts).inspect_err(|unavailable| {
        if let SecretUnavailable::Unreadable(why) = unavailable {
            vault.mark_opaque(id, parts.secret.version(), *why);
            vault.relist();
            ports.emit(Event::Changed);
        }
    })
}
