use crystallum_messages::{FromEngine, Message, ToEngine, Unreadable};
use js_sys::{Array, Uint8Array};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::Worker;
use zeroize::Zeroizing;

/// Decodes a message from the worker and wipes the buffer that it came in.
pub(super) fn decode(data: JsValue) -> Result<FromEngine, Unreadable> {
    let buffer: Uint8Array = data.dyn_into().map_err(|_| Unreadable)?;
    let bytes = Zeroizing::new(buffer.to_vec());
    buffer.fill(0, 0, buffer.length());
    FromEngine::from_bytes(&bytes)
}

/// Posts a message. Its buffer, which may contain PRF output, is transferred to the worker, so that
/// no copy stays in the page.
pub(super) fn post(worker: &Worker, message: &ToEngine) -> Result<(), Unreadable> {
    let buffer = Uint8Array::from(message.to_bytes().as_slice());
    let moved = Array::of1(&buffer.buffer());
    worker.post_message_with_transfer(&buffer, &moved).map_err(|_| Unreadable)
}
