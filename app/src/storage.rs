//! Asking the browser to keep what this device stores.

use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen_futures::JsFuture;

/// Asks that stored data survive a lack of space. Browsers want a click for it; whatever they answer, the app goes on.
pub(crate) fn keep() {
    let storage = window().navigator().storage();
    if storage.is_undefined() {
        return;
    }
    let Ok(asked) = storage.persist() else { return };
    spawn_local(async move {
        // Awaited so that a refusal is no unhandled rejection.
        drop(JsFuture::from(asked).await);
    });
}
