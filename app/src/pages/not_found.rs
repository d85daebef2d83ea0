use leptos::prelude::*;

use crate::{
    components::{page_heading::PageHeading, plain_page::PlainPage},
    words::common,
};

/// The page for unknown addresses.
#[component]
pub(crate) fn NotFound() -> impl IntoView {
    view! {
        <PlainPage>
            <PageHeading title=common::NOT_FOUND>{common::NOT_FOUND}</PageHeading>
            <p>{common::NOT_FOUND_TEXT}</p>
            <p><a class="button" href="/">{common::TO_START}</a></p>
        </PlainPage>
    }
}
