//! Asking the browser to keep what this device stores.

use js_sys::Promise;
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::StorageManager;

/// Asks that stored data survive a lack of space. Browsers want a click for it; whatever they answer, the app goes on.
pub(crate) fn request_persistence() {
    spawn_local(async {
        persist().await;
    });
}

/// The same, with the answer.
pub(crate) async fn persist() -> bool {
    call(StorageManager::persist).await
}

/// Whether the browser has promised it already.
pub(crate) async fn is_persistent() -> bool {
    call(StorageManager::persisted).await
}

async fn call(method: fn(&StorageManager) -> Result<Promise, JsValue>) -> bool {
    let storage = window().navigator().storage();
    if storage.is_undefined() {
        return false;
    }
    let Ok(promise) = method(&storage) else { return false };
    JsFuture::from(promise).await.is_ok_and(|answer| answer.is_truthy())
}
