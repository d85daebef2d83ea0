use crystallum_messages::{Asserted, Prf, Registered};
use js_sys::{ArrayBuffer, Reflect, Uint8Array};
use serde_bytes::ByteBuf;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::PublicKeyCredential;

/// The fields of a new credential; `None` when one is missing.
pub(super) fn registered(credential: &PublicKeyCredential) -> Option<Registered> {
    let response = field(credential, "response")?;
    Some(Registered {
        raw_id: bytes(credential, "rawId")?,
        client_data_json: bytes(&response, "clientDataJSON")?,
        attestation_object: bytes(&response, "attestationObject")?,
        prf: prf(credential),
    })
}

/// The fields of a proof; `None` when one is missing.
pub(super) fn asserted(credential: &PublicKeyCredential) -> Option<Asserted> {
    let response = field(credential, "response")?;
    Some(Asserted {
        raw_id: bytes(credential, "rawId")?,
        client_data_json: bytes(&response, "clientDataJSON")?,
        authenticator_data: bytes(&response, "authenticatorData")?,
        signature: bytes(&response, "signature")?,
        // Authenticators may leave it out when the credential was named; the engine knows it then.
        user_handle: bytes(&response, "userHandle").unwrap_or_default(),
        prf: prf(credential),
    })
}

fn prf(credential: &PublicKeyCredential) -> Prf {
    let extensions = credential.get_client_extension_results();
    let Some(prf) = field(&extensions, "prf") else { return Prf::default() };
    let results = field(&prf, "results");
    let output = |name| results.as_ref().and_then(|results| take(results, name));
    Prf {
        enabled: field(&prf, "enabled").and_then(|enabled| enabled.as_bool()),
        first: output("first"),
        second: output("second"),
    }
}

/// A property that is there.
fn field(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into()).ok().filter(|value| !value.is_null() && !value.is_undefined())
}

fn bytes(object: &JsValue, name: &str) -> Option<Vec<u8>> {
    view(&field(object, name)?).map(|view| view.to_vec())
}

/// Copies secret bytes out and wipes the browser's copy.
fn take(object: &JsValue, name: &str) -> Option<ByteBuf> {
    let view = view(&field(object, name)?)?;
    let bytes = view.to_vec();
    view.fill(0, 0, view.length());
    Some(ByteBuf::from(bytes))
}

fn view(value: &JsValue) -> Option<Uint8Array> {
    if let Some(buffer) = value.dyn_ref::<ArrayBuffer>() {
        Some(Uint8Array::new(buffer))
    } else {
        value.dyn_ref::<Uint8Array>().cloned()
    }
}
