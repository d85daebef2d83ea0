use leptos::prelude::*;

use crate::ui::mark::Mark;

/// A full-page placeholder. It looks like the splash screen in `index.html`.
#[component]
pub(crate) fn Loading(
    /// What the page waits for.
    text: &'static str,
) -> impl IntoView {
    view! {
        <main id="main" class="loading" tabindex="-1">
            <h1 class="unseen">{crate::ui::words::general::NAME}</h1>
            <Mark/>
            <p role="status">{text}</p>
        </main>
    }
}
