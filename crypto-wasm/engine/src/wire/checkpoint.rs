//! Pages of the live objects of a vault.

use crystallum_api as api;
use crystallum_core::{HeadRejected, History, RecordId, SignedHead};
use serde::Deserialize;

use crate::vault::change::SealedChange;
use crate::wire::commit::change_from_wire;
use crate::wire::unread::Unread;

/// The place of an object in the order of the pages.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct ObjectPlace {
    stage: api::Stage,
    id: [u8; 16],
}

impl ObjectPlace {
    /// Returns whether all keyslots come before this object.
    pub(crate) fn is_after_keyslots(&self) -> bool {
        self.stage > api::Stage::Keyslots
    }

    /// Returns the place right before the secret of a record.
    pub(crate) fn before_secret(record: RecordId) -> Self {
        let id = u128::from_be_bytes(*record.as_bytes());
        match id.checked_sub(1) {
            Some(before) => Self { stage: api::Stage::Secrets, id: before.to_be_bytes() },
            None => Self { stage: api::Stage::Overviews, id: [0xff; 16] },
        }
    }

    /// Returns whether the object is a secret, whose record has come before.
    pub(crate) fn is_secret(&self) -> bool {
        self.stage == api::Stage::Secrets
    }

    pub(super) fn to_query(self) -> String {
        format!("?stage={}&after={}", self.stage.number(), api::Id(self.id))
    }
}

/// One page of the live objects.
pub(crate) struct CheckpointPage {
    /// The newest head that the server had when it made the page.
    pub(crate) head: Result<SignedHead, HeadRejected>,
    /// The history log before it.
    pub(crate) past: History,
    /// The objects, each as the change that adds it. What they are is shown by the tree alone.
    pub(crate) objects: Vec<(ObjectPlace, SealedChange)>,
    /// Whether there are more.
    pub(crate) more: bool,
}

/// An [`api::State`] of which only the head is read yet, since it tells which version wrote the
/// rest.
#[derive(Debug, Deserialize)]
pub(super) struct UnreadState {
    head: api::Bytes,
    #[serde(default)]
    past: Unread,
    #[serde(default)]
    objects: Unread,
    #[serde(default)]
    more: Unread,
}

impl CheckpointPage {
    pub(super) fn from_wire(page: &UnreadState) -> Option<Self> {
        let head = match SignedHead::parse(page.head.as_slice()) {
            Ok(head) => head,
            // Nothing else can be read either.
            Err(rejected) => {
                let (past, objects) = (History::default(), Vec::new());
                return Some(Self { head: Err(rejected), past, objects, more: false });
            }
        };
        let object = |object: api::Change| {
            let (stage, api::Id(id)) = api::Stage::of(&object)?;
            Some((ObjectPlace { stage, id }, change_from_wire(object).ok()?))
        };
        let past: api::Bytes = page.past.read().ok()?;
        let objects: Vec<api::Change> = page.objects.read().ok()?;
        Some(Self {
            head: Ok(head),
            past: History::from_bytes(past.as_slice()).ok()?,
            objects: objects.into_iter().map(object).collect::<Option<_>>()?,
            more: page.more.read().ok()?,
        })
    }
}
