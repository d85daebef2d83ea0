//! Short texts in the browser's local storage, unencrypted. Without that storage they last as long
//! as the page.

use leptos::prelude::window;

fn storage() -> Option<web_sys::Storage> {
    window().local_storage().ok().flatten()
}

/// Returns the text with this name.
pub(crate) fn read(name: &str) -> Option<String> {
    storage()?.get_item(name).ok().flatten()
}

/// Stores a text; an empty one is removed.
pub(crate) fn write(name: &str, text: &str) {
    let Some(storage) = storage() else { return };
    drop(if text.is_empty() { storage.remove_item(name) } else { storage.set_item(name, text) });
}
