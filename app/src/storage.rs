//! Asking the browser to keep what this device stores.

use js_sys::Promise;
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::StorageManager;

/// Asks that stored data survive a lack of space. Browsers want a click for it; whatever they answer, the app goes on.
pub(crate) fn keep() {
    spawn_local(async {
        ask().await;
    });
}

/// The same, with the answer.
pub(crate) async fn ask() -> bool {
    said(StorageManager::persist).await
}

/// Whether the browser has promised it already.
pub(crate) async fn is_kept() -> bool {
    said(StorageManager::persisted).await
}

async fn said(ask: fn(&StorageManager) -> Result<Promise, JsValue>) -> bool {
    let storage = window().navigator().storage();
    if storage.is_undefined() {
        return false;
    }
    let Ok(asked) = ask(&storage) else { return false };
    JsFuture::from(asked).await.is_ok_and(|answer| answer.is_truthy())
}
