use crystallum_messages::{Asserted, Prf, Registered};
use js_sys::{ArrayBuffer, Function, Object, Reflect, Uint8Array};
use leptos::prelude::window;
use serde_bytes::ByteBuf;
use wasm_bindgen::{JsCast, JsValue};

/// Reads a new credential. Returns `None` if a field is missing.
pub(super) fn read_registration(credential: &JsValue) -> Option<Registered> {
    let response = property(credential, "response")?;
    Some(Registered {
        raw_id: read_id(credential)?,
        client_data_json: bytes_property(&response, "clientDataJSON")?,
        attestation_object: bytes_property(&response, "attestationObject")?,
        prf: read_prf(credential),
    })
}

/// Reads an assertion. Returns `None` if a field is missing.
pub(super) fn read_assertion(credential: &JsValue) -> Option<Asserted> {
    let response = property(credential, "response")?;
    Some(Asserted {
        raw_id: read_id(credential)?,
        client_data_json: bytes_property(&response, "clientDataJSON")?,
        authenticator_data: bytes_property(&response, "authenticatorData")?,
        signature: bytes_property(&response, "signature")?,
        // Authenticators may omit it when the request named the credential; the engine then knows
        // it.
        user_handle: bytes_property(&response, "userHandle").unwrap_or_default(),
        prf: read_prf(credential),
    })
}

fn read_id(credential: &JsValue) -> Option<Vec<u8>> {
    bytes_property(credential, "rawId").or_else(|| bytes_property(credential, "id"))
}

fn read_prf(credential: &JsValue) -> Prf {
    let Some(prf) = extension_results(credential).and_then(|results| property(&results, "prf")) else {
        return Prf::default();
    };
    let results = property(&prf, "results");
    let output = |name| results.as_ref().and_then(|results| take_bytes(results, name));
    Prf {
        enabled: property(&prf, "enabled").and_then(|enabled| enabled.as_bool()),
        first: output("first"),
        second: output("second"),
    }
}

/// Returns the results of the extensions: from the method that credentials have, or from the member
/// that they have as JSON.
fn extension_results(credential: &JsValue) -> Option<JsValue> {
    property(credential, "getClientExtensionResults")
        .and_then(|method| method.dyn_into::<Function>().ok())
        .and_then(|method| method.call0(credential).ok())
        .filter(JsValue::is_object)
        .or_else(|| property(credential, "clientExtensionResults"))
}

/// Returns a property, unless it is null or undefined.
fn property(object: &JsValue, name: &str) -> Option<JsValue> {
    Reflect::get(object, &name.into()).ok().filter(|value| !value.is_null() && !value.is_undefined())
}

fn bytes_property(object: &JsValue, name: &str) -> Option<Vec<u8>> {
    read_bytes(&property(object, name)?)
}

/// Copies secret bytes and wipes the browser's copy, unless that is a string.
fn take_bytes(object: &JsValue, name: &str) -> Option<ByteBuf> {
    let value = property(object, name)?;
    let bytes = read_bytes(&value)?;
    if let Some(view) = byte_view(&value) {
        view.fill(0, 0, view.length());
    } else if value.is_object() {
        for key in Object::keys(value.unchecked_ref::<Object>()) {
            // A list that cannot be changed stays as it is.
            let _wiped = Reflect::set(&value, &key, &0.into());
        }
    }
    Some(ByteBuf::from(bytes))
}

/// Returns the bytes of a value, `None` if there are none. Passkey managers that are extensions
/// give buffers of their own realm, lists of numbers or base64url, which are no instances of the
/// classes that this page knows. So only their members count.
fn read_bytes(value: &JsValue) -> Option<Vec<u8>> {
    if let Some(view) = byte_view(value) {
        return Some(view.to_vec());
    }
    if let Some(text) = value.as_string() {
        return decode_base64url(&text);
    }
    let list = value.is_object().then(|| Object::values(value.unchecked_ref::<Object>()))?;
    let is_list = list.length() > 0 && list.iter().all(|item| is_byte(&item));
    is_list.then(|| Uint8Array::new(&list).to_vec())
}

/// Returns a view of the memory of a buffer, or of a view of one, of any realm.
fn byte_view(value: &JsValue) -> Option<Uint8Array> {
    if ArrayBuffer::is_view(value) {
        let view: &Uint8Array = value.unchecked_ref();
        let (offset, length) = (view.byte_offset(), view.byte_length());
        return (length > 0)
            .then(|| Uint8Array::new_with_byte_offset_and_length(&view.buffer(), offset, length));
    }
    // A buffer that was moved elsewhere has no length any more and cannot be viewed.
    let length = property(value, "byteLength")?.as_f64()?;
    (length > 0.0).then(|| Uint8Array::new(value)).filter(|view| view.length() > 0)
}

fn is_byte(item: &JsValue) -> bool {
    item.as_f64().is_some_and(|number| (0.0..256.0).contains(&number) && number.fract() == 0.0)
}

fn decode_base64url(text: &str) -> Option<Vec<u8>> {
    let decoded = window().atob(&text.replace('-', "+").replace('_', "/")).ok()?;
    let bytes: Option<Vec<u8>> = decoded.chars().map(|byte| u8::try_from(u32::from(byte)).ok()).collect();
    bytes.filter(|bytes| !bytes.is_empty())
}
