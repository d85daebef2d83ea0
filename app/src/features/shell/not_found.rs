use leptos::prelude::*;

use crate::ui::{page_heading::PageHeading, plain_page::PlainPage, words::general};

/// The page for unknown addresses.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    view! {
        <PlainPage>
            <PageHeading title=general::NOT_FOUND>{general::NOT_FOUND}</PageHeading>
            <p>{general::NOT_FOUND_TEXT}</p>
            <p><a class="button" href="/">{general::TO_START}</a></p>
        </PlainPage>
    }
}
