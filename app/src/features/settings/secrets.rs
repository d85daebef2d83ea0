use leptos::{prelude::*, task::spawn_local};

use crate::{
    browser::clipboard::{self, ReadAccess},
    features::settings::{choice::Choice, words},
    state::preferences::{Preferences, SECRET_CHOICES},
};

/// How long secrets stay on screen and on the clipboard.
#[component]
pub(super) fn Secrets() -> impl IntoView {
    let preferences = Preferences::from_context();
    let times = SECRET_CHOICES.map(|seconds| (seconds.to_string(), words::seconds(seconds)));
    let reveal = Callback::new(move |word: String| {
        if let Ok(seconds) = word.parse() {
            preferences.set_reveal_seconds(seconds);
        }
    });
    let clipboard = Callback::new(move |word: String| {
        if let Ok(seconds) = word.parse() {
            preferences.set_clipboard_seconds(seconds);
        }
    });
    view! {
        <section class="card" aria-labelledby="secrets-heading">
            <h2 class="card__heading" id="secrets-heading">{words::SECRETS}</h2>
            <Choice
                id="reveal"
                label=words::REVEAL
                hint=words::REVEAL_HINT
                options=times.clone().into()
                chosen=preferences.reveal_seconds.get_untracked().to_string()
                choose=reveal
            />
            <Choice
                id="clipboard"
                label=words::CLIPBOARD
                hint=words::CLIPBOARD_HINT
                options=times.into()
                chosen=preferences.clipboard_seconds.get_untracked().to_string()
                choose=clipboard
            />
            <LookAtClipboard/>
        </section>
    }
}

/// Says whether the page may look at the clipboard, and asks for it when the user wants that.
#[component]
fn LookAtClipboard() -> impl IntoView {
    let access = RwSignal::new(None::<ReadAccess>);
    let load = move || async move {
        let found = clipboard::read_access().await;
        access.try_set(Some(found));
    };
    spawn_local(load());
    // Browsers ask when a page reads. What is read does not matter here, and is wiped.
    let ask = move |_| {
        let reading = clipboard::read();
        spawn_local(async move {
            drop(reading.await);
            load().await;
        });
    };
    let text = move || match access.get() {
        Some(ReadAccess::Denied) => words::READ_DENIED,
        Some(ReadAccess::Granted) => words::READ_GRANTED,
        Some(ReadAccess::Click) | None => "",
    };
    view! {
        <div class="copy-status">
            <p class="muted" role="status">{text}</p>
            {move || (access.get() == Some(ReadAccess::Denied)).then(|| view! {
                <button type="button" class="button button--small" on:click=ask>{words::ASK_READ}</button>
            })}
        </div>
    }
}
