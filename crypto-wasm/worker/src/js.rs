//! Helpers for JavaScript values that have no typed bindings.

use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{DedicatedWorkerGlobalScope, Url};

/// Returns this worker's global scope.
pub(crate) fn scope() -> DedicatedWorkerGlobalScope {
    js_sys::global().unchecked_into()
}

/// Returns the host of an origin, without its port.
pub(crate) fn host_of(origin: &str) -> Option<String> {
    let host = Url::new(origin).ok()?.hostname();
    (!host.is_empty()).then_some(host)
}

/// Returns a property, which is `undefined` if it does not exist.
pub(crate) fn property(object: &JsValue, name: &str) -> Result<JsValue, JsValue> {
    Reflect::get(object, &name.into())
}

/// Returns a method of an object.
pub(crate) fn method(object: &JsValue, name: &str) -> Result<Function, JsValue> {
    property(object, name)?.dyn_into()
}

/// Waits for a promise that a method returned.
pub(crate) async fn settle(promise: JsValue) -> Result<JsValue, JsValue> {
    JsFuture::from(promise.dyn_into::<Promise>()?).await
}

/// Waits for this many milliseconds.
pub(crate) async fn sleep(milliseconds: i32) {
    let elapsed = Promise::new(&mut |resolve, _| {
        // Without a timer it waits for ever, which leaves undone what can wait.
        drop(scope().set_timeout_with_callback_and_timeout_and_arguments_0(&resolve, milliseconds));
    });
    drop(JsFuture::from(elapsed).await);
}

/// Sets a property of a plain object that was created here.
pub(crate) fn put(object: &JsValue, name: &str, value: impl Into<JsValue>) {
    Reflect::set(object, &name.into(), &value.into()).expect("a plain object takes any property");
}
