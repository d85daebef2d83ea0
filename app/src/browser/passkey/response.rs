use crystallum_messages::{Asserted, Prf, Registered};
use js_sys::{ArrayBuffer, Reflect, Uint8Array};
use serde_bytes::ByteBuf;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::PublicKeyCredential;

/// Reads a new credential. Returns `None` if a field is missing.
pub(super) fn read_registration(credential: &PublicKeyCredential) -> Option<Registered> {
    let response = property(credential, "response")?;
    Some(Registered {
        raw_id: bytes_property(credential, "rawId")?,
        client_data_json: bytes_property(&response, "clientDataJSON")?,
        attestation_object: bytes_property(&response, "attestationObject")?,
        prf: read_prf(credential),
    })
}

/// Reads an assertion. Returns `None` if a field is missing.
pub(super) fn read_assertion(credential: &PublicKeyCredential) -> Option<Asserted> {
    let response = property(credential, "response")?;
    Some(Asserted {
        raw_id: bytes_property(credential, "rawId")?,
        client_data_json: bytes_property(&response, "clientDataJSON")?,
        authenticator_data: bytes_property(&response, "authenticatorData")?,
        signature: bytes_property(&response, "signature")?,
        // Authenticators may omit it when the request named the credential; the engine then knows
        // it.
        user_handle: bytes_property(&response, "userHandle").unwrap_or_default(),
        prf: read_prf(credential),
    })
}

fn read_prf(credential: &PublicKeyCredential) -> Prf {
    let extensions = credential.get_client_extension_results();
    let Some(prf) = property(&extensions, "prf") else { return Prf::default() };
    let results = property(&prf, "results");
    let output = |name| results.as_ref().and_then(|results| take_bytes(results, name));
    Prf {
        enabled: property(&prf, "enabled").and_then(|enabled| enabled.as_bool()),
        first: output("first"),
        second: output("second"),
    }
}

/// Returns a property, unless it is null or undefined.
fn property(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into()).ok().filter(|value| !value.is_null() && !value.is_undefined())
}

fn bytes_property(object: &JsValue, name: &str) -> Option<Vec<u8>> {
    byte_view(&property(object, name)?).map(|view| view.to_vec())
}

/// Copies secret bytes and wipes the browser's copy.
fn take_bytes(object: &JsValue, name: &str) -> Option<ByteBuf> {
    let view = byte_view(&property(object, name)?)?;
    let bytes = view.to_vec();
    view.fill(0, 0, view.length());
    Some(ByteBuf::from(bytes))
}

fn byte_view(value: &JsValue) -> Option<Uint8Array> {
    if let Some(buffer) = value.dyn_ref::<ArrayBuffer>() {
        Some(Uint8Array::new(buffer))
    } else {
        value.dyn_ref::<Uint8Array>().cloned()
    }
}
