use web_sys::StorageManager;

use crate::js;

/// Returns whether the browser has promised to keep this site's storage, or `None` if it cannot be
/// asked. Only a page can request that promise.
pub(crate) async fn persisted() -> Option<bool> {
    let storage: StorageManager = js::scope().navigator().storage();
    let promise = storage.persisted().ok()?;
    js::settle(promise.into()).await.ok()?.as_bool()
}
