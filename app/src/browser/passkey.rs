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

use crystallum_messages::{Ceremony, CreateOptions, GetOptions, Outcome, Refusal};
use js_sys::{Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, CredentialsContainer};

/// Runs a ceremony and returns its outcome.
pub(crate) async fn run_ceremony(ceremony: &Ceremony) -> Outcome {
    let outcome = match ceremony {
        Ceremony::Create(options) => create(options).await,
        Ceremony::Get(options) => get(options).await,
    };
    outcome.unwrap_or_else(Outcome::Refused)
}

async fn create(ceremony: &CreateOptions) -> Result<Outcome, Refusal> {
    let options = options::for_creation(ceremony);
    options.set_signal(&AbortSignal::timeout_with_u32(ceremony.timeout));
    let credential = await_credential(credentials()?.create_with_options(&options)).await?;
    response::read_registration(&credential).map(Outcome::Registered).ok_or(Refusal::Unsupported)
}

async fn get(ceremony: &GetOptions) -> Result<Outcome, Refusal> {
    let options = options::for_request(ceremony);
    options.set_signal(&AbortSignal::timeout_with_u32(ceremony.timeout));
    let credential = await_credential(credentials()?.get_with_options(&options)).await?;
    response::read_assertion(&credential).map(Outcome::Asserted).ok_or(Refusal::Unsupported)
}

/// Returns `navigator.credentials`, which exists only in a secure context.
fn credentials() -> Result<CredentialsContainer, Refusal> {
    let credentials = Reflect::get(&window().navigator(), &"credentials".into());
    credentials.ok().filter(JsValue::is_object).map(JsCast::unchecked_into).ok_or(Refusal::Unsupported)
}

async fn await_credential(started: Result<Promise, JsValue>) -> Result<JsValue, Refusal> {
    let started = started.map_err(|error| refusal::from_error(&error))?;
    // What an extension returns may be the promise of another realm, or none.
    JsFuture::from(Promise::resolve(&started)).await.map_err(|error| refusal::from_error(&error))
}
