//! A change of a record that was set aside.

use crystallum_core::{HeadBody, RecordId};
use crystallum_messages::AsideId;

use crate::vault::part::Parts;

/// The content of a change that the server refused for good, sealed as it was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Aside {
    /// The beginning of the disowned head's hash.
    pub(crate) id: AsideId,
    /// When the change was made, in milliseconds since 1970.
    pub(crate) time: u64,
    pub(crate) record: RecordId,
    pub(crate) parts: Parts,
}

impl Aside {
    /// Takes the content of a change that was signed with this head.
    pub(crate) fn new(head: &HeadBody, record: RecordId, parts: Parts) -> Self {
        let hash = head.hash();
        let id = AsideId(*hash.first_chunk().expect("a hash has 32 bytes"));
        Self { id, time: head.time, record, parts }
    }
}
