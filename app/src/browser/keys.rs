//! Which key was pressed.

use leptos::ev::KeyboardEvent;

/// The code that browsers report instead of the key while an input method handles it. Safari sends
/// it for the key that ends a composition, when the event no longer says that there is one.
const HANDLED_BY_INPUT_METHOD: u32 = 229;

/// Returns the key that was pressed. Returns `None` for the keys of an input method that composes
/// text: they choose and confirm characters, and mean nothing else.
pub(crate) fn pressed_key(event: &KeyboardEvent) -> Option<String> {
    let is_composing = event.is_composing() || event.key_code() == HANDLED_BY_INPUT_METHOD;
    (!is_composing).then(|| event.key())
}
