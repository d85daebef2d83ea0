use leptos::prelude::*;

use crate::ui::{copy_status::CopyElsewhere, mark::Mark, words::general};

/// The layout of pages outside a vault: the product's name above one column.
#[component]
pub(crate) fn PlainPage(
    /// Whether the page needs more width than a form.
    #[prop(optional)]
    wide: bool,
    children: Children,
) -> impl IntoView {
    view! {
        <div class="plain-page" class:plain-page--wide=wide>
            <header class="plain-page__head">
                <a class="plain-page__name" href="/"><Mark/>{general::NAME}</a>
            </header>
            <main id="main" class="plain-page__main" tabindex="-1">
                <CopyElsewhere/>
                {children()}
            </main>
        </div>
    }
}
