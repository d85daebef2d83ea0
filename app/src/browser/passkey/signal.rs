use js_sys::{Function, Promise, Reflect};
use leptos::{prelude::window, task::spawn_local};
use serde::Serialize;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;

/// Tells the authenticator that a passkey belongs to no vault, so that it can hide or delete it
/// (WebAuthn Level 3, section 5.1.10). Browsers and authenticators that do not support this keep
/// the passkey, which opens nothing.
pub(crate) fn signal_unused(id: &[u8]) {
    if let Ok(signalled) = signal(id) {
        spawn_local(async move {
            // There is nobody to tell, and nothing else to try.
            let _ignored = JsFuture::from(signalled).await;
        });
    }
}

#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Unknown {
    rp_id: String,
    credential_id: String,
}

fn signal(id: &[u8]) -> Result<Promise, JsValue> {
    let class = Reflect::get(&window(), &"PublicKeyCredential".into())?;
    let method: Function = Reflect::get(&class, &"signalUnknownCredential".into())?.dyn_into()?;
    let unknown = Unknown { rp_id: window().location().hostname()?, credential_id: base64url(id)? };
    let options = serde_wasm_bindgen::to_value(&unknown)?;
    Ok(Promise::resolve(&method.call1(&class, &options)?))
}

fn base64url(bytes: &[u8]) -> Result<String, JsValue> {
    let text: String = bytes.iter().copied().map(char::from).collect();
    Ok(window().btoa(&text)?.trim_end_matches('=').replace('+', "-").replace('/', "_"))
}
