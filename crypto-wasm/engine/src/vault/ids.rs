//! Ids in the form in which the page knows them.

use crystallum_core::RecordId;
use crystallum_messages as messages;

pub(crate) fn record_id(id: RecordId) -> messages::RecordId {
    messages::RecordId(*id.as_bytes())
}
