use crystallum_messages::RecordId;
use leptos::prelude::*;
use zeroize::Zeroizing;

/// The state that one page hands to the next. Copies share the same state.
#[derive(Clone, Copy)]
pub(crate) struct Navigation {
    /// A message about the last action, to be shown on the next page.
    pub(crate) flash_message: RwSignal<Option<String>>,
    /// The record that the message offers to restore from the trash.
    pub(crate) undo_delete: RwSignal<Option<RecordId>>,
    /// The number of open forms, whose content must not be lost.
    pub(crate) open_forms: RwSignal<u32>,
    /// The name and the invitation code that were typed for a new vault, if any.
    pub(crate) new_vault: StoredValue<[Option<Zeroizing<String>>; 2]>,
    /// The path to return to after unlocking.
    pub(crate) return_path: RwSignal<Option<String>>,
    /// The text that screen readers announce.
    pub(crate) announcement: RwSignal<String>,
}

impl Navigation {
    /// Creates the state and puts it into the context.
    pub(super) fn provide() -> Self {
        let navigation = Self {
            flash_message: RwSignal::new(None),
            undo_delete: RwSignal::new(None),
            open_forms: RwSignal::new(0),
            new_vault: StoredValue::new([None, None]),
            return_path: RwSignal::new(None),
            announcement: RwSignal::new(String::new()),
        };
        provide_context(navigation);
        navigation
    }

    /// Returns the state from the context.
    pub(crate) fn from_context() -> Self {
        expect_context()
    }

    /// Takes the path to show after unlocking: the one that the user wanted, or the list of keys.
    pub(crate) fn take_return_path(self) -> String {
        let path = self.return_path.try_update(Option::take).flatten();
        path.unwrap_or_else(|| "/vault".into())
    }
}
