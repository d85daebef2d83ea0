use leptos::prelude::*;

use super::mark::Mark;

/// Stands in while there is nothing to show yet; looks like the splash of `index.html`.
#[component]
pub(crate) fn Loading(
    /// What is awaited.
    text: &'static str,
) -> impl IntoView {
    view! {
        <main id="main" class="loading" tabindex="-1">
            <h1 class="unseen">{crate::words::common::NAME}</h1>
            <Mark/>
            <p role="status">{text}</p>
        </main>
    }
}
