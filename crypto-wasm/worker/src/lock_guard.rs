//! A lock that allows one engine with an open vault in a browser profile (Web Locks API).

use js_sys::{Function, Object, Promise};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::js;

const NAME: &str = "crystallum-engine";

/// The lock. It is released when this is dropped or the worker ends.
pub(crate) struct LockGuard {
    release: Function,
}

/// Why the lock was not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum LockError {
    /// Another tab holds the lock.
    HeldElsewhere,
    /// This browser does not support Web Locks.
    Unsupported,
}

impl LockGuard {
    /// Takes the lock if it is free.
    pub(crate) async fn take() -> Result<Self, LockError> {
        let (granted, release) = request().map_err(|_| LockError::Unsupported)?;
        match JsFuture::from(granted).await {
            Ok(granted) if granted.is_truthy() => Ok(Self { release }),
            Ok(_) => Err(LockError::HeldElsewhere),
            Err(_) => Err(LockError::Unsupported),
        }
    }
}

impl Drop for LockGuard {
    fn drop(&mut self) {
        // Resolving a promise cannot fail.
        drop(self.release.call0(&JsValue::NULL));
    }
}

/// Requests the lock. Returns a promise of whether it was granted, and a function that releases it.
/// The lock is held until the promise that the callback returns is settled.
fn request() -> Result<(Promise, Function), JsValue> {
    let locks = js::property(&js::scope().navigator(), "locks")?;
    let request = js::method(&locks, "request")?;
    let (held, release, _) = promise();
    let (granted, grant, refuse) = promise();
    let callback = Closure::once_into_js(move |lock: JsValue| -> JsValue {
        let there = lock.is_truthy();
        drop(grant.call1(&JsValue::NULL, &there.into()));
        if there { held.into() } else { JsValue::UNDEFINED }
    });
    let options = Object::new();
    js::put(&options, "ifAvailable", true);
    let outcome: Promise = request.call3(&locks, &NAME.into(), &options, &callback)?.dyn_into()?;
    // Settles when the lock is released, or at once if it is refused for another reason than being
    // held.
    let refused = Closure::once_into_js(move |error: JsValue| drop(refuse.call1(&JsValue::NULL, &error)));
    let catch = js::method(&outcome, "catch")?;
    catch.call1(&outcome, &refused)?;
    Ok((granted, release))
}

/// Creates a promise with the functions that resolve and reject it.
fn promise() -> (Promise, Function, Function) {
    let mut settlers = None;
    let promise = Promise::new(&mut |resolve, reject| settlers = Some((resolve, reject)));
    let (resolve, reject) = settlers.expect("the constructor calls its argument before it returns");
    (promise, resolve, reject)
}
