use leptos::prelude::*;

use crate::ui::icon::{Glyph, Icon};

/// The last section of a page: the button that asks whether to delete what the page shows.
#[component]
pub(crate) fn DeleteSection(
    /// What deleting means.
    hint: &'static str,
    label: &'static str,
    /// Set when the user wants to delete it.
    asking: RwSignal<bool>,
) -> impl IntoView {
    view! {
        <div class="detail__danger">
            <p class="muted">{hint}</p>
            <button type="button" class="button button--bad" on:click=move |_| asking.set(true)>
                <Icon glyph=Glyph::Delete/>
                {label}
            </button>
        </div>
    }
}
