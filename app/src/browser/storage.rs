//! Asks the browser not to evict what this device stores.

use js_sys::Promise;
use leptos::{prelude::*, task::spawn_local};
use wasm_bindgen::JsValue;
use wasm_bindgen_futures::JsFuture;
use web_sys::StorageManager;

/// Asks for persistent storage and ignores the answer. Browsers may require a user gesture.
pub(crate) fn request_persistence() {
    spawn_local(async {
        persist().await;
    });
}

/// Asks for persistent storage and returns whether the browser grants it.
pub(crate) async fn persist() -> bool {
    call(StorageManager::persist).await
}

/// Returns whether the browser has granted persistent storage already.
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
