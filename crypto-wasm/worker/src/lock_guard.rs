//! One engine with an open vault per browser profile (Web Locks).

use js_sys::{Function, Object, Promise};
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

use crate::js;

const NAME: &str = "crystallum-engine";

/// The lock; given back when it is dropped or the worker ends.
pub(crate) struct LockGuard {
    release: Function,
}

/// Why there is no lock.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Taken {
    /// Another tab has it.
    Elsewhere,
    /// This browser has no locks.
    Unsupported,
}

impl LockGuard {
    /// Takes the lock if nobody has it.
    pub(crate) async fn take() -> Result<Self, Taken> {
        let (granted, release) = request().map_err(|_| Taken::Unsupported)?;
        match JsFuture::from(granted).await {
            Ok(granted) if granted.is_truthy() => Ok(Self { release }),
            Ok(_) => Err(Taken::Elsewhere),
            Err(_) => Err(Taken::Unsupported),
        }
    }
}

impl Drop for LockGuard {
    fn drop(&mut self) {
        // It resolves a promise made below, which cannot fail.
        drop(self.release.call0(&JsValue::NULL));
    }
}

/// Asks for the lock. Returns whether it was granted, and what gives it back: the lock is held until the promise
/// that the callback returns is settled.
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
    // Settles when the lock is given back, or at once when it is refused for another reason than being taken.
    let refused = Closure::once_into_js(move |error: JsValue| drop(refuse.call1(&JsValue::NULL, &error)));
    let catch = js::method(&outcome, "catch")?;
    catch.call1(&outcome, &refused)?;
    Ok((granted, release))
}

/// A promise with what resolves and what rejects it.
fn promise() -> (Promise, Function, Function) {
    let mut settlers = None;
    let promise = Promise::new(&mut |resolve, reject| settlers = Some((resolve, reject)));
    let (resolve, reject) = settlers.expect("the constructor calls its argument before it returns");
    (promise, resolve, reject)
}
