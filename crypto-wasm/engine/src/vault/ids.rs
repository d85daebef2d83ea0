//! Ids and hashes in the form in which the page knows them.

use crystallum_core::RecordId;
use crystallum_messages as messages;

pub(crate) fn record_id(id: RecordId) -> messages::RecordId {
    messages::RecordId(*id.as_bytes())
}

/// Returns the first bytes of a head's hash in hexadecimal, by which people compare states.
pub(crate) fn fingerprint(head: &[u8; 32]) -> String {
    head.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}
