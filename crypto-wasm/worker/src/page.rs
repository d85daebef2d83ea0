//! Messages to and from the page.

use crystallum_messages::{Command, Failure, FromEngine, Reply, Request, Response};
use futures_channel::mpsc::UnboundedSender;
use js_sys::{Object, Uint8Array};
use serde::Serialize;
use serde_wasm_bindgen::Serializer;
use wasm_bindgen::closure::Closure;
use wasm_bindgen::{JsCast, JsValue};
use web_sys::MessageEvent;

use crate::authenticator::PageAuthenticator;
use crate::js;

/// Numbers of 64 bits go as `BigInt`: those in answers of a server may be larger than a JavaScript number holds.
const SERIALIZER: Serializer = Serializer::new().serialize_large_number_types_as_bigints(true);

/// Takes every message from now on: answers to ceremonies go to the engine's running command, all others wait their turn.
pub(crate) fn listen(authenticator: PageAuthenticator, commands: UnboundedSender<Request>) {
    let heard = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        let data = message.data();
        let read = serde_wasm_bindgen::from_value(data.clone());
        wipe(&data);
        match read {
            Ok(Request { id, command: Command::Answer { ticket, outcome } }) => {
                respond(id, authenticator.answer(ticket, outcome).map(|()| Reply::Done));
            }
            Ok(request) => {
                let id = request.id;
                if matches!(request.command, Command::Lock) {
                    // Locking does not wait for a touch.
                    authenticator.cancel();
                }
                if commands.unbounded_send(request).is_err() {
                    respond(id, Err(Failure::Locked));
                }
            }
            Err(_) => {
                if let Some(id) = id_of(&data) {
                    respond(id, Err(Failure::Confused));
                }
            }
        }
    });
    js::scope()
        .add_event_listener_with_callback("message", heard.as_ref().unchecked_ref())
        .expect("a worker takes listeners");
    // It listens as long as the worker lives.
    heard.forget();
}

/// Answers a request.
pub(crate) fn respond(id: u32, result: Result<Reply, Failure>) {
    post(&FromEngine::Response(Response { id, result }));
}

/// Posts a message to the page.
pub(crate) fn post(message: &FromEngine) {
    // Neither can fail for these types; if one did, a page that waits for ever would be worse than one that locks.
    let posted = message
        .serialize(&SERIALIZER)
        .map_err(JsValue::from)
        .and_then(|message| js::scope().post_message(&message));
    if posted.is_err() {
        js::scope().close();
    }
}

/// The number of a request that could not be read.
fn id_of(data: &JsValue) -> Option<u32> {
    serde_wasm_bindgen::from_value(js::property(data, "id").ok()?).ok()
}

/// Zeroes every byte array of a message, among them PRF output: what was read from it has been copied.
fn wipe(value: &JsValue) {
    if let Some(bytes) = value.dyn_ref::<Uint8Array>() {
        bytes.fill(0, 0, bytes.length());
    } else if let Some(object) = value.dyn_ref::<Object>() {
        for part in Object::values(object) {
            wipe(&part);
        }
    }
}
