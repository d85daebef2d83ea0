//! Copying a secret, and clearing the clipboard after a while as well as a page can.

use std::time::Duration;

use crystallum_messages::{Field, SecretText};
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;

use crate::time;

const KEEP: Duration = Duration::from_secs(30);

/// What was copied.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Item {
    /// A recovery code.
    Code,
    /// A part of a key.
    Field(Field),
}

/// What became of the last copy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Copied {
    /// The clipboard was cleared.
    Cleared,
    /// The browser refused.
    Failed,
    /// Time was up, but the page was not in front and could not clear.
    Left,
    /// It is there until a time, in milliseconds since 1970.
    There(Item, f64),
}

/// The clipboard as far as this page filled it; a copy is the same one.
#[derive(Clone, Copy)]
pub(crate) struct Clipboard {
    /// The part of the screen that copies with it.
    place: u32,
    places: StoredValue<u32>,
    /// What became of the last copy, and the place that made it.
    state: RwSignal<Option<(u32, Copied)>>,
    timer: StoredValue<Option<TimeoutHandle>>,
}

impl Clipboard {
    /// Puts it into the context.
    pub(crate) fn provide() -> Self {
        let clipboard = Self {
            place: 0,
            places: StoredValue::new(0),
            state: RwSignal::new(None),
            timer: StoredValue::new(None),
        };
        provide_context(clipboard);
        clipboard
    }

    /// The one that the app provides, for a place of its own: a page that is made anew says nothing of earlier copies.
    pub(crate) fn for_component() -> Self {
        let clipboard: Self = expect_context();
        clipboard.places.update_value(|places| *places = places.wrapping_add(1));
        Self { place: clipboard.places.get_value(), ..clipboard }
    }

    /// What became of the last copy, when it was made here.
    pub(crate) fn copied(self) -> Option<Copied> {
        self.state.get().filter(|(place, _)| *place == self.place).map(|(_, copied)| copied)
    }

    /// Copies a secret.
    pub(crate) async fn copy(self, item: Item, secret: SecretText) {
        self.stop();
        if write(secret.expose()).await.is_err() {
            self.state.set(Some((self.place, Copied::Failed)));
            return;
        }
        let length = Duration::as_secs_f64(&KEEP) * 1_000.0;
        self.state.set(Some((self.place, Copied::There(item, time::now() + length))));
        let timer = set_timeout_with_handle(move || self.clear(), KEEP);
        self.timer.set_value(timer.ok());
    }

    /// Clears what this page copied, if it is still there.
    pub(crate) fn clear(self) {
        self.stop();
        let Some((place, Copied::There(..))) = self.state.get_untracked() else { return };
        spawn_local(async move {
            // Browsers let only the page in front write.
            let cleared = document().has_focus().unwrap_or(false) && write("").await.is_ok();
            self.state.set(Some((place, if cleared { Copied::Cleared } else { Copied::Left })));
        });
    }

    fn stop(self) {
        if let Some(timer) = self.timer.try_update_value(Option::take).flatten() {
            timer.clear();
        }
    }
}

/// The browser did not allow it.
struct Denied;

async fn write(text: &str) -> Result<(), Denied> {
    let clipboard = window().navigator().clipboard();
    if clipboard.is_undefined() {
        return Err(Denied);
    }
    JsFuture::from(clipboard.write_text(text)).await.map(drop).map_err(|_| Denied)
}
