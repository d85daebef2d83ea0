use crystallum_messages::{FromEngine, Request};
use js_sys::{Array, Object, Uint8Array};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Worker;

/// Numbers of 64 bits go as `BigInt`, as they come from the worker.
const SERIALIZER: Serializer = Serializer::new().serialize_large_number_types_as_bigints(true);

/// What came or should go is not a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Unreadable;

pub(super) fn read(data: JsValue) -> Result<FromEngine, Unreadable> {
    serde_wasm_bindgen::from_value(data).map_err(|_| Unreadable)
}

/// Posts a request. Its byte arrays, among them PRF output, move to the worker: no copy of them stays in the page.
pub(super) fn post(worker: &Worker, request: &Request) -> Result<(), Unreadable> {
    let message = request.serialize(&SERIALIZER).map_err(|_| Unreadable)?;
    let moved = Array::new();
    collect_buffers(&message, &moved);
    worker.post_message_with_transfer(&message, &moved).map_err(|_| Unreadable)
}

fn collect_buffers(value: &JsValue, found: &Array) {
    if let Some(bytes) = value.dyn_ref::<Uint8Array>() {
        found.push(&bytes.buffer());
    } else if let Some(object) = value.dyn_ref::<Object>() {
        for part in Object::values(object) {
            collect_buffers(&part, found);
        }
    }
}
