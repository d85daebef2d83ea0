use web_sys::StorageManager;

use crate::js;

/// Whether the browser promised to keep this site's storage; `None` when it cannot be asked. Only a page can ask for the promise.
pub(crate) async fn persisted() -> Option<bool> {
    let storage: StorageManager = js::scope().navigator().storage();
    let promise = storage.persisted().ok()?;
    js::settle(promise.into()).await.ok()?.as_bool()
}
