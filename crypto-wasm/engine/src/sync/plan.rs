//! Planned writes, before they are signed.

use crystallum_core::{Op, RecordId};
use crystallum_messages::AsideId;

use crate::vault::change::SealedChange;
use crate::vault::part::Parts;
use crate::wire::request::MethodsChange;

/// A planned write of one record: its new parts, or `None` to delete it.
pub(crate) struct RecordPlan {
    pub(crate) record: RecordId,
    pub(crate) parts: Option<Parts>,
    /// The change that was set aside and is now written again.
    pub(crate) from_aside: Option<AsideId>,
    /// What is stored together with the pending write.
    pub(crate) beside: Option<(String, Option<Vec<u8>>)>,
}

impl RecordPlan {
    pub(crate) fn new(record: RecordId, parts: Option<Parts>) -> Self {
        Self { record, parts, from_aside: None, beside: None }
    }
}

/// A change that is never replayed on another state: of sign-in methods, or of a wallet's shares.
pub(crate) struct AtomicChange<'a> {
    pub(crate) op: Op,
    pub(crate) changes: Vec<SealedChange>,
    /// What changes at the server together with the commit, if it changes sign-in methods.
    pub(crate) request: Option<MethodsChange<'a>>,
}
