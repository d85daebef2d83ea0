use crystallum_exchanges::{Exchange, Field as Part, FieldRule, MAX_CREDENTIAL};
use crystallum_messages::{Credentials, Failure, SecretText};
use leptos::prelude::*;
use zeroize::Zeroizing;

use crate::ui::{
    field::{Field, Input, Shape},
    icon::{Glyph, Icon},
    paste::{self, Mistake},
    words::form,
};

/// The input fields of an exchange key.
#[derive(Clone, Copy)]
pub(crate) struct CredentialInputs {
    exchange: Exchange,
    api_key: Input,
    api_secret: Input,
    passphrase: Input,
}

impl CredentialInputs {
    /// Creates empty fields for an exchange.
    pub(crate) fn new(exchange: Exchange) -> Self {
        Self { exchange, api_key: Input::new(), api_secret: Input::new(), passphrase: Input::new() }
    }

    /// Reads all fields. Returns `None` if one is missing or too long; each such field then shows
    /// its error, and the first one takes the focus.
    pub(crate) fn read(self) -> Option<Credentials> {
        let mut credentials = Credentials::default();
        let mut complete = true;
        for rule in self.exchange.fields() {
            let input = self.input(rule.field);
            let text = input.read();
            let error = if rule.required && text.is_empty() {
                Some(form::empty(rule.field))
            } else if text.len() > MAX_CREDENTIAL {
                Some(form::TOO_LONG)
            } else {
                None
            };
            input.error.set(error);
            if error.is_some() && complete {
                complete = false;
                input.focus();
            }
            let secret = SecretText::new(String::clone(&text));
            match rule.field {
                Part::ApiKey => credentials.api_key = secret,
                Part::ApiSecret => credentials.api_secret = secret,
                Part::Passphrase => credentials.passphrase = (!secret.is_empty()).then_some(secret),
            }
        }
        complete.then_some(credentials)
    }

    /// Returns API key, API secret and passphrase as they are in their fields.
    pub(crate) fn texts(self) -> [Zeroizing<String>; 3] {
        [self.api_key, self.api_secret, self.passphrase].map(Input::read)
    }

    /// Fills the fields with API key, API secret and passphrase.
    pub(crate) fn fill(self, texts: &[Zeroizing<String>; 3]) {
        for (input, text) in [self.api_key, self.api_secret, self.passphrase].into_iter().zip(texts) {
            input.write(text);
            input.edits.update(|edits| *edits = edits.wrapping_add(1));
        }
    }

    /// Empties every field.
    pub(crate) fn clear(self) {
        for input in [self.api_key, self.api_secret, self.passphrase] {
            input.write("");
        }
    }

    /// Shows an engine failure beside the field that caused it, and returns whether there is one.
    pub(crate) fn show(self, failure: &Failure) -> bool {
        let Failure::FieldRejected(field) = failure else { return false };
        self.input(*field).error.set(Some(form::REJECTED));
        self.input(*field).focus();
        true
    }

    fn input(self, field: Part) -> Input {
        match field {
            Part::ApiKey => self.api_key,
            Part::ApiSecret => self.api_secret,
            Part::Passphrase => self.passphrase,
        }
    }

    fn mistake(self) -> Option<Mistake> {
        paste::find_mistake(self.exchange, &self.api_key.read(), &self.api_secret.read())
    }

    /// Swaps the API key and the API secret.
    fn swap(self) {
        let (key, secret) = (self.api_key.read(), self.api_secret.read());
        self.api_key.write(&secret);
        self.api_secret.write(&key);
        for input in [self.api_key, self.api_secret] {
            input.error.set(None);
            input.edits.update(|edits| *edits = edits.wrapping_add(1));
        }
        if secret.is_empty() {
            self.api_key.focus();
        }
    }
}

/// The fields, with hints for the exchange and a note when the input looks wrong.
#[component]
pub(crate) fn CredentialFields(inputs: CredentialInputs) -> impl IntoView {
    let guide = inputs.exchange.guide();
    let field = move |rule: &FieldRule| {
        let (id, hint, shape) = match (rule.field, rule.multiline) {
            (Part::ApiKey, _) => ("key-api-key", guide.api_key, Shape::Key),
            (Part::ApiSecret, false) => ("key-api-secret", guide.api_secret, Shape::Secret),
            (Part::ApiSecret, true) => ("key-api-secret", guide.api_secret, Shape::SecretLines),
            (Part::Passphrase, _) => ("key-passphrase", guide.passphrase, Shape::Secret),
        };
        view! {
            <Field
                input=inputs.input(rule.field)
                id=id
                label=form::field(rule.field)
                shape=shape
                hint=hint
                optional=!rule.required
            />
        }
    };
    // The signal holds only the findings, never the text.
    let seen = Memo::new(move |_| {
        inputs.api_key.edits.track();
        inputs.api_secret.edits.track();
        (inputs.mistake(), paste::is_pem(&inputs.api_secret.read()))
    });
    let note = move |mistake: Mistake| {
        let swap = match mistake {
            Mistake::CutOff => None,
            Mistake::PrivateKeyAsApiKey => Some(form::MOVE),
            Mistake::Swapped => Some(form::SWAP),
        };
        view! {
            <div class="note note--warn">
                <Icon glyph=Glyph::Warn/>
                <p>{form::mistake(mistake)}</p>
                {swap.map(|name| view! {
                    <button type="button" class="button button--small" on:click=move |_| inputs.swap()>{name}</button>
                })}
            </div>
        }
    };
    view! {
        {inputs.exchange.fields().iter().map(field).collect_view()}
        <div role="status">
            {move || match seen.get() {
                (Some(mistake), _) => note(mistake).into_any(),
                (None, true) => view! {
                    <p class="told-line"><Icon glyph=Glyph::Check/>{form::PEM_SEEN}</p>
                }.into_any(),
                (None, false) => ().into_any(),
            }}
        </div>
    }
}
