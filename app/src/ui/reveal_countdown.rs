use leptos::prelude::*;

use crate::ui::{reveal_timer::RevealTimer, words::general};

/// Shows the number of seconds until a secret is hidden, and a button that adds to them.
#[component]
pub(crate) fn RevealCountdown(timer: RevealTimer) -> impl IntoView {
    view! {
        <span class="reveal-countdown">
            {move || timer.is_revealed().then(|| general::countdown(timer.seconds_left()))}
        </span>
        <button
            type="button"
            class="button button--small"
            hidden=move || !timer.is_revealed()
            on:click=move |_| timer.extend()
        >
            {general::SHOW_LONGER}
        </button>
    }
}
