//! Pages of the live objects of a vault.

use crystallum_api as api;
use crystallum_core::{HeadRejected, History, SignedHead};

use crate::vault::change::SealedChange;
use crate::wire::commit::change_from_wire;
use crate::wire::refusal::CallFailed;

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

impl CheckpointPage {
    pub(super) fn from_wire(head: SignedHead, page: api::State) -> Result<Self, CallFailed> {
        let past = History::from_bytes(page.past.as_slice()).map_err(|_| CallFailed::InvalidAnswer)?;
        let object = |object: api::Change| {
            let (stage, api::Id(id)) = api::Stage::of(&object)?;
            Some((ObjectPlace { stage, id }, change_from_wire(object).ok()?))
        };
        let objects = page.objects.into_iter().map(object).collect::<Option<_>>();
        let objects = objects.ok_or(CallFailed::InvalidAnswer)?;
        Ok(Self { head: Ok(head), past, objects, more: page.more })
    }

    /// Returns a page whose head cannot be read, so that nothing else of it can be.
    pub(super) fn unreadable(rejected: HeadRejected) -> Self {
        Self { head: Err(rejected), past: History::default(), objects: Vec::new(), more: false }
    }
}
