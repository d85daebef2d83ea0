use std::time::Duration;

use crystallum_messages::{Credentials, Failure, Field, KeyDetail, SecretText};
use leptos::{ev, html, prelude::*, task::spawn_local};

use super::{
    failure_note::FailureNote,
    icon::{Glyph, Icon},
};
use crate::{
    clipboard::{Clipboard, Copied},
    engine::Engine,
    session::Session,
    time,
    words::{detail as words, form},
};

/// How long a secret stays on screen, in milliseconds.
const SHOWN: f64 = 30_000.0;

/// The secret on screen: written into its elements and removed from them, never held by a signal.
#[derive(Clone, Copy)]
struct Reveal {
    nodes: [NodeRef<html::Code>; 3],
    until: RwSignal<Option<f64>>,
    left: RwSignal<u32>,
}

impl Reveal {
    fn show(self, credentials: &Credentials) {
        for (node, field) in self.nodes.into_iter().zip([Field::ApiKey, Field::ApiSecret, Field::Passphrase])
        {
            if let (Some(node), Some(secret)) = (node.try_get_untracked().flatten(), part(credentials, field))
            {
                node.set_text_content(Some(secret.expose()));
            }
        }
        self.until.set(Some(time::now() + SHOWN));
        self.count();
    }

    fn hide(self) {
        for node in self.nodes {
            if let Some(node) = node.try_get_untracked().flatten() {
                node.set_text_content(None);
            }
        }
        self.until.set(None);
    }

    /// Brings the countdown up to date, by the clock and not by the number of ticks.
    fn count(self) {
        let Some(until) = self.until.try_get_untracked().flatten() else { return };
        let left = ((until - time::now()) / 1_000.0).ceil();
        if left < 1.0 {
            self.hide();
        } else {
            self.left.set(seconds(left));
        }
    }
}

/// A small whole number as such.
fn seconds(left: f64) -> u32 {
    (0..60).find(|&whole| f64::from(whole) >= left).unwrap_or(60)
}

fn part(credentials: &Credentials, field: Field) -> Option<&SecretText> {
    match field {
        Field::ApiKey => Some(&credentials.api_key),
        Field::ApiSecret => Some(&credentials.api_secret),
        Field::Passphrase => credentials.passphrase.as_ref(),
    }
}

/// Key and secret of a record: hidden, revealed for half a minute, or copied.
#[component]
pub(crate) fn CredentialsCard(detail: KeyDetail) -> impl IntoView {
    let (engine, session, clipboard) = (Engine::here(), Session::here(), Clipboard::here());
    let reveal = Reveal {
        nodes: [NodeRef::new(); 3].map(|_: NodeRef<html::Code>| NodeRef::new()),
        until: RwSignal::new(None),
        left: RwSignal::new(0),
    };
    let failure = RwSignal::new(None::<Failure>);
    let id = detail.row.id;

    let failed = move |problem: Failure| {
        if !session.handled(&problem) {
            failure.set(Some(problem));
        }
    };
    let toggle = move |_| {
        if reveal.until.get_untracked().is_some() {
            reveal.hide();
            return;
        }
        failure.set(None);
        spawn_local(async move {
            match engine.reveal(id).await {
                Ok(credentials) => reveal.show(&credentials),
                Err(problem) => failed(problem),
            }
        });
    };
    let copy = move |field: Field| {
        failure.set(None);
        spawn_local(async move {
            match engine.reveal(id).await {
                Ok(credentials) => {
                    clipboard.copy(field, part(&credentials, field).cloned().unwrap_or_default()).await
                }
                Err(problem) => failed(problem),
            }
        });
    };
    if let Ok(ticking) = set_interval_with_handle(move || reveal.count(), Duration::from_millis(250)) {
        on_cleanup(move || ticking.clear());
    }
    let hiding = window_event_listener(ev::visibilitychange, move |_| {
        if document().hidden() {
            reveal.hide();
        }
    });
    on_cleanup(move || {
        hiding.remove();
        reveal.hide();
    });

    let is_shown = Memo::new(move |_| reveal.until.with(Option::is_some));
    let line = move |field: Field, node: NodeRef<html::Code>, hidden: String, copy_name: &'static str| {
        view! {
            <div class="credentials-card__line">
                <dt>{form::field(field)}</dt>
                <dd>
                    <code hidden=move || is_shown.get()>{hidden}</code>
                    <code class="credentials-card__value" translate="no" node_ref=node hidden=move || !is_shown.get()></code>
                    <button type="button" class="button button--small" on:click=move |_| copy(field)>
                        <Icon glyph=Glyph::Copy/>
                        {copy_name}
                    </button>
                </dd>
            </div>
        }
    };
    let dots = || "•".repeat(16);
    let [key_node, secret_node, passphrase_node] = reveal.nodes;
    view! {
        <section class="card credentials-card" aria-labelledby="credentials-heading">
            <header class="card__head">
                <h2 class="card__heading" id="credentials-heading">{words::CREDENTIALS}</h2>
                <span class="credentials-card__countdown">
                    {move || is_shown.get().then(|| words::countdown(reveal.left.get()))}
                </span>
                <button type="button" class="button button--small" on:click=toggle>
                    {move || if is_shown.get() {
                        view! { <Icon glyph=Glyph::Hide/> }
                    } else {
                        view! { <Icon glyph=Glyph::Reveal/> }
                    }}
                    {move || if is_shown.get() { words::HIDE } else { words::REVEAL }}
                </button>
            </header>
            <dl>
                {line(Field::ApiKey, key_node, detail.row.masked, words::COPY_KEY)}
                {line(Field::ApiSecret, secret_node, dots(), words::COPY_SECRET)}
                {detail.has_passphrase.then(|| line(Field::Passphrase, passphrase_node, dots(), words::COPY_PASSPHRASE))}
            </dl>
            <FailureNote failure=failure/>
            <p class="credentials-card__copied muted" role="status">{move || clipboard.state.get().map(copied)}</p>
        </section>
    }
}

fn copied(state: Copied) -> String {
    match state {
        Copied::Cleared => words::CLIPBOARD_CLEARED.into(),
        Copied::Failed => words::CLIPBOARD_FAILED.into(),
        Copied::Left => words::CLIPBOARD_LEFT.into(),
        Copied::There(field, until) => words::copied(field, &time::clock(until)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn seconds_are_whole_and_bounded() {
        assert_eq!(seconds(30.0), 30);
        assert_eq!(seconds(0.0), 0);
        assert_eq!(seconds(1e9), 60);
    }
}
