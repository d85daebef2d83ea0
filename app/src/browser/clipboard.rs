//! Copies secrets, and clears the clipboard after a while if the browser lets a page do so.

use std::time::Duration;

use crystallum_messages::{Field, SecretText};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;

use crate::browser::time;

const CLEAR_AFTER: Duration = Duration::from_secs(30);

/// What was copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    /// A recovery code.
    Code,
    /// A field of an exchange key.
    Field(Field),
}

/// What happened to the last copy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum CopyState {
    /// The clipboard was cleared.
    Cleared,
    /// The browser refused to copy.
    Failed,
    /// The time ran out while the page had no focus, so it could not clear the clipboard.
    NotCleared,
    /// The secret is on the clipboard until this time, in milliseconds since 1970.
    OnClipboard(Item, f64),
}

/// What this page has put on the clipboard. Copies share the same state.
#[derive(Clone, Copy)]
pub(crate) struct Clipboard {
    /// Identifies the component that copies with this handle.
    owner: u32,
    owner_count: StoredValue<u32>,
    /// What happened to the last copy, and which component made it.
    state: RwSignal<Option<(u32, CopyState)>>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl Clipboard {
    /// Creates the clipboard state and puts it into the context.
    pub(crate) fn provide() -> Self {
        let clipboard = Self {
            owner: 0,
            owner_count: StoredValue::new(0),
            state: RwSignal::new(None),
            timer: StoredValue::new(None),
        };
        provide_context(clipboard);
        clipboard
    }

    /// Returns a handle for one component. It reports only that component's copies, so a page that
    /// is shown again does not report earlier ones.
    pub(crate) fn for_component() -> Self {
        let clipboard: Self = expect_context();
        clipboard.owner_count.update_value(|owner_count| *owner_count = owner_count.wrapping_add(1));
        Self { owner: clipboard.owner_count.get_value(), ..clipboard }
    }

    /// Returns what happened to the last copy, if this component made it.
    pub(crate) fn copy_state(self) -> Option<CopyState> {
        self.state.get().filter(|(owner, _)| *owner == self.owner).map(|(_, copied)| copied)
    }

    /// Copies a secret and starts the timer that clears it.
    pub(crate) async fn copy(self, item: Item, secret: SecretText) {
        self.cancel_timer();
        if write(secret.expose()).await.is_err() {
            self.state.set(Some((self.owner, CopyState::Failed)));
            return;
        }
        let length = Duration::as_secs_f64(&CLEAR_AFTER) * 1_000.0;
        self.state.set(Some((self.owner, CopyState::OnClipboard(item, time::now() + length))));
        let timer = set_timeout_with_handle(move || self.clear(), CLEAR_AFTER);
        self.timer.set_value(timer.ok());
    }

    /// Clears the clipboard, if a secret from this page is still on it.
    pub(crate) fn clear(self) {
        self.cancel_timer();
        let Some((owner, CopyState::OnClipboard(..))) = self.state.get_untracked() else { return };
        spawn_local(async move {
            // Browsers let only the focused page write to the clipboard.
            let cleared = document().has_focus().unwrap_or(false) && write("").await.is_ok();
            self.state.set(Some((owner, if cleared { CopyState::Cleared } else { CopyState::NotCleared })));
        });
    }

    fn cancel_timer(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }
}

/// The browser denied access to the clipboard.
struct Denied;

async fn write(text: &str) -> Result<(), Denied> {
    let clipboard = window().navigator().clipboard();
    if clipboard.is_undefined() {
        return Err(Denied);
    }
    JsFuture::from(clipboard.write_text(text)).await.map(drop).map_err(|_| Denied)
}
