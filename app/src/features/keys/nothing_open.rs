use leptos::prelude::*;

use crate::{features::keys::words::vault, ui::mark::Mark};

/// The placeholder beside the list while no key is selected. Only wide windows show it.
#[component]
pub(crate) fn NothingOpen() -> impl IntoView {
    view! {
        <div class="nothing-open">
            <Mark/>
            <p>{vault::NOTHING_OPEN}</p>
        </div>
    }
}
