//! WebAuthn: turns a ceremony into the browser's options, runs it, and reads the response field by
//! field.
//!
//! The credential is never serialised: `toJSON()` contains the PRF output, and so do the extension
//! results that the conversions of `webauthn-rs-proto` write to the console. Only the crate's
//! option types are used. Extensions that manage passkeys replace the browser's functions and
//! objects by their own, so everything is read by its members, whatever its class.

mod options;
mod refusal;
mod response;
mod signal;

pub(crate) use signal::signal_unused;

use crystallum_messages::{Ceremony, Outcome, PasskeyFault, Refusal};
use futures_channel::oneshot;
use futures_util::future::{Either, select};
use gloo_timers::future::TimeoutFuture;
use js_sys::{Promise, Reflect};
use leptos::{prelude::window, task::spawn_local};
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, CredentialsContainer};

/// Runs a ceremony and returns its outcome. The ceremony ends when `cancelled` does, or when its
/// time is up, even if the browser or an extension never settles it.
pub(crate) async fn run_ceremony(ceremony: Ceremony, cancelled: oneshot::Receiver<()>) -> Outcome {
    let Ok(abort) = AbortController::new() else { return Outcome::Refused(Refusal::Unsupported) };
    let (timeout, excludes) = match &ceremony {
        Ceremony::Create(options) => (options.timeout, !options.exclude.is_empty()),
        Ceremony::Get(options) => (options.timeout, false),
    };
    let refused = move |error: JsValue| Outcome::Refused(refusal::from_error(&error, excludes));
    // What an extension returns may be the promise of another realm, or none.
    let credential = match start(&ceremony, &abort.signal()) {
        Ok(started) => JsFuture::from(Promise::resolve(&started)),
        Err(error) => return refused(error),
    };
    match select(credential, select(cancelled, TimeoutFuture::new(timeout))).await {
        Either::Left((Ok(credential), _)) => read(&ceremony, &credential),
        Either::Left((Err(error), _)) => refused(error),
        Either::Right((_, credential)) => {
            abort.abort();
            spawn_local(discard_late(ceremony, credential));
            Outcome::Refused(Refusal::Cancelled)
        }
    }
}

/// Starts a ceremony. `navigator.credentials` exists only in a secure context.
fn start(ceremony: &Ceremony, signal: &AbortSignal) -> Result<Promise, JsValue> {
    let credentials = Reflect::get(&window().navigator(), &"credentials".into())?;
    let credentials: CredentialsContainer = credentials.unchecked_into();
    match ceremony {
        Ceremony::Create(ceremony) => {
            let options = options::for_creation(ceremony);
            options.set_signal(signal);
            credentials.create_with_options(&options)
        }
        Ceremony::Get(ceremony) => {
            let options = options::for_request(ceremony);
            options.set_signal(signal);
            credentials.get_with_options(&options)
        }
    }
}

fn read(ceremony: &Ceremony, credential: &JsValue) -> Outcome {
    let outcome = match ceremony {
        Ceremony::Create(_) => response::read_registration(credential).map(Outcome::Registered),
        Ceremony::Get(_) => response::read_assertion(credential).map(Outcome::Asserted),
    };
    outcome.unwrap_or(Outcome::Refused(Refusal::Fault(PasskeyFault::Unreadable)))
}

/// Waits for a ceremony that has been given up. Reading a late result wipes its PRF outputs, and a
/// late passkey is of no use to anybody.
async fn discard_late(ceremony: Ceremony, credential: JsFuture) {
    if let Ok(credential) = credential.await
        && let Outcome::Registered(registered) = read(&ceremony, &credential)
    {
        signal_unused(&registered.raw_id);
    }
}
