//! The messages to the page.

use crystallum_messages::{Failure, FromEngine, Message, Reply, Response};
use js_sys::{Array, Uint8Array};

use crate::js;

/// Sends the response to a request.
pub(crate) fn respond(id: u32, result: Result<Reply, Failure>) {
    post(&FromEngine::Response(Response { id, result }));
}

/// Posts a message to the page. Its buffer is transferred, so no copy stays in the worker.
pub(crate) fn post(message: &FromEngine) {
    let buffer = Uint8Array::from(message.to_bytes().as_slice());
    let moved = Array::of1(&buffer.buffer());
    // Posting bytes does not fail. If it did, a page that locks is better than one that waits
    // forever.
    if js::scope().post_message_with_transfer(&buffer, &moved).is_err() {
        js::scope().close();
    }
}
