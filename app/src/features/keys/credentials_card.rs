use crystallum_messages::{Credentials, Failure, Field, KeyDetail, SecretText, keys::Command};
use leptos::{html, prelude::*, task::spawn_local};

use crate::{
    browser::clipboard::{Clipboard, Item},
    engine::Engine,
    features::records::words,
    state::alarms::Alarms,
    ui::{
        copy_status::copy_status,
        failure_note::FailureNote,
        icon::{Glyph, Icon},
        reveal_timer::RevealTimer,
        words::form,
    },
};

/// How long a secret stays on screen, in seconds.
const REVEAL_SECONDS: u32 = 30;

/// The elements that show a secret. The secret is written into them and removed from them; no
/// signal ever holds it.
#[derive(Clone, Copy)]
pub(crate) struct RevealedCredentials {
    nodes: [NodeRef<html::Code>; 3],
    /// Hides the secret after a while.
    pub(crate) timer: RevealTimer,
}

impl RevealedCredentials {
    /// Creates the elements, without a secret.
    pub(crate) fn new() -> Self {
        let nodes = [NodeRef::new(); 3].map(|_: NodeRef<html::Code>| NodeRef::new());
        Self { nodes, timer: RevealTimer::new(move || write(nodes, None)) }
    }

    /// Writes the credentials into the elements and starts the countdown.
    pub(crate) fn show(self, credentials: &Credentials) {
        write(self.nodes, Some(credentials));
        self.timer.start(REVEAL_SECONDS);
    }

    /// Renders the element for one field. It is empty while the secret is hidden.
    pub(crate) fn value(self, field: Field) -> impl IntoView {
        let [api_key, api_secret, passphrase] = self.nodes;
        let node = match field {
            Field::ApiKey => api_key,
            Field::ApiSecret => api_secret,
            Field::Passphrase => passphrase,
        };
        let timer = self.timer;
        view! { <code class="credentials-card__value" translate="no" node_ref=node hidden=move || !timer.is_revealed()></code> }
    }

    /// Renders the number of seconds until the secret is hidden.
    pub(crate) fn countdown(self) -> impl IntoView {
        let timer = self.timer;
        view! {
            <span class="credentials-card__countdown">
                {move || timer.is_revealed().then(|| words::countdown(timer.seconds_left()))}
            </span>
        }
    }
}

fn write(nodes: [NodeRef<html::Code>; 3], credentials: Option<&Credentials>) {
    for (node, field) in nodes.into_iter().zip([Field::ApiKey, Field::ApiSecret, Field::Passphrase]) {
        if let Some(node) = node.try_get_untracked().flatten() {
            let secret = credentials.and_then(|credentials| part(credentials, field));
            node.set_text_content(secret.map(SecretText::expose));
        }
    }
}

fn part(credentials: &Credentials, field: Field) -> Option<&SecretText> {
    match field {
        Field::ApiKey => Some(&credentials.api_key),
        Field::ApiSecret => Some(&credentials.api_secret),
        Field::Passphrase => credentials.passphrase.as_ref(),
    }
}

/// Shows the credentials of a key: hidden, revealed for half a minute, or copied.
#[component]
pub(crate) fn CredentialsCard(detail: KeyDetail) -> impl IntoView {
    let (engine, alarms, clipboard) =
        (Engine::from_context(), Alarms::from_context(), Clipboard::for_component());
    let revealed = RevealedCredentials::new();
    let timer = revealed.timer;
    let failure = RwSignal::new(None::<Failure>);
    let id = detail.row.id;

    // Fetches the credentials for both purposes: with `Some`, that field is copied to the
    // clipboard; with `None`, all fields are revealed.
    let fetch = move |copied_field: Option<Field>| {
        failure.set(None);
        spawn_local(async move {
            match (engine.reveal_credentials(Command::Reveal { id }).await, copied_field) {
                (Ok(credentials), None) => revealed.show(&credentials),
                (Ok(credentials), Some(field)) => {
                    clipboard
                        .copy(Item::Field(field), part(&credentials, field).cloned().unwrap_or_default())
                        .await;
                }
                (Err(problem), _) => alarms.report(problem, failure),
            }
        });
    };
    let toggle = move |_| if timer.is_revealed_untracked() { timer.hide() } else { fetch(None) };
    let line = move |field: Field, hidden: String, copy_name: &'static str| {
        view! {
            <div class="credentials-card__line">
                <dt>{form::field(field)}</dt>
                <dd>
                    <code hidden=move || timer.is_revealed()>{hidden}</code>
                    {revealed.value(field)}
                    <button type="button" class="button button--small" on:click=move |_| fetch(Some(field))>
                        <Icon glyph=Glyph::Copy/>
                        {copy_name}
                    </button>
                </dd>
            </div>
        }
    };
    let dots = || "•".repeat(16);
    view! {
        <section class="card credentials-card" aria-labelledby="credentials-heading">
            <header class="card__head">
                <h2 class="card__heading" id="credentials-heading">{words::CREDENTIALS}</h2>
                {revealed.countdown()}
                <button type="button" class="button button--small" on:click=toggle>
                    {move || if timer.is_revealed() {
                        view! { <Icon glyph=Glyph::Hide/> }
                    } else {
                        view! { <Icon glyph=Glyph::Reveal/> }
                    }}
                    {move || if timer.is_revealed() { words::HIDE } else { words::REVEAL }}
                </button>
            </header>
            <dl>
                {line(Field::ApiKey, detail.row.masked, words::COPY_KEY)}
                {line(Field::ApiSecret, dots(), words::COPY_SECRET)}
                {detail.has_passphrase.then(|| line(Field::Passphrase, dots(), words::COPY_PASSPHRASE))}
            </dl>
            <FailureNote failure=failure/>
            <p class="credentials-card__copied muted" role="status">{move || clipboard.copy_state().map(copy_status)}</p>
        </section>
    }
}
