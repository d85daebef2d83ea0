//! The messages from the page.

use crystallum_messages::{ImpossibleState, Message, ToEngine, number_of};
use js_sys::Uint8Array;
use wasm_bindgen::JsCast;
use wasm_bindgen::closure::Closure;
use web_sys::MessageEvent;
use zeroize::Zeroizing;

use crate::authenticator::PageAuthenticator;
use crate::js;
use crate::outbox::respond;
use crate::queue::PageCommands;

/// Handles every message from now on. Answers to ceremonies go to the running command; all other
/// commands are queued.
pub(crate) fn listen(authenticator: PageAuthenticator, commands: PageCommands) {
    let listener = Closure::<dyn FnMut(MessageEvent)>::new(move |message: MessageEvent| {
        let bytes = take_bytes(&message);
        match ToEngine::from_bytes(&bytes) {
            Ok(ToEngine::Answer { ticket, outcome }) => authenticator.answer(ticket, outcome),
            Ok(ToEngine::Request(request)) => commands.push(request),
            Err(_) => {
                if let Some(id) = number_of(&bytes) {
                    respond(id, Err(ImpossibleState::UnreadableMessage.into()));
                }
            }
        }
    });
    js::scope()
        .add_event_listener_with_callback("message", listener.as_ref().unchecked_ref())
        .expect("a worker takes listeners");
    // The listener is needed as long as the worker lives.
    listener.forget();
}

/// Takes the bytes out of a message; they are empty if the message is something else. The buffer of
/// the message is wiped, because it may contain PRF output.
fn take_bytes(message: &MessageEvent) -> Zeroizing<Vec<u8>> {
    let Ok(buffer) = message.data().dyn_into::<Uint8Array>() else { return Zeroizing::default() };
    let bytes = Zeroizing::new(buffer.to_vec());
    buffer.fill(0, 0, buffer.length());
    bytes
}
