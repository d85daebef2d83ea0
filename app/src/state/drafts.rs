//! What was typed into the form of an exchange key when the vault locked. The engine seals it for
//! this device, and it is offered after unlocking. Phrases and recovery codes are never part of it.

mod encoding;
mod form;

use crystallum_messages::{Failure, SecretText, session::Command};
use leptos::{prelude::*, task::spawn_local};

use crate::engine::Engine;

pub(crate) use form::{Draft, DraftForm};

/// Reads a form. Returns `None` if nothing was typed into it.
type FormReader = Box<dyn Fn() -> Option<Draft>>;

/// The offer to continue a draft.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct Offer {
    form: DraftForm,
    /// Whether the key that was being edited is gone. The draft is then continued as a new key.
    pub(crate) is_key_gone: bool,
}

impl Offer {
    /// Returns the address of the form in which the draft can be continued.
    pub(crate) fn address(self) -> String {
        if self.is_key_gone { self.form.without_key().address() } else { self.form.address() }
    }
}

/// The form on screen, and the draft that this device keeps. Copies share the same state, which
/// never holds a draft.
#[derive(Clone, Copy)]
pub(crate) struct Drafts {
    /// The stored draft that is offered.
    pub(crate) offered: RwSignal<Option<Offer>>,
    /// The address of the form that is to be filled from the stored draft.
    resuming: RwSignal<Option<String>>,
    /// Reads the form on screen, if something was typed into it.
    reader: StoredValue<Option<FormReader>, LocalStorage>,
    /// Whether the form on screen was filled from the stored draft.
    is_resumed: StoredValue<bool>,
    locking: RwSignal<bool>,
    engine: Engine,
}

impl Drafts {
    /// Creates the state and puts it into the context.
    pub(super) fn provide(engine: Engine, locking: RwSignal<bool>) -> Self {
        let drafts = Self {
            offered: RwSignal::new(None),
            resuming: RwSignal::new(None),
            reader: StoredValue::new_local(None),
            is_resumed: StoredValue::new(false),
            locking,
            engine,
        };
        provide_context(drafts);
        drafts
    }

    /// Returns the state from the context.
    pub(crate) fn from_context() -> Self {
        expect_context()
    }

    /// Offers the draft that this device keeps of the vault that was just opened.
    pub(crate) fn look_for_draft(self) {
        spawn_local(async move {
            let line = self.engine.load_draft_form().await.ok().flatten();
            if let Some(form) = line.and_then(|line| encoding::decode_form(&line)) {
                self.offered.set(Some(Offer { form, is_key_gone: false }));
                self.look_for_key();
            }
        });
    }

    /// Looks whether the key of the offered draft is still there, after keys have changed.
    pub(crate) fn look_for_key(self) {
        let Some(Offer { form: DraftForm::Edit { id, .. }, .. }) = self.offered.get_untracked() else {
            return;
        };
        spawn_local(async move {
            let is_gone = matches!(self.engine.load_key(id).await, Err(Failure::NoSuchRecord));
            // The offer may have been taken meanwhile.
            if self.offered.with_untracked(Option::is_some) {
                self.offered.update(|offer| {
                    if let Some(offer) = offer {
                        offer.is_key_gone = is_gone;
                    }
                });
            }
        });
    }

    /// Continues the draft in its form, which shows itself or is on screen already.
    pub(crate) fn resume(self) {
        self.resuming.set(self.offered.get_untracked().map(Offer::address));
    }

    /// Deletes the stored draft.
    pub(crate) fn discard(self) {
        self.offered.set(None);
        spawn_local(async move {
            // Without storage there is no draft either.
            drop(self.engine.execute(Command::SaveDraft { draft: None }).await);
        });
    }

    /// Registers the form at an address until its component is removed. `fill` is called with the
    /// draft that is to be continued in it. Once that was saved or left, it is deleted.
    pub(crate) fn track_form(
        self,
        address: String,
        read: impl Fn() -> Option<Draft> + 'static,
        fill: impl Fn(Draft) + Copy + Send + Sync + 'static,
    ) {
        self.reader.set_value(Some(Box::new(read)));
        Effect::new(move || {
            if self.resuming.with(|resuming| resuming.as_ref() != Some(&address)) {
                return;
            }
            self.resuming.set(None);
            spawn_local(async move {
                if let Some(draft) = self.load().await {
                    self.offered.set(None);
                    self.is_resumed.set_value(true);
                    fill(draft);
                }
            });
        });
        on_cleanup(move || {
            self.reader.try_set_value(None);
            let was_resumed = self.is_resumed.try_update_value(std::mem::take).unwrap_or(false);
            if was_resumed && !self.locking.get_untracked() {
                self.discard();
            }
        });
    }

    /// Returns whether the form on screen is one that is kept when the vault locks.
    pub(super) fn has_form(self) -> bool {
        self.reader.with_value(Option::is_some)
    }

    /// Returns what is typed into the form on screen, for the engine.
    pub(super) fn read_form(self) -> Option<SecretText> {
        let draft = self.reader.with_value(|reader| reader.as_ref().and_then(|read| read()));
        draft.as_ref().map(encoding::encode)
    }

    async fn load(self) -> Option<Draft> {
        let draft = self.engine.load_draft().await.ok().flatten()?;
        encoding::decode(&draft)
    }
}
