use leptos::prelude::*;

use crate::{components::mark::Mark, words::vault};

/// The place of the detail while no key is chosen; only wide windows have it.
#[component]
pub(crate) fn NothingOpen() -> impl IntoView {
    view! {
        <div class="nothing-open">
            <Mark/>
            <p>{vault::NOTHING_OPEN}</p>
        </div>
    }
}
