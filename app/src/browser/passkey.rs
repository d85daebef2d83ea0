//! WebAuthn: turns a ceremony into the browser's options, runs it, and reads the response field by
//! field.
//!
//! The credential is never serialised: `toJSON()` contains the PRF output, and so do the extension
//! results that the conversions of `webauthn-rs-proto` write to the console. Only the crate's
//! option types are used.

mod options;
mod refusal;
mod response;

use crystallum_messages::{Ceremony, CreateOptions, GetOptions, Outcome, Refusal};
use js_sys::{Promise, Reflect};
use leptos::prelude::window;
use wasm_bindgen::{JsCast, JsValue};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortSignal, CredentialsContainer, PublicKeyCredential};

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
    Reflect::get(&window().navigator(), &"credentials".into())
        .and_then(JsCast::dyn_into)
        .map_err(|_| Refusal::Unsupported)
}

async fn await_credential(started: Result<Promise, JsValue>) -> Result<PublicKeyCredential, Refusal> {
    let promise = started.map_err(|error| refusal::from_error(&error))?;
    let credential = JsFuture::from(promise).await.map_err(|error| refusal::from_error(&error))?;
    credential.dyn_into().map_err(|_| Refusal::Unsupported)
}
