use leptos::prelude::*;

use crate::session::Session;

/// Where screen readers hear what changed without a change of focus.
#[component]
pub(crate) fn Announcer() -> impl IntoView {
    let session = Session::from_context();
    view! { <p class="unseen" role="status" aria-live="polite">{move || session.announcement.get()}</p> }
}
