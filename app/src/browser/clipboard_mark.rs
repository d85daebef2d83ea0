//! A mark in the tab's own storage that a secret may be on the clipboard. It outlives the page, and
//! says nothing about the secret.

use leptos::prelude::window;

const NAME: &str = "crystallum-copied";

fn storage() -> Option<web_sys::Storage> {
    window().session_storage().ok().flatten()
}

/// Returns whether a secret may be on the clipboard, as far as this tab has copied one.
pub(crate) fn is_set() -> bool {
    storage().is_some_and(|storage| storage.get_item(NAME).is_ok_and(|mark| mark.is_some()))
}

/// Sets or removes the mark. Without that storage there is none.
pub(crate) fn set(is_copied: bool) {
    let Some(storage) = storage() else { return };
    drop(if is_copied { storage.set_item(NAME, "1") } else { storage.remove_item(NAME) });
}
