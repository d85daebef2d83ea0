use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Worker;

/// Why the worker could not be started. None of its code has run.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum StartError {
    /// One of its files does not have the hash that the page names.
    Altered,
    /// The browser refused to start it, or it stopped at once.
    Failed,
    /// One of its files could not be fetched.
    Unreachable,
}

/// Starts the worker through `boot.js`, which knows the hashes of the worker's files.
pub(super) async fn start_worker() -> Result<Worker, StartError> {
    call_boot().await.map_err(|error| StartError::from_js(&error))
}

async fn call_boot() -> Result<Worker, JsValue> {
    let boot = Reflect::get(&js_sys::global(), &"crystallumBoot".into())?;
    let start: Function = Reflect::get(&boot, &"startWorker".into())?.dyn_into()?;
    let promise: Promise = start.call0(&boot)?.dyn_into()?;
    JsFuture::from(promise).await?.dyn_into()
}

impl StartError {
    /// Reads the code that `boot.js` sets on its errors.
    fn from_js(error: &JsValue) -> Self {
        let code = Reflect::get(error, &"code".into()).ok().and_then(|code| code.as_string());
        match code.as_deref() {
            Some("altered") => Self::Altered,
            Some("unreachable") => Self::Unreachable,
            _ => Self::Failed,
        }
    }
}
