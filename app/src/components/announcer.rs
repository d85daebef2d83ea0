use leptos::prelude::*;

use crate::session::Session;

/// Where screen readers hear what changed without a change of focus.
#[component]
pub(crate) fn Announcer() -> impl IntoView {
    let session = Session::here();
    view! { <p class="unseen" role="status" aria-live="polite">{move || session.spoken.get()}</p> }
}
