use leptos::prelude::*;

use crate::state::session::Session;

/// A live region that tells screen readers about changes that do not move the focus.
#[component]
pub(crate) fn Announcer() -> impl IntoView {
    let session = Session::from_context();
    view! { <p class="unseen" role="status" aria-live="polite">{move || session.announcement.get()}</p> }
}
