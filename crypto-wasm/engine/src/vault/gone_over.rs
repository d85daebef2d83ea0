//! What a device has to do after it went over to the history that the server shows, and what it has
//! done of that.

use crystallum_core::{DeviceId, RecordId, RecordLeaf, copy_id};
use crystallum_messages::{AsideId, AsideKind};

use crate::vault::alarm::KeptAlarm;
use crate::vault::change::SealedChange;
use crate::vault::part::Parts;

/// The carrying over of what only this device's own history had. The records are set aside on this
/// device until each of them is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct GoneOver {
    /// The alarm that it ended, with its evidence.
    pub(crate) alarm: KeptAlarm,
    /// When this device went over, in milliseconds since 1970.
    pub(crate) ended: u64,
    /// The change to which it went over.
    pub(crate) change: u64,
    /// How this device enters the vault again, if the other history did not have it.
    pub(crate) join: Option<JoinAgain>,
    /// The devices that are removed again.
    pub(crate) removals: Vec<DeviceId>,
    /// The records, in the order of their ids.
    pub(crate) items: Vec<Item>,
    pub(crate) again: Vec<Again>,
    /// Whether everything is written that can be.
    pub(crate) is_finished: bool,
}

/// A device as it enters the vault again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct JoinAgain {
    /// Its public key.
    pub(crate) key: [u8; 65],
    /// The change that adds its record, if it had one that can be read.
    pub(crate) described: Option<SealedChange>,
}

/// A record that is carried over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Item {
    /// Where its content is set aside until it is written.
    pub(crate) aside: AsideId,
    /// The record in this device's own history.
    pub(crate) record: RecordId,
    pub(crate) outcome: Outcome,
}

/// What became of a record.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// It is still to be written.
    Due,
    /// It was written as it was, under its id.
    Carried,
    /// It was written as a copy with this id.
    Copied(RecordId),
    /// The vault has it already.
    Known,
    /// It stays set aside.
    Kept,
}

/// What is to be made, or removed, again by hand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Again {
    pub(crate) kind: AsideKind,
    pub(crate) is_removal: bool,
    /// The record with its name, if it has one.
    pub(crate) named: Option<(RecordId, Parts)>,
}

/// Returns under which id the content of a record is set aside: the one that its copy would have.
pub(crate) fn aside_id(record: RecordId, leaf: &RecordLeaf) -> AsideId {
    AsideId(*copy_id(record, leaf).as_bytes())
}
