use js_sys::{Function, Promise, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::Worker;

/// Why the worker, or a part of the app, could not be started. None of its code has run.
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
    let started = call_boot("startWorker").await.and_then(JsCast::dyn_into);
    started.map_err(|error| StartError::from_js(&error))
}

/// Fetches and starts the part of the app's Wasm that only an open vault needs, through `boot.js`,
/// which knows its hash. A second call waits for the first, or tries again if the first has failed.
pub(crate) async fn load_vault_part() -> Result<(), StartError> {
    let loaded = call_boot("loadVaultPart").await;
    loaded.map(drop).map_err(|error| StartError::from_js(&error))
}

async fn call_boot(function: &str) -> Result<JsValue, JsValue> {
    let boot = Reflect::get(&js_sys::global(), &"crystallumBoot".into())?;
    let function: Function = Reflect::get(&boot, &function.into())?.dyn_into()?;
    let promise: Promise = function.call0(&boot)?.dyn_into()?;
    JsFuture::from(promise).await
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
