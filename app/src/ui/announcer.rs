use leptos::prelude::*;

use crate::state::navigation::Navigation;

/// A live region that tells screen readers about changes that do not move the focus.
#[component]
pub(crate) fn Announcer() -> impl IntoView {
    let navigation = Navigation::from_context();
    // Messages contain labels.
    view! { <p class="unseen" role="status" aria-live="polite" translate="no">{move || navigation.announcement.get()}</p> }
}
